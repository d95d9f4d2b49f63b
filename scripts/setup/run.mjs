import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { lockFor } from './lock.mjs'
import { memory, root } from './root.mjs'

const shownLines = 30 // of its beginning and of its end: npm begins with the reason, compilers end with it
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a command, its output into `.setup/<log>.log`; throws with the end of that output when it fails.
 * `stalled`, asked every second, may give a reason to stop it.
 */
export async function run(log, command, args, { cwd = root, env = {}, stalled = () => undefined } = {}) {
  mkdirSync(memory(), { recursive: true })
  const path = memory(`${log}.log`)
  const output = createWriteStream(path)
  // In a process group of its own, so that what the command started ends with it.
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true
  })
  const stop = (signal) => {
    process.kill(-child.pid, signal)
    process.exit(128 + constants.signals[signal])
  }
  for (const signal of signals) process.on(signal, stop)
  if (child.pid) lockFor(child.pid)
  child.stdout.pipe(output, { end: false })
  child.stderr.pipe(output, { end: false })
  let reason
  const watch = setInterval(() => {
    if (reason) return
    reason = stalled()
    if (reason) process.kill(-child.pid, 'SIGKILL')
  }, 1000)
  const outcome = await new Promise((done) => {
    child.on('error', (error) => done(error.message))
    child.on('close', (code, signal) => done(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`))
  })
  clearInterval(watch)
  for (const signal of signals) process.off(signal, stop)
  await new Promise((closed) => output.end(closed))
  if (outcome !== undefined) {
    const told = `    $ ${[command, ...args].join(' ')}\n${excerpt(path)}    (all of it: ${path})`
    throw new Error(`${reason ?? outcome}\n${told}`)
  }
}

function excerpt(path) {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  const shown =
    lines.length <= 2 * shownLines ? lines : [...lines.slice(0, shownLines), '…', ...lines.slice(-shownLines)]
  return shown.map((line) => `    ${line}\n`).join('')
}
