#!/usr/bin/env node
// @ts-check
/** Starts the compiled command, unless it is missing or older than its sources. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const apart = ['dist', 'node_modules', '.venv']

/**
 * Returns the time of a folder's youngest source.
 *
 * @param {string} folder
 * @returns {number}
 */
const youngest = (folder) =>
  readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return apart.includes(entry.name) ? latest : Math.max(latest, youngest(path))
    return entry.name.endsWith('.ts') ? Math.max(latest, statSync(path).mtimeMs) : latest
  }, 0)

const stale = ['lib', 'tools'].find((name) => {
  const build = join(root, name, 'dist/.tsbuildinfo')
  return !existsSync(build) || statSync(build).mtimeMs < youngest(join(root, name))
})
if (stale) {
  console.error(`radgrad: ${stale}/ is not compiled, or was changed since: run node tools/setup/setup.mjs`)
  process.exitCode = 1
} else await import('../dist/cli/main.js')
