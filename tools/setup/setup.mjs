// @ts-check
/**
 * Brings the checkout into working order: npm packages, Jupyter, TensorFlow's native part, the library and the tools, compiled.
 * Leaves alone what is in order already.
 */
import { realpathSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import './supported-node.cjs'
import { kernels, library, tools } from './builds.mjs'
import { codeOf, messageOf } from './errors.mjs'
import { findPython } from './find-python.mjs'
import { jupyter } from './jupyter.mjs'
import { takeLock } from './lock.mjs'
import { npmPackages } from './npm-packages.mjs'
import { DiskFull } from './run.mjs'
import { bringUpToDate, isUpToDate, seconds } from './step.mjs'
import { tensorflow } from './tensorflow.mjs'
import { tslabKernel } from './tslab-kernel.mjs'

// Jupyter comes before TensorFlow, which may need its pip.
/** @type {import('./step.mjs').Step[]} */
export const steps = [npmPackages, jupyter, tslabKernel, tensorflow, kernels, library, tools]

/** @throws Error that says what to do when a step fails */
export async function setup() {
  const begun = performance.now()
  const release = await takeLock()
  let ran = 0
  try {
    if (!isUpToDate(jupyter)) findPython() // better said at once than after minutes
    for (const step of steps) {
      const time = new Date()
      if (await bringUpToDate(step)) ran++
      else step.confirm?.(time)
    }
  } finally {
    release()
  }
  console.log(`set-up: ${ran === 0 ? 'up to date' : 'done'} (${seconds(begun)})`)
}

/** @type {Record<string, string>} */
const refusals = {
  EACCES: 'is closed to you: make the checkout your own, or clone another',
  EROFS: 'is on a disk that can only be read: move the checkout to another',
  EISDIR: 'is a folder where a file belongs: delete it'
}

/** Sets up for a command: a failure is told without a stack, and ends the command. */
export async function setupOrExit() {
  try {
    await setup()
  } catch (error) {
    console.error(`set-up: ${inWords(error)}`)
    process.exit(1)
  }
}

/** @param {unknown} error */
function inWords(error) {
  const code = codeOf(error)
  if (code === 'ENOSPC') return new DiskFull().message
  if (!(code in refusals)) return messageOf(error)
  const { dest, path } = /** @type {NodeJS.ErrnoException & { dest?: string }} */ (error)
  return `${dest ?? path} ${refusals[code]}`
}

if (import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) await setupOrExit()
