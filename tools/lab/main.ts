/**
 * JupyterLab on the notebooks, while the library is compiled at every change: a restarted kernel sees it.
 * Further arguments go to JupyterLab: npm run lab -- --no-browser --port 8899
 */
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { createInterface } from 'node:readline'
import { jupyterEnvironment, python } from '../setup/python.mjs'
import { inRoot, root } from '../setup/root.mjs'

const compiler = watchLibrary()
watchKernels()
const lab = startLab()

// From a terminal, Ctrl-C reaches JupyterLab too; SIGTERM makes JupyterLab stop its kernels and end without a question.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => lab.kill('SIGTERM'))
lab.on('close', (code) => {
  if (compiler.pid) process.kill(-compiler.pid)
  process.exit(code ?? 1)
})

function startLab() {
  const extensions = inRoot('tools/lab-extensions')
  const options = [
    '--ServerApp.answer_yes=True',
    '--LabApp.news_url=None',
    `--LabApp.extra_labextensions_path=${extensions}`
  ]
  // Jupyter asks root for this, and who types the command as root has decided it: in a container, mostly.
  if (process.getuid?.() === 0) options.push('--allow-root')
  return spawn(python(), ['-m', 'jupyterlab', ...options, ...process.argv.slice(2)], {
    cwd: inRoot('notebooks'), // which it shows, unless told otherwise
    env: jupyterEnvironment(),
    stdio: 'inherit'
  })
}

/**
 * The compiler says what is wrong, and once that it is right again; of what goes well it is silent. It starts a process
 * of its own, so the two are a group, to be ended together.
 */
function watchLibrary() {
  const child = spawn(
    process.execPath,
    [inRoot('node_modules/typescript/bin/tsc'), '-p', 'lib', '--watch', '--preserveWatchOutput', '--pretty', 'false'],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], detached: true }
  )
  let broken = false
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.includes('error TS')) {
      broken = true
      console.error(`lib/ does not compile: ${line}`)
    } else if (broken && line.includes('Found 0 errors')) {
      broken = false
      console.log('lib/ compiles again')
    }
  })
  return child
}

/** An editor may save in several writes: the last of them counts. */
function watchKernels() {
  let soon: NodeJS.Timeout | undefined
  watch(inRoot('lib/networks/kernels'), () => {
    clearTimeout(soon)
    soon = setTimeout(
      () => spawn(process.execPath, ['tools/setup/build-kernels.mjs'], { cwd: root, stdio: 'inherit' }),
      200
    )
  })
}
