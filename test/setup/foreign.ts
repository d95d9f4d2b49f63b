/** What a user may have set that leads Python, Jupyter, pip or Node elsewhere. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Fills a folder with modules and kernels that are not what their names say. Returns it. */
export function foreignFolder(folder: string): string {
  for (const name of ['nbformat', 'nbclient', 'page', 'jupyter_client', 'sitecustomize'])
    writeFileSync(join(folder, `${name}.py`), `raise SystemExit("a foreign ${name}")\n`)
  for (const name of ['mathjs', 'radgrad', 'tslab']) {
    mkdirSync(join(folder, 'node_modules', name), { recursive: true })
    writeFileSync(join(folder, 'node_modules', name, 'index.js'), `throw new Error('a foreign ${name}')\n`)
  }
  mkdirSync(join(folder, 'kernels/tslab'), { recursive: true })
  writeFileSync(
    join(folder, 'kernels/tslab/kernel.json'),
    '{ "argv": ["false"], "display_name": "a foreign kernel" }\n'
  )
  return folder
}

export const foreignVariables = (folder: string): Record<string, string> => ({
  PYTHONPATH: folder,
  PYTHONHOME: folder,
  PYTHONSAFEPATH: '1',
  PYTHONUSERBASE: folder,
  PYTHONPLATLIBDIR: 'foreign',
  PYTHONWARNINGS: 'error',
  PYTHONOPTIMIZE: '2',
  PYTHONINSPECT: '1',
  PYTHONIOENCODING: 'utf-16',
  PYTHONVERBOSE: '1',
  JUPYTER_PATH: folder,
  JUPYTER_CONFIG_PATH: folder,
  JUPYTER_CONFIG_DIR: folder,
  JUPYTER_DATA_DIR: folder,
  JUPYTER_RUNTIME_DIR: join(folder, 'runtime'),
  JUPYTER_NO_CONFIG: '1',
  JUPYTER_PLATFORM_DIRS: '1',
  JUPYTER_PREFER_ENV_PATH: '0',
  JUPYTERLAB_DIR: folder,
  IPYTHONDIR: folder,
  PIP_TARGET: folder,
  PIP_PREFIX: folder,
  PIP_ROOT: folder,
  PIP_USER: '1',
  NODE_PATH: join(folder, 'node_modules'),
  NODE_PRESERVE_SYMLINKS: '1'
})
