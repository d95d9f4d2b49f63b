// @ts-check
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout that this script is in, be it as written or compiled into tools/dist. */
export const root = rootAbove(dirname(fileURLToPath(import.meta.url)))

/**
 * A path inside the checkout.
 *
 * @param {string[]} parts
 */
export const inRoot = (...parts) => join(root, ...parts)

/**
 * A path among what set-up remembers: stamps, logs, the lock, TensorFlow's C library.
 *
 * @param {string[]} parts
 */
export const memory = (...parts) => inRoot('.setup', ...parts)

/**
 * @param {string} folder
 * @returns {string}
 */
function rootAbove(folder) {
  if (existsSync(join(folder, 'package-lock.json'))) return folder
  if (dirname(folder) === folder)
    throw new Error(`${import.meta.url} is in no checkout: none above it has a package-lock.json`)
  return rootAbove(dirname(folder))
}
