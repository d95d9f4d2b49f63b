// @ts-check
import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { lockFor } from './lock.mjs'
import { ownEnvironment } from './python.mjs'
import { memory, root } from './root.mjs'

const shownLines = 30 // of its beginning and of its end: npm begins with the reason, compilers end with it
const patience = 90 // seconds
/** @type {NodeJS.Signals[]} */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a command, its output into `.setup/<log>.log`.
 *
 * @param {string} log
 * @param {string} command
 * @param {string[]} args
 * @param {object} options
 * @param {string} [options.cwd]
 * @param {Record<string, string | undefined>} [options.env] beside this process's own
 * @param {(output: number) => unknown} [options.arrived] gets the size of the output; the command is given up when this has long
 *   returned the same
 * @param {string} [options.advice] for a failure
 * @throws Error with the advice and the ends of the output; DiskFull
 */
export async function run(log, command, args, { cwd = root, env = {}, arrived, advice } = {}) {
  mkdirSync(memory(), { recursive: true })
  const path = memory(`${log}.log`)
  const output = createWriteStream(path)
  /** @type {NodeJS.ErrnoException | undefined} */
  let unwritten
  // In a process group of its own, so that what the command started ends with it.
  const child = spawn(command, args, {
    cwd,
    env: { ...ownEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true
  })
  /** @param {NodeJS.Signals} signal */
  const end = (signal) => {
    if (child.pid) process.kill(-child.pid, signal)
  }
  /** @param {NodeJS.Signals} signal */
  const stop = (signal) => {
    end(signal)
    process.exit(128 + constants.signals[signal])
  }
  for (const signal of signals) process.on(signal, stop)
  if (child.pid) lockFor(child.pid)
  child.stdout.pipe(output, { end: false })
  child.stderr.pipe(output, { end: false })
  output.on('error', (error) => {
    unwritten = error
    for (const stream of [child.stdout, child.stderr]) stream.resume() // nobody reads them any more
  })
  /** @type {string | undefined} */
  let reason
  /** @type {[unknown, number]} */
  let [last, since] = [undefined, Date.now()]
  const watch = setInterval(() => {
    const now = arrived?.(output.bytesWritten)
    if (now !== last) [last, since] = [now, Date.now()]
    if (!arrived || reason || Date.now() - since < patience * 1000) return
    reason = `nothing new in ${patience} s`
    end('SIGKILL')
  }, 1000)
  /** @type {string | undefined} */
  const outcome = await new Promise((done) => {
    child.on('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      done(error.code === 'ENOENT' ? `there is no ${command}` : error.message)
    )
    child.on('close', (code, signal) => done(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`))
  })
  clearInterval(watch)
  for (const signal of signals) process.off(signal, stop)
  await new Promise((closed) => output.end(() => closed(undefined)))
  if (outcome !== undefined) {
    if (unwritten) throw unwritten.code === 'ENOSPC' ? new DiskFull() : unwritten
    if (/ENOSPC|No space left on device/i.test(readFileSync(path, 'utf8'))) throw new DiskFull()
    const told = `    $ ${[command, ...args].join(' ')}\n${excerpt(path)}    (all of it: ${path})`
    throw new Error([advice, reason ?? outcome, told].filter(Boolean).join('\n'))
  }
}

/** Another way to do the same would fail too. */
export class DiskFull extends Error {
  constructor() {
    super(`the disk that holds ${root} is full: free two gigabytes there, then run this again; it goes on where it was`)
  }
}

/** @param {string} path */
function excerpt(path) {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  const shown =
    lines.length <= 2 * shownLines ? lines : [...lines.slice(0, shownLines), '…', ...lines.slice(-shownLines)]
  return shown.map((line) => `    ${line}\n`).join('')
}
