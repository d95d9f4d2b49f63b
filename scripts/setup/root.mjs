import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout that this script is in. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
/** A path inside the checkout. */
export const inRoot = (...parts) => join(root, ...parts)
/** What set-up remembers: stamps, logs, the lock, TensorFlow's C library. */
export const memory = (...parts) => inRoot('.setup', ...parts)
