import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { jupyterEnvironment, python } from './jupyter.mjs'
import { inRoot, root } from './setup/root.mjs'

/**
 * Executes a notebook in the real kernel and leaves it, and a page of it, in a folder; tells how far it is.
 *
 * @param path the notebook, a .ipynb
 * @param signal stops it and its kernel; the folder then stays as it was
 * @throws Error with what the failing cell said, the executed notebook then being written all the same; the signal's reason
 */
export async function executeNotebook(path, folder, signal) {
  signal?.throwIfAborted()
  const begun = performance.now()
  const name = basename(path, '.ipynb')
  const scripts = ['plotly.js-dist/plotly.js', 'mathjax/es5/tex-svg.js'].map((file) => inRoot('node_modules', file))
  // In a process group of its own: Ctrl-C in a terminal reaches us alone, and we stop it.
  const child = spawn(python(), [inRoot('scripts/notebooks.py'), path, folder, ...scripts], {
    cwd: root,
    env: { ...process.env, ...jupyterEnvironment() },
    detached: true
  })
  const stop = () => child.stdin.end()
  signal?.addEventListener('abort', stop, { once: true })
  let said = ''
  child.stderr.on('data', (data) => {
    said += data
  })
  const tell = reporter(name, begun)
  createInterface({ input: child.stdout }).on('line', (line) => tell(JSON.parse(line)))
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  signal?.removeEventListener('abort', stop)
  signal?.throwIfAborted()
  if (code !== 0) throw new Error(said.trim() || `the kernel ended with ${code}`)
  tell.end()
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
