import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { progressBar } from '../cli/progress.ts'
import { servePictures } from '../pictures/serve.ts'
import { jupyterEnvironment, python } from '../setup/python.mjs'
import { inRoot, root } from '../setup/root.mjs'

/**
 * Executes notebooks under one progress bar, some at a time; the first to fail ends all. They share one Chromium for their pictures.
 *
 * @param options.atATime number of kernels
 * @param options.signal stops them
 * @throws what `executeNotebook` does
 */
export async function executeNotebooks(
  paths: readonly string[],
  folder: string,
  { atATime, signal }: { readonly atATime: number; readonly signal: AbortSignal }
): Promise<void> {
  const total = paths.reduce((sum, path) => sum + countCells(path), 0)
  const ended = new AbortController()
  let done = 0
  const bar = progressBar('cells', total, '{value} of {total} done')
  const pictures = await servePictures()
  const queue = [...paths]
  const work = async () => {
    const executor = startExecutor(folder, AbortSignal.any([signal, ended.signal]), pictures.url)
    for (let path = queue.shift(); path; path = queue.shift()) {
      const begun = performance.now()
      await executor.execute(path, () => bar.reach(++done))
      bar.print(`${basename(path, '.ipynb')}: executed in ${Math.round((performance.now() - begun) / 1000)} s`)
    }
    await executor.end()
  }
  const number = Math.min(atATime, paths.length)
  await Promise.all(Array.from({ length: number }, () => work().catch((error) => ended.abort(error))))
  await pictures.close()
  bar.stop()
  ended.signal.throwIfAborted()
}

function notebookIn(path: string): { readonly cells: readonly { readonly cell_type: string }[] } {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(`${path} is no notebook: ${(error as Error).message}`)
  }
}

function countCells(path: string): number {
  const { cells } = notebookIn(path)
  return cells.filter(({ cell_type }) => cell_type === 'code').length
}

/**
 * Executes a notebook in the real kernel and leaves it, and a page of it, in a folder.
 *
 * @param path the notebook, a .ipynb
 * @param options.signal stops it and its kernel; the folder then stays as it was
 * @throws Error with what the failing cell said, the executed notebook then being written all the same; the signal's reason
 */
export async function executeNotebook(
  path: string,
  folder: string,
  { signal }: { readonly signal?: AbortSignal } = {}
): Promise<void> {
  const executor = startExecutor(folder, signal)
  await executor.execute(path)
  await executor.end()
}

/** Starts a process that executes notebooks one after another. When one fails or the signal stops it, the process ends. */
function startExecutor(folder: string, signal?: AbortSignal, pictures?: string) {
  signal?.throwIfAborted()
  const scripts = ['plotly.js-dist/plotly.js', 'mathjax/es5/tex-svg.js'].map((file) => inRoot('node_modules', file))
  // In a process group of its own: Ctrl-C in a terminal reaches us alone, and we stop it.
  const child = spawn(python(), [inRoot('tools/notebooks/execute.py'), folder, ...scripts], {
    cwd: root,
    env: { ...jupyterEnvironment(), ...(pictures && { RADGRAD_PICTURES: pictures }) },
    detached: true
  })
  child.stdin.on('error', () => {}) // its end says why it reads no more
  const stop = () => child.stdin.end()
  signal?.addEventListener('abort', stop, { once: true })
  let said = ''
  child.stderr.on('data', (data) => {
    said += data
  })
  const lines = createInterface({ input: child.stdout })
  const closed = new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  closed.catch(() => {}).finally(() => signal?.removeEventListener('abort', stop))
  return {
    /** @param told hears of each cell */
    async execute(path: string, told?: () => void): Promise<void> {
      const written = new Promise<string>((resolve) => {
        lines.on('line', (line) => (line === 'notebook' ? resolve(line) : told?.()))
      })
      child.stdin.write(`${path}\n`)
      const outcome = await Promise.race([written, closed])
      lines.removeAllListeners('line')
      if (outcome === 'notebook') return
      signal?.throwIfAborted()
      throw new Error(`${basename(path, '.ipynb')}: ${said.trim() || `the kernel ended with ${outcome}`}`)
    },
    async end(): Promise<void> {
      stop()
      await closed
    }
  }
}
