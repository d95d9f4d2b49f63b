// @ts-check
/**
 * A step of set-up. It is up to date while the fingerprints of its inputs (taken before it ran) and of its outputs (taken after)
 * are those in its stamp. The stamp is written last and in one move, so a step that was killed midway runs again.
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {string} doing told while it runs
 * @property {() => unknown[]} inputs
 * @property {() => unknown[]} outputs
 * @property {(remark: (words: string) => void) => void | Promise<void>} run
 * @property {(time: Date) => void} [confirm] hears that at this time it was up to date
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf } from './errors.mjs'
import { memory } from './root.mjs'

/** @param {Step} step */
const stampOf = (step) => memory(`${step.name}.stamp`)

/** @param {Step} step */
export const isUpToDate = (step) => contents(stampOf(step)) === fingerprint(step.inputs()) + fingerprint(step.outputs())

/**
 * Runs the step unless it is up to date.
 *
 * @param {Step} step
 * @returns true if it ran
 */
export async function bringUpToDate(step) {
  if (isUpToDate(step)) return false
  const inputs = fingerprint(step.inputs())
  const begun = performance.now()
  process.stdout.write(`set-up: ${step.doing} … `)
  try {
    await step.run((remark) => process.stdout.write(`\n  ${remark} … `))
  } catch (error) {
    process.stdout.write('failed\n')
    throw error
  }
  process.stdout.write(`${seconds(begun)}\n`)
  writeWhole(stampOf(step), inputs + fingerprint(step.outputs()))
  return true
}

/**
 * Returns the file's text, or a word for its absence that no file holds.
 *
 * @param {string} path
 */
export function contents(path) {
  return unlessAbsent(path, () => readFileSync(path, 'utf8'))
}

/**
 * Returns size and time of a file that is too large to read at every start.
 *
 * @param {string} path
 */
export function identity(path) {
  return unlessAbsent(path, () => {
    const { size, mtimeMs } = statSync(path)
    return `${size} ${mtimeMs}`
  })
}

/**
 * Returns paths and contents of the files under a folder, without the files and folders that `keep` refuses.
 *
 * @param {string} folder
 * @param {(entry: import('node:fs').Dirent) => boolean} keep
 * @returns {string[]}
 */
export function tree(folder, keep, read = contents) {
  const entries = unlessAbsent(folder, () => readdirSync(folder, { withFileTypes: true }))
  if (typeof entries === 'string') return [entries]
  return entries
    .filter((entry) => keep(entry))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? tree(path, keep, read) : [path, read(path)]
    })
}

/**
 * Writes a file in one move, so that no reader sees half of it and no killed writer leaves half.
 *
 * @param {string} path
 * @param {string} text
 */
export function writeWhole(path, text) {
  mkdirSync(join(path, '..'), { recursive: true })
  const part = `${path}.${process.pid}.part`
  writeFileSync(part, text)
  renameSync(part, path)
}

/** @param {number} begun */
export const seconds = (begun) => `${((performance.now() - begun) / 1000).toFixed(1)} s`

/** @param {unknown[]} parts */
const fingerprint = (parts) => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/**
 * @template T
 * @param {string} path
 * @param {() => T} read
 */
function unlessAbsent(path, read) {
  try {
    return read()
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error))) return `\0absent: ${path}`
    throw error
  }
}
