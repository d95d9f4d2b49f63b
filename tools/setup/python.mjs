// @ts-check
import { delimiter } from 'node:path'
import { inRoot } from './root.mjs'

/** The Python of this checkout's virtual environment. */
export const python = () => inRoot('.venv/bin/python')

/** The user's variables that have Python, pip, Jupyter or Node look for modules and kernels elsewhere, or read them otherwise. */
const foreign =
  /^(PYTHON.+|__PYVENV_LAUNCHER__|PIP_(TARGET|PREFIX|ROOT|PYTHON)|JUPYTER.*_(PATH|DIRS?)|JUPYTER_NO_CONFIG|NODE_(PATH|PRESERVE_SYMLINKS.*))$/

/** Returns this process's environment without what leads out of the checkout. Settings of networks and tokens stay. */
export const ownEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))

/** Returns the environment of anything run in .venv/: it reads and writes there, and leaves the user's home alone. */
export function jupyterEnvironment() {
  /** @param {string} name */
  const own = (name) => inRoot('.venv/home', name)
  return {
    ...ownEnvironment(),
    PATH: `${inRoot('.venv/bin')}${delimiter}${process.env.PATH}`,
    VIRTUAL_ENV: inRoot('.venv'),
    PYTHONNOUSERSITE: '1',
    PIP_USER: '0', // whatever the user's settings of pip say
    JUPYTER_CONFIG_DIR: own('config'),
    JUPYTER_DATA_DIR: own('data'),
    JUPYTER_RUNTIME_DIR: own('runtime'),
    JUPYTER_PREFER_ENV_PATH: '1',
    IPYTHONDIR: own('ipython')
  }
}
