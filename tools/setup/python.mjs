// @ts-check
import { delimiter } from 'node:path'
import { inRoot } from './root.mjs'

/** The Python of this checkout's virtual environment. */
export const python = () => inRoot('.venv/bin/python')

/** Variables for anything run in .venv/: it reads and writes there, and leaves the user's home alone. */
export function jupyterEnvironment() {
  /** @param {string} name */
  const own = (name) => inRoot('.venv/home', name)
  return {
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
