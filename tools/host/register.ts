/** Gives the library the files of Node, the cells of a notebook, and pictures. Others import it as radgrad-tools/host. */
import { setHost } from 'radgrad/dist/internal.js'
import { nodeHost } from './node.ts'

setHost(nodeHost)
