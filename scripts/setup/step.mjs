/**
 * A step is { name, doing, inputs, outputs, run }. It is up to date while the fingerprints of its inputs (taken before
 * it ran) and of its outputs (taken after) are those in its stamp. The stamp is written last and in one move, so a step
 * that was killed midway runs again.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { memory } from './root.mjs'

const stampOf = (step) => memory(`${step.name}.stamp`)

export const isUpToDate = (step) => contents(stampOf(step)) === fingerprint(step.inputs()) + fingerprint(step.outputs())

/** Runs the step unless it is up to date; says whether it ran. */
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

/** The file's text, or a word for its absence that no file holds. */
export function contents(path) {
  return unlessAbsent(path, () => readFileSync(path, 'utf8'))
}

/** Size and time of a file too large to read at every start. */
export function identity(path) {
  return unlessAbsent(path, () => {
    const { size, mtimeMs } = statSync(path)
    return `${size} ${mtimeMs}`
  })
}

/** Paths and contents of the files under a folder; files and folders that `keep` refuses are left out. */
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

/** Writes a file in one move, so that no reader and no killed writer leaves half of it. */
export function writeWhole(path, text) {
  mkdirSync(join(path, '..'), { recursive: true })
  const part = `${path}.${process.pid}.part`
  writeFileSync(part, text)
  renameSync(part, path)
}

export const seconds = (begun) => `${((performance.now() - begun) / 1000).toFixed(1)} s`

const fingerprint = (parts) => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

function unlessAbsent(path, read) {
  try {
    return read()
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(error.code)) return `\0absent: ${path}`
    throw error
  }
}
