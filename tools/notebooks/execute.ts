import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { progressBar } from '../cli/progress.ts'
import { jupyterEnvironment, python } from '../setup/python.mjs'
import { inRoot, root } from '../setup/root.mjs'

/**
 * Executes notebooks under one progress bar, some at a time; the first to fail ends all.
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
  const queue = [...paths]
  const work = async () => {
    for (let path = queue.shift(); path; path = queue.shift()) {
      const begun = performance.now()
      await executeNotebook(path, folder, {
        signal: AbortSignal.any([signal, ended.signal]),
        told: () => bar.reach(++done)
      })
      bar.print(`${basename(path, '.ipynb')}: executed in ${Math.round((performance.now() - begun) / 1000)} s`)
    }
  }
  await Promise.all(Array.from({ length: atATime }, () => work().catch((error) => ended.abort(error))))
  bar.stop()
  ended.signal.throwIfAborted()
}

function countCells(path: string): number {
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as { cells: { cell_type: string }[] }
  return cells.filter(({ cell_type }) => cell_type === 'code').length
}

/**
 * Executes a notebook in the real kernel and leaves it, and a page of it, in a folder.
 *
 * @param path the notebook, a .ipynb
 * @param options.signal stops it and its kernel; the folder then stays as it was
 * @param options.told hears of each cell
 * @throws Error with what the failing cell said, the executed notebook then being written all the same; the signal's reason
 */
export async function executeNotebook(
  path: string,
  folder: string,
  { signal, told }: { readonly signal?: AbortSignal; readonly told?: () => void } = {}
): Promise<void> {
  signal?.throwIfAborted()
  const scripts = ['plotly.js-dist/plotly.js', 'mathjax/es5/tex-svg.js'].map((file) => inRoot('node_modules', file))
  // In a process group of its own: Ctrl-C in a terminal reaches us alone, and we stop it.
  const child = spawn(python(), [inRoot('tools/notebooks/execute.py'), path, folder, ...scripts], {
    cwd: root,
    env: jupyterEnvironment(),
    detached: true
  })
  const stop = () => child.stdin.end()
  signal?.addEventListener('abort', stop, { once: true })
  let said = ''
  child.stderr.on('data', (data) => {
    said += data
  })
  createInterface({ input: child.stdout }).on('line', () => told?.())
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  signal?.removeEventListener('abort', stop)
  signal?.throwIfAborted()
  if (code !== 0) throw new Error(`${basename(path, '.ipynb')}: ${said.trim() || `the kernel ended with ${code}`}`)
}
