/**
 * Brings the checkout into working order: npm packages, Jupyter, TensorFlow's native part, the compiled library. What
 * is in order already is left alone.
 */
import { realpathSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import './supported-node.cjs'
import { findPython } from './setup/find-python.mjs'
import { jupyter } from './setup/jupyter.mjs'
import { kernels, library } from './setup/library.mjs'
import { takeLock } from './setup/lock.mjs'
import { npmPackages } from './setup/npm-packages.mjs'
import { DiskFull } from './setup/run.mjs'
import { bringUpToDate, isUpToDate, seconds } from './setup/step.mjs'
import { tensorflow } from './setup/tensorflow.mjs'
import { tslabKernel } from './setup/tslab-kernel.mjs'

// Jupyter comes before TensorFlow, which may need its pip.
export const steps = [npmPackages, jupyter, tslabKernel, tensorflow, kernels, library]

/** Throws an error that says what to do when a step fails. */
export async function setup() {
  const begun = performance.now()
  const release = await takeLock()
  let ran = 0
  try {
    if (!isUpToDate(jupyter)) findPython() // better said at once than after minutes
    for (const step of steps) if (await bringUpToDate(step)) ran++
  } finally {
    release()
  }
  console.log(`set-up: ${ran === 0 ? 'up to date' : 'done'} (${seconds(begun)})`)
}

const refusals = {
  EACCES: 'is closed to you: make the checkout your own, or clone another',
  EROFS: 'is on a disk that can only be read: move the checkout to another',
  EISDIR: 'is a folder where a file belongs: delete it'
}

/** Set-up for a command: its failure is told without a stack, and ends the command. */
export async function setupOrExit() {
  try {
    await setup()
  } catch (error) {
    console.error(`set-up: ${inWords(error)}`)
    process.exit(1)
  }
}

function inWords(error) {
  if (error.code === 'ENOSPC') return new DiskFull().message
  return error.code in refusals ? `${error.dest ?? error.path} ${refusals[error.code]}` : error.message
}

if (import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) await setupOrExit()
