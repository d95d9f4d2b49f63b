/** Executions that fail or are interrupted, in the real kernel. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { executeNotebook } from '../../tools/notebooks/execute.ts'
import { inRoot } from '../../tools/setup/root.mjs'
import { codeCells, printed, writeNotebook } from './notebook'

const patient = 120_000
let folder: string
let notebook: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radgrad-execute-'))
  notebook = join(folder, 'temporary.ipynb')
})

const out = () => join(folder, 'out')

/** A cell that writes the kernel's process id to a file beside the notebook. */
const tellNumber = `require('fs').writeFileSync('kernel', String(process.pid))`
async function kernel(): Promise<number> {
  const file = join(folder, 'kernel')
  while (!existsSync(file) || (await readFile(file, 'utf8')) === '') await sleep(50)
  return Number(await readFile(file, 'utf8'))
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function expectToEnd(pid: number): Promise<void> {
  const begun = performance.now()
  while (lives(pid)) {
    expect(performance.now() - begun, 'the kernel still runs').toBeLessThan(20_000)
    await sleep(100)
  }
}

test(
  'a failing cell rejects with its error, and the notebook is written as far as it came',
  async () => {
    // what is printed past the kernel must not be taken for what tells of cells
    const past = `require('child_process').execSync('echo past the kernel', { stdio: 'inherit' })`
    await writeNotebook(notebook, [
      `console.log('before')\n${past}`,
      `throw new Error('this fails')`,
      `console.log('after')`
    ])
    await expect(executeNotebook(notebook, out())).rejects.toThrow(/Error: this fails/)
    const cells = await codeCells(join(out(), 'temporary.ipynb'))
    expect(cells.map(({ execution_count }) => execution_count)).toEqual([1, 2, null])
    const [before, failed, after] = printed(cells)
    expect(before).toBe('before\n')
    expect(failed).toContain('Error: this fails')
    expect(after).toBe('')
    expect(await readdir(out())).toEqual(['temporary.ipynb'])
  },
  patient
)

test(
  'a kernel that dies rejects with a sentence that says so',
  async () => {
    await writeNotebook(notebook, ['process.exit(1)'])
    await expect(executeNotebook(notebook, out())).rejects.toThrow(/the kernel died/)
  },
  patient
)

test.each(['while (true) {}', 'await new Promise(() => setTimeout(() => {}, 1e9))'])(
  'an execution that is aborted in %s ends within seconds, and so does its kernel',
  async (endless) => {
    await writeNotebook(notebook, [tellNumber, endless])
    const abort = new AbortController()
    const execution = executeNotebook(notebook, out(), { signal: abort.signal })
    execution.catch(() => {})
    const pid = await kernel()
    await sleep(1000)
    expect(lives(pid)).toBe(true)
    const aborted = performance.now()
    abort.abort(new Error('enough'))
    await expect(execution).rejects.toThrow('enough')
    expect(performance.now() - aborted).toBeLessThan(20_000)
    expect(lives(pid)).toBe(false)
    expect(await readdir(out())).toEqual([])
  },
  patient
)

test(
  'the kernel ends when the process that started it is killed',
  async () => {
    await writeNotebook(notebook, [tellNumber, 'while (true) {}'])
    const program = `
    import { executeNotebook } from './tools/dist/notebooks/execute.js'
    await executeNotebook(${JSON.stringify(notebook)}, ${JSON.stringify(out())})
  `
    const starter = spawn(process.execPath, ['--input-type=module', '-e', program], { cwd: inRoot(), stdio: 'ignore' })
    const pid = await kernel()
    starter.kill('SIGKILL')
    await expectToEnd(pid)
  },
  patient
)
