/** Set-up with the oldest versions, killed at every step. The npm packages are whole again by copies, not by another installation. */
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { childrenOf } from '../cli/radgrad'
import { adopt, newFolder, removeFolders, run, start, type Variables } from './checkout'
import { install, locks, minutes, works } from './machine'

afterAll(removeFolders, 10 * minutes)

describe.skipIf(!process.env.RADGRAD_CI)('set-up with the oldest versions', () => {
  const oldest = { node: '20.19.0', npm: '10', python: '3.10' }
  const machine = install(oldest)

  // packages of which one is lost, to be installed again, and the library that CI's own set-up has fetched
  beforeAll(() => {
    const { folder } = machine()
    adopt(folder, 'node_modules', '.setup/libtensorflow')
    rmSync(join(folder, 'node_modules/mathjs'), { recursive: true })
  }, 10 * minutes)

  /** Kills set-up where it is midway in the step that tells this as it begins. */
  async function kill(told: string, reached: (folder: string) => boolean, more: Variables = {}): Promise<void> {
    const { folder, variables } = machine()
    const killed = start(folder, { ...variables, ...more }, 'node', 'tools/setup/setup.mjs')
    let output = ''
    killed.stdout.on('data', (text) => {
      output += text
    })
    const ended = once(killed, 'close')
    while (!(output.includes(told) && reached(folder)) && killed.exitCode === null) await sleep(20)
    expect(output).toContain(told)
    await sleep(100)
    expect(killed.exitCode, output).toBe(null)
    // set-up alone, or what it started too
    const started = told === 'tfjs-node' ? [] : childrenOf(killed.pid)
    killed.kill('SIGKILL')
    for (const pid of started) killGroup(pid)
    await ended
  }

  test(
    'a set-up that is killed while it installs the packages again, for one of them is lost, has that step to do',
    async () => {
      const { folder, variables } = machine()
      // which never answers, so that npm has begun, and is never done
      const silent = createServer(() => {}).listen(0, '127.0.0.1')
      await once(silent, 'listening')
      const { port } = silent.address() as AddressInfo
      const elsewhere = { npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_cache: newFolder() }
      await kill('npm packages', (folder) => !existsSync(join(folder, 'node_modules/.package-lock.json')), elsewhere)
      silent.close()
      const doctor = await run(folder, variables, 'node', 'tools/setup/doctor.mjs')
      expect(doctor.stdout).toMatch(/✗ set-up: to be done, or done again: npm-packages, /)
      for (const place of ['node_modules', 'tools/node_modules'])
        rmSync(join(folder, place), { recursive: true, force: true })
      adopt(folder, 'node_modules')
    },
    5 * minutes
  )

  /** Says of each other step, by what is told as it begins, when it is midway. */
  const midway: [told: string, reached: (folder: string) => boolean][] = [
    ['JupyterLab', (folder) => said(folder, 'jupyter').includes('Collecting')],
    ['tfjs-node', (folder) => said(folder, 'tensorflow-build').includes('make')],
    ['kernels in', () => true],
    ['lib/ ', () => true],
    ['tools/ ', () => true]
  ]

  test(
    'set-up goes on at the step where it was killed, from the installation of JupyterLab to the last compilation',
    async () => {
      for (const [told, reached] of midway) await kill(told, reached)
    },
    20 * minutes
  )

  works(oldest, machine)
  locks(oldest, machine)
})

/** Kills a process and those that it started, if they have not ended by themselves. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function said(folder: string, log: string): string {
  const path = join(folder, '.setup', `${log}.log`)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
