// @ts-check
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { askPython, findPython } from './find-python.mjs'
import { jupyterEnvironment, python } from './python.mjs'
import { inRoot, memory, root } from './root.mjs'
import { run } from './run.mjs'
import { contents, identity, writeWhole } from './step.mjs'

const venv = inRoot('.venv')
const former = memory('former-venv')

/**
 * JupyterLab and what runs notebooks, in a virtual environment of this checkout.
 *
 * @type {import('./step.mjs').Step}
 */
export const jupyter = {
  name: 'jupyter',
  doing: 'installing JupyterLab into .venv/',
  // A virtual environment names its own folder in its scripts: a checkout that was moved needs another.
  inputs: () => [root, contents(inRoot('requirements.txt'))],
  outputs: () => [resolved(python()), isChosen(), identity(inRoot('.venv/bin/jupyter'))],
  async run() {
    // Where the next cannot be made, for want of a network perhaps, the former one is worth having.
    if (existsSync(venv) && !existsSync(former)) renameSync(venv, former)
    try {
      await install()
    } catch (error) {
      remove(venv)
      if (existsSync(former)) renameSync(former, venv)
      throw error
    }
    remove(former)
  }
}

async function install() {
  remove(venv)
  await run('jupyter', findPython(), ['-m', 'venv', '--without-pip', venv])
  // venv would do so too, but keep to itself what it says, that the disk is full for one
  await run('jupyter', python(), ['-Im', 'ensurepip', '--upgrade', '--default-pip'], { env: jupyterEnvironment() })
  mkdirSync(inRoot('.venv/home'))
  // JupyterLab brings scripts in CommonJS, which would else be read as this checkout's ES modules.
  writeWhole(inRoot('.venv/package.json'), '{ "type": "commonjs" }\n')
  await run('jupyter', python(), ['-m', 'pip', 'install', '--disable-pip-version-check', '-r', 'requirements.txt'], {
    env: jupyterEnvironment(),
    advice: 'JupyterLab could not be installed; environment.md says what to do.'
  })
}

const remove = (/** @type {string} */ folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })

/** Says if the environment's Python is $PYTHON, by whatever name. Where that says nothing, it keeps the one it has. */
const isChosen = () => !process.env.PYTHON || resolved(askPython(process.env.PYTHON).executable) === resolved(python())

/**
 * Returns the Python that a path leads to: gone or another after an upgrade of the system.
 *
 * @param {string} path
 */
function resolved(path) {
  try {
    return realpathSync(path)
  } catch {
    return 'none'
  }
}
