import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { jupyterEnvironment, python } from './jupyter.mjs'
import { inRoot, root } from './setup/root.mjs'

/**
 * Executes a notebook in the real kernel and leaves it, and a page of it, in a folder; tells how far it is.
 *
 * @param name without its ending
 * @throws Error with what the failing cell said
 */
export async function executeNotebook(name, folder, signal) {
  const begun = performance.now()
  const scripts = ['plotly.js-dist/plotly.js', 'mathjax/es5/tex-svg.js'].map((file) => inRoot('node_modules', file))
  const child = spawn(
    python(),
    [inRoot('scripts/notebooks.py'), inRoot('notebooks', `${name}.ipynb`), folder, ...scripts],
    { cwd: root, env: { ...process.env, ...jupyterEnvironment() }, stdio: ['ignore', 'pipe', 'pipe'], detached: true }
  )
  const stop = () => process.kill(child.pid, 'SIGINT')
  signal?.addEventListener('abort', stop, { once: true })
  let said = ''
  child.stderr.on('data', (data) => {
    said += data
  })
  const tell = reporter(name, begun)
  createInterface({ input: child.stdout }).on('line', (line) => tell(JSON.parse(line)))
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  signal?.removeEventListener('abort', stop)
  if (code !== 0) throw new Error(said.trim() || `the kernel ended with ${code}`)
  tell.end(join(folder, `${name}.ipynb`))
}

/** One line that is written over on a terminal; elsewhere a line a notebook. */
function reporter(name, begun) {
  const gone = () => clock((performance.now() - begun) / 1000)
  const { isTTY } = process.stdout
  const over = (text) => isTTY && process.stdout.write(`\r\x1b[K${text}`)
  over(`${name}: starting the kernel`)
  const tell = ({ done, cells }) => {
    const left = clock((((performance.now() - begun) / 1000) * (cells - done)) / done)
    over(
      `${name}: ${'█'.repeat(done)}${'░'.repeat(cells - done)} cell ${done} of ${cells}, ${gone()} gone, about ${left} left`
    )
  }
  tell.end = () => {
    over('')
    console.log(`${name}: executed in ${gone()}`)
  }
  return tell
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
