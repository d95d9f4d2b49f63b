// @ts-check
import { accessSync, constants, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from './errors.mjs'
import { memory, root } from './root.mjs'
import { writeWhole } from './step.mjs'

const lock = memory('lock')

/** Waits until no other set-up works on this checkout. Returns a function that ends ours. */
export async function takeLock() {
  for (let told = false; !claim(); await sleep(300)) {
    const owners = ownersOf()
    const alive = owners.find(lives)
    if (alive === undefined) rmSync(lock, { force: true })
    else if (!told) {
      console.log(`set-up: waiting for another set-up (process ${alive}); if there is none, delete ${lock}`)
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
export const lockFor = (command) => writeWhole(lock, `${process.pid} ${command}`)

const release = () => rmSync(lock, { force: true })

/** A link appears with its content at once, where a file would be there before its text is. */
function claim() {
  accessSync(root, constants.W_OK) // of a disk that can only be read mkdir says that something is not there
  mkdirSync(memory(), { recursive: true })
  const mine = `${lock}.${process.pid}`
  writeFileSync(mine, String(process.pid))
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

function ownersOf() {
  try {
    // no process is 0: to signal it is to signal ourselves
    return readFileSync(lock, 'utf8')
      .split(' ')
      .map(Number)
      .filter((pid) => pid > 0)
  } catch {
    return []
  }
}

/** @param {number} pid */
function lives(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}
