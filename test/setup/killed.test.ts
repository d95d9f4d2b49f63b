/** Set-up from nothing with the oldest versions, killed at every step. */
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { childrenOf } from '../cli/radgrad'
import { adopt, removeFolders, start } from './checkout'
import { install, minutes, works } from './machine'

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

  /** Says of each step, by what is told as it begins, when it is midway. */
  const midway: [told: string, reached: (folder: string) => boolean][] = [
    ['npm packages', (folder) => !existsSync(join(folder, 'node_modules/.package-lock.json'))],
    ['JupyterLab', (folder) => said(folder, 'jupyter').includes('Collecting')],
    ['tfjs-node', (folder) => said(folder, 'tensorflow-build').includes('make')],
    ['kernels in', () => true],
    ['lib/ ', () => true],
    ['tools/ ', () => true]
  ]

  test(
    'set-up goes on at the step where it was killed, be it the installation of a lost package or the last compilation',
    async () => {
      const { folder, variables } = machine()
      for (const [told, reached] of midway) {
        const killed = start(folder, variables, 'node', 'tools/setup/setup.mjs')
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
        for (const pid of started) process.kill(-pid, 'SIGKILL')
        await ended
      }
    },
    20 * minutes
  )

  works(oldest, machine)
})

function said(folder: string, log: string): string {
  const path = join(folder, '.setup', `${log}.log`)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
