/** Executions that fail or are interrupted, in the real kernel. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { executeNotebook } from '../../tools/notebooks/execute.ts'
import { inRoot } from '../../tools/setup/root.mjs'
import { codeCells, complaints, printed, writeNotebook } from './notebook'

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
  'cells behind one that fails, and is tagged to, are executed, be it an error of the types or of the run',
  async () => {
    const failing = [`throw new Error('on purpose')`, `const n: number = 'no number'`, `await Promise.reject('later')`]
    await writeNotebook(
      notebook,
      failing.flatMap((code, i) => [code, `console.log('after ${i}')`]),
      [0, 2, 4]
    )
    await executeNotebook(notebook, out())
    const cells = await codeCells(join(out(), 'temporary.ipynb'))
    expect(cells.map(({ execution_count }) => execution_count)).toEqual([1, 2, 3, 4, 5, 6])
    const said = printed(cells)
    for (const [i, words] of ['Error: on purpose', 'is not assignable to type', 'later'].entries()) {
      expect(said[2 * i]).toContain(words)
      expect(said[2 * i + 1]).toBe(`after ${i}\n`)
    }
    expect(complaints(cells)).not.toEqual([])
    expect((await readdir(out())).sort()).toEqual(['temporary.html', 'temporary.ipynb'])
  },
  patient
)

test(
  'a cell behind a tagged one that fails untagged rejects with its error',
  async () => {
    await writeNotebook(
      notebook,
      [`throw new Error('first')`, `throw new Error('second')`, `console.log('third')`],
      [0]
    )
    await expect(executeNotebook(notebook, out())).rejects.toThrow(/Error: second/)
    const [, , third] = await codeCells(join(out(), 'temporary.ipynb'))
    expect(third.execution_count).toBe(null)
  },
  patient
)

test(
  'a cell that the kernel drops rejects with its number and its code',
  async () => {
    const jupyter = JSON.stringify(inRoot('node_modules/tslab/dist/jupyter.js'))
    const drop = `require(${jupyter}).JupyterHandlerImpl.prototype.handleExecute = async () => ({ status: 'abort' })`
    await writeNotebook(notebook, [drop, `console.log('dropped')`, `console.log('never')`], [1])
    await expect(executeNotebook(notebook, out())).rejects.toThrow(
      /cell 2 was not executed, the kernel says 'abort':\nconsole\.log\('dropped'\)/
    )
    expect(await readdir(out())).toEqual(['temporary.ipynb'])
  },
  patient
)

test(
  'a notebook in another folder of the checkout finds the records, and a relative path is told with the folder it is sought from',
  async () => {
    const mine = await mkdtemp(inRoot('notebooks/mine-'))
    try {
      const path = join(mine, 'copied.ipynb')
      await writeNotebook(
        path,
        [
          `import * as rg from 'radgrad'\nconsole.log((await rg.readResults(...rg.recordFolders())).records.size > 300)`,
          `await rg.readResults('../data/results')`,
          `console.log((await rg.readResults(rg.dataFolder() + '/beyond/records')).records.size > 300)`
        ],
        [1]
      )
      await executeNotebook(path, out())
      const [found, refused, beyond] = printed(await codeCells(join(out(), 'copied.ipynb')))
      expect([found, beyond]).toEqual(['true\n', 'true\n'])
      expect(refused).toContain(
        `there is no folder ${inRoot('notebooks/data/results')} ('../data/results' is sought from ${mine})`
      )
    } finally {
      await rm(mine, { recursive: true })
    }
  },
  patient
)

test(
  'a notebook and its page are written through links, which stay',
  async () => {
    await mkdir(out())
    for (const name of ['temporary.ipynb', 'temporary.html'])
      await symlink(join('..', `real-${name}`), join(out(), name))
    await writeNotebook(notebook, [`console.log('in')`])
    await executeNotebook(notebook, out())
    for (const name of await readdir(out())) expect((await lstat(join(out(), name))).isSymbolicLink(), name).toBe(true)
    expect(printed(await codeCells(join(folder, 'real-temporary.ipynb')))).toEqual(['in\n'])
    expect(await readFile(join(folder, 'real-temporary.html'), 'utf8')).toContain('<html')
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

test(
  'a kernel that dies at its start, as on a busy machine, is started again',
  async () => {
    const once = join(folder, 'once.cjs')
    const [tried, options] = [join(folder, 'tried'), process.env.NODE_OPTIONS]
    await writeFile(
      once,
      `const { existsSync, writeFileSync } = require('fs')
      if (process.argv.includes('--config-path') && !existsSync('${tried}')) {
        writeFileSync('${tried}', '')
        process.exit(1)
      }`
    )
    await writeNotebook(notebook, [`console.log('here')`])
    process.env.NODE_OPTIONS = `${options ?? ''} --require ${once}`
    try {
      await executeNotebook(notebook, out())
    } finally {
      process.env.NODE_OPTIONS = options ?? ''
    }
    expect(existsSync(tried)).toBe(true)
    expect(printed(await codeCells(join(out(), 'temporary.ipynb')))).toEqual(['here\n'])
  },
  patient
)
