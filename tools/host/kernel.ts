/** Makes a process of tslab the notebooks' kernel: registers Node's host, and makes up for what tslab does not do. */
import './register.ts'
import { bindInTurn, ignorePackages, keepQueueOnError } from './tslab.ts'

bindInTurn()
keepQueueOnError()
ignorePackages()
