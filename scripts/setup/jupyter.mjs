import { mkdirSync, realpathSync, rmSync } from 'node:fs'
import { jupyterEnvironment, python } from '../jupyter.mjs'
import { findPython } from './find-python.mjs'
import { inRoot, root } from './root.mjs'
import { run } from './run.mjs'
import { contents, identity, writeWhole } from './step.mjs'

/** JupyterLab and what runs notebooks, in a virtual environment of this checkout. */
export const jupyter = {
  name: 'jupyter',
  doing: 'installing JupyterLab into .venv/',
  // A virtual environment names its own folder in its scripts: a checkout that was moved needs another.
  inputs: () => [root, process.env.PYTHON ?? '', contents(inRoot('requirements.txt'))],
  outputs: () => [interpreter(), identity(inRoot('.venv/bin/jupyter'))],
  async run() {
    const venv = inRoot('.venv')
    rmSync(venv, { recursive: true, force: true, maxRetries: 3 })
    await run('jupyter', findPython(), ['-m', 'venv', venv])
    mkdirSync(inRoot('.venv/home'))
    // JupyterLab brings scripts in CommonJS, which would else be read as this checkout's ES modules.
    writeWhole(inRoot('.venv/package.json'), '{ "type": "commonjs" }\n')
    await run('jupyter', python(), ['-m', 'pip', 'install', '--disable-pip-version-check', '-r', 'requirements.txt'], {
      env: jupyterEnvironment(),
      advice: 'JupyterLab could not be installed; environment.md says what to do.'
    })
  }
}

/** The Python that the environment leads to: gone or another after an upgrade of the system. */
function interpreter() {
  try {
    return realpathSync(python())
  } catch {
    return 'none'
  }
}
