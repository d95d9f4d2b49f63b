/** The user's environment, of which nothing leads Python, Jupyter or Node out of the checkout. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { executeNotebook } from '../../tools/notebooks/execute.ts'
import { choosePython } from '../../tools/setup/find-python.mjs'
import { jupyterEnvironment, python } from '../../tools/setup/python.mjs'
import { inRoot } from '../../tools/setup/root.mjs'
import { render } from '../../tools/site/python.ts'
import { writeNotebook } from '../notebooks/notebook'
import { newFolder, removeFolders } from './checkout'
import { foreignFolder, foreignVariables } from './foreign'

const variables = Object.entries(foreignVariables(foreignFolder(newFolder())))
mkdirSync(inRoot('out'), { recursive: true })
const folder = mkdtempSync(inRoot('out/environment-')) // in the checkout, whose packages a notebook in it finds
afterAll(removeFolders)
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => void vi.unstubAllEnvs())

const probe = `
import json, sys, nbformat, nbclient
from jupyter_core.paths import jupyter_config_path, jupyter_data_dir
from jupyter_client.kernelspec import KernelSpecManager
spec = KernelSpecManager().get_kernel_spec("tslab")
print(json.dumps([sys.path, sys.flags, sys.warnoptions, nbformat.__file__, spec.argv, jupyter_config_path(), jupyter_data_dir()]))`
const ask = () => {
  const { stdout, stderr } = spawnSync(python(), ['-c', probe], { encoding: 'utf8', env: jupyterEnvironment() })
  return { stdout, stderr }
}
test.each(variables)('Python, Jupyter and Node hear nothing of a %s that the user sets', (name, value) => {
  const before = jupyterEnvironment()
  vi.stubEnv(name, value)
  expect(process.env[name]).toBe(value)
  expect(jupyterEnvironment()).toEqual(before)
})

test('modules, settings, kernel, a page, a notebook and the search for a Python are the same whatever the user sets', async () => {
  const [usual, chosen] = [ask(), choosePython()]
  expect(usual.stdout).toContain(inRoot('node_modules/tslab/bin/tslab'))
  await writeNotebook(join(folder, 'small.ipynb'), ["import { add } from 'mathjs'\nconsole.log(add(1, 2))"])
  const notebook = JSON.parse(readFileSync(join(folder, 'small.ipynb'), 'utf8'))
  for (const [name, value] of variables) vi.stubEnv(name, value)
  expect(ask()).toEqual(usual)
  expect(choosePython()).toEqual(chosen)
  expect(render([{ path: 'small.html', title: 'Small', notebook }])['small.html']).toContain('Small')
  await executeNotebook(join(folder, 'small.ipynb'), folder)
  const { cells } = JSON.parse(readFileSync(join(folder, 'small.ipynb'), 'utf8'))
  expect(cells[0].outputs).toMatchObject([{ name: 'stdout', text: ['3\n'] }])
}, 240_000)

test('settings of proxies, registries and of Node’s memory are handed on', () => {
  const settings = {
    PIP_INDEX_URL: 'https://a.b/simple',
    HTTPS_PROXY: 'http://c.d',
    NODE_OPTIONS: '--max-old-space-size=99'
  }
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
  expect(jupyterEnvironment()).toMatchObject(settings)
})
