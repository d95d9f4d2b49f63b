// @ts-check
/**
 * Tells what this machine and this checkout have; of what they lack, what that costs and what to do. Changes nothing.
 * Ends with code 1 when something is missing that everything needs.
 */
import { spawnSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { codeOf, messageOf } from './errors.mjs'
import { choosePython } from './find-python.mjs'
import { jupyter } from './jupyter.mjs'
import { npmPackages } from './npm-packages.mjs'
import { jupyterEnvironment, python } from './python.mjs'
import { inRoot, root } from './root.mjs'
import { steps } from './setup.mjs'
import { isUpToDate, seconds } from './step.mjs'
import { buildTools, routeTaken, tensorflow } from './tensorflow.mjs'
import { remedy as moreAddresses, virtualMemory } from './virtual-memory.mjs'

const gigabytes = 2 // that a whole set-up takes, with some to spare
const setUpAgain = 'node tools/setup/setup.mjs # environment.md explains its messages'
const allAnew = `rm -rf node_modules .venv lib/dist tools/dist .setup && ${setUpAgain}`
const nativeAnew = `rm -f .setup/tensorflow.stamp && ${setUpAgain}`

/**
 * One thing looked for. `find` returns what is shown, or throws what is missing; that `costs` something, and has a `remedy`.
 *
 * @typedef {{ what: string, needed?: boolean, find: () => string, costs?: string, remedy?: string }} Check
 */

/** @type {Check[]} */
const ofMachine = [
  { what: 'Node', needed: true, find: () => process.versions.node },
  {
    what: 'npm',
    needed: true,
    find: () => answer('npm', ['--version']),
    costs: 'nothing can be installed',
    remedy: 'install it; it comes with Node'
  },
  {
    what: 'Python',
    needed: true,
    find: pythonFound,
    costs: 'set-up stops: there is no JupyterLab, and nothing that executes notebooks',
    remedy: 'install Python 3.10 to 3.13 with venv (Debian, Ubuntu: python3, python3-venv), or name one in PYTHON'
  },
  {
    what: 'disk space',
    needed: true,
    find: space,
    costs: 'set-up stops midway, and goes on there next time',
    remedy: 'free some, or move the checkout to where there is more'
  },
  {
    what: 'virtual memory',
    needed: true,
    find: virtualMemory,
    costs: 'runs and notebooks that need more (an expert, a policy, a critic, MuJoCo) end with "Out of memory"',
    remedy: moreAddresses
  },
  {
    what: 'compiler',
    find: () =>
      buildTools()
        .map((tool) => firstLine(answer(tool, ['--version'])))
        .join(', '),
    costs:
      'where TensorFlow cannot be downloaded ready for Node, its engine is slower; the fused engine is not concerned',
    remedy: `install it (Debian, Ubuntu: build-essential), then ${nativeAnew}`
  },
  {
    what: 'Chromium',
    find: chromium,
    costs: 'there are no pictures of figures, for the web and for files; notebooks and pages show figures all the same',
    remedy: 'install it (Debian: chromium)'
  },
  {
    what: 'set-up',
    needed: true,
    find: setUp,
    costs: 'the next command does it first; a whole one takes two to five minutes',
    remedy: setUpAgain
  }
]
/** @type {Check[]} */
const ofCheckout = [
  {
    what: 'kernel',
    needed: true,
    find: kernel,
    costs: 'notebooks do not run',
    remedy: allAnew
  },
  {
    what: 'TensorFlow',
    needed: true,
    find: backend,
    costs: 'notebooks with danfo frames do not run, nor the TensorFlow engine',
    remedy: allAnew
  },
  {
    what: 'native TensorFlow',
    find: native,
    costs: 'the TensorFlow engine is slower; the fused engine is not concerned',
    remedy: `see why in .setup/tensorflow-*.log, mend that, then ${nativeAnew}`
  },
  {
    what: 'JupyterLab',
    needed: true,
    find: jupyterLab,
    costs: 'there is nothing to open and edit notebooks in',
    remedy: allAnew
  },
  {
    what: 'figures in JupyterLab',
    find: labExtension,
    costs: 'JupyterLab shows figures as text',
    remedy: allAnew
  }
]

let missing = ofMachine.filter(lacks).length
if (missing === 0) missing = ofCheckout.filter(lacks).length
else console.log(`  not looked at until then: ${ofCheckout.map(({ what }) => what).join(', ')}`)
console.log(missing === 0 ? '\nAll that is needed is here.' : `\nNeeded and missing: ${missing}.`)
process.exitCode = missing === 0 ? 0 : 1

/**
 * Tells of a check.
 *
 * @param {Check} check
 * @returns true if something that is needed is missing
 */
function lacks({ what, needed, find, costs, remedy }) {
  try {
    console.log(`✓ ${what}: ${find()}`)
    return false
  } catch (error) {
    console.log(`${needed ? '✗' : '–'} ${what}: ${messageOf(error)}\n    costs: ${costs}\n    do: ${remedy}`)
    return needed === true
  }
}

/**
 * Returns what a command prints.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} options
 */
function answer(command, args, options = {}) {
  const asked = spawnSync(command, args, { encoding: 'utf8', timeout: 90_000, cwd: root, ...options })
  if (codeOf(asked.error) === 'ENOENT') throw new Error(`there is no ${command}`)
  if (asked.error) throw new Error(`${command} does not answer (${codeOf(asked.error)})`)
  if (asked.status !== 0) throw new Error(`${command} fails: ${reason(asked.stderr)}`)
  return (asked.stdout || asked.stderr).trim()
}

/**
 * Finds the reason in what a failing command said: Node says it before a stack, Python at the end.
 *
 * @param {string} said
 */
function reason(said) {
  const lines = said.trimEnd().split('\n')
  return lines.find((line) => line.includes('Error:')) ?? lines.at(-1)
}

/** @param {string[]} args */
function inJupyter(args) {
  return answer(python(), args, { env: jupyterEnvironment() })
}

/** @param {string} text */
function firstLine(text) {
  return text.split('\n')[0]
}

function pythonFound() {
  const { answer, executable } = choosePython()
  return `${answer} (${executable})`
}

function space() {
  const { bavail, bsize } = statfsSync(root)
  const free = (bavail * bsize) / 1e9
  if (free < gigabytes && ![npmPackages, jupyter, tensorflow].every(isUpToDate))
    throw new Error(`${free.toFixed(1)} GB are free, and a whole set-up takes up to ${gigabytes}`)
  return `${free.toFixed(1)} GB free`
}

/** Looks for the names that tools/pictures/chromium.ts looks for, which may not be compiled yet. */
function chromium() {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])
    if (spawnSync(name, ['--version']).status === 0) return answer(name, ['--version'])
  throw new Error('there is none on the PATH')
}

function setUp() {
  const undone = steps.filter((step) => !isUpToDate(step)).map(({ name }) => name)
  if (undone.length > 0) throw new Error(`to be done, or done again: ${undone.join(', ')}`)
  return 'up to date'
}

function kernel() {
  const begun = performance.now()
  const cell = "import { mean } from 'radgrad'\nconsole.log(mean([1, 2, 3]))"
  const said = inJupyter(['tools/setup/ask-kernel.py', cell])
  if (said !== '2') throw new Error(`it says: ${firstLine(said)}`)
  return `answers, and imports the library, in ${seconds(begun)}`
}

function backend() {
  const code = "process.stdout.write(require('@tensorflow/tfjs-node').getBackend())"
  return `backend '${answer(process.execPath, ['--require', inRoot('tools/setup/node-compat.cjs'), '-e', code])}'`
}

function native() {
  const { how, backend } = routeTaken()
  if (backend !== 'tensorflow') throw new Error(how)
  return `installed ${how}`
}

function jupyterLab() {
  const code = 'import jupyterlab, platform; print(jupyterlab.__version__, "on Python", platform.python_version())'
  return inJupyter(['-c', code])
}

function labExtension() {
  const [, version] =
    /jupyterlab-plotly (v\S+).*enabled.*OK/.exec(inJupyter(['-m', 'jupyterlab.labextensions', 'list'])) ?? []
  if (!version) throw new Error("plotly's extension of JupyterLab is not there or not enabled")
  return `drawn by jupyterlab-plotly ${version}`
}
