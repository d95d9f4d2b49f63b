/** Makes a process of tslab the notebooks' kernel: registers Node's host, and makes up for what tslab does not do. */
import './register.ts'
import { ignorePackages, keepQueueOnError } from './tslab.ts'

keepQueueOnError()
ignorePackages()
