/** Set-up of every test file: the library has Node's host. */
import { setHost } from '../lib/notebook/host'
import { nodeHost } from '../tools/host/node.ts'

setHost(nodeHost)
