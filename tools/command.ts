import { inRoot } from './setup/root.mjs'

/** The command radgrad, for Node to start in a process of its own. */
export const command = inRoot('tools/bin/radgrad.js')
