// @ts-check
import { spawnSync } from 'node:child_process'
import { accessSync, constants, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from './errors.mjs'
import { memory, root } from './root.mjs'
import { contents, writeWhole } from './step.mjs'

// A line for each owner: the number of its process and when that began.
const lock = memory('lock')

/** Waits until no other set-up works on this checkout. Returns a function that ends ours. */
export async function takeLock() {
  for (let told = false; !claim(); await sleep(300)) {
    const living = ownersOf().filter(({ pid }) => lives(pid))
    const owner = living.find(({ pid, began }) => ['', began].includes(beginOf(pid)))
    if (owner === undefined) {
      for (const { pid } of living)
        console.log(`set-up: process ${pid} is not the one that left ${lock}: taking it over`)
      rmSync(lock, { force: true })
    } else if (!told) {
      console.log(`set-up: waiting for another set-up (process ${owner.pid}); if there is none, delete ${lock}`)
      told = true
    }
  }
  process.on('exit', release)
  return () => {
    process.off('exit', release)
    release()
  }
}

/**
 * Names a command in the lock, which so outlives a set-up that was killed while that command goes on.
 *
 * @param {number} command
 */
export const lockFor = (command) => writeWhole(lock, [process.pid, command].map(lineOf).join(''))

const release = () => rmSync(lock, { force: true })

/** A link appears with its content at once, where a file would be there before its text is. */
function claim() {
  accessSync(root, constants.W_OK) // of a disk that can only be read mkdir says that something is not there
  mkdirSync(memory(), { recursive: true })
  const mine = `${lock}.${process.pid}`
  writeFileSync(mine, lineOf(process.pid))
  try {
    linkSync(mine, lock)
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    return false
  } finally {
    rmSync(mine)
  }
}

/** @param {number} pid */
const lineOf = (pid) => `${pid} ${beginOf(pid)}\n`

const ownersOf = () =>
  [...contents(lock).matchAll(/^(\d+) ?(.*)$/gm)].map(([, pid, began]) => ({ pid: Number(pid), began }))

/**
 * Tests whether a process runs, whoever's it is.
 *
 * @param {number} pid
 */
export function lives(pid) {
  if (pid === 0 || /^Z/.test(statOf(pid))) return false // to signal 0 is to signal ourselves; a zombie has ended
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/**
 * Returns when a process began, which tells it from a later one of the same number. Empty where that cannot be known.
 *
 * @param {number} pid
 */
function beginOf(pid) {
  const options = { encoding: /** @type {const} */ ('utf8'), env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } }
  return (
    statOf(pid).split(' ')[19] ?? (spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], options).stdout ?? '').trim()
  )
}

/**
 * Returns the fields of Linux's /proc/<pid>/stat from the third on, its state. Those before it hold a name, which may hold spaces.
 *
 * @param {number} pid
 */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2)
  } catch {
    return ''
  }
}
