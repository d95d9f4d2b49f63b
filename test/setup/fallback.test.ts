/** Set-up between the oldest and the newest versions, on a machine that has no compiler and gets one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adopt, allPrograms, newFolder, removeFolders, run } from './checkout'
import { install, locks, minutes, works } from './machine'

afterAll(removeFolders, 10 * minutes)

describe.skipIf(!process.env.RADGRAD_CI)('set-up on Node 22', () => {
  const between = { node: '22', npm: '11' }
  const machine = install(between)
  beforeAll(() => adopt(machine().folder, 'node_modules', '.venv', '.setup/libtensorflow'), 10 * minutes)

  test(
    'TensorFlow on Node 22 is pure JavaScript without a compiler, and native again with one',
    async () => {
      const { folder, bin, variables } = machine()
      const bare = { ...variables, PATH: allPrograms(bin, 'make', 'g++') }
      const { stdout } = await run(folder, bare, 'node', 'tools/setup/setup.mjs')
      expect(stdout).toMatch(/make is missing \(Debian: build-essential\)[\s\S]*set-up: done/)
      const doctor = await run(folder, bare, 'npm', 'run', 'doctor')
      expect(doctor.stdout).toMatch(/– compiler: there is no make\n {4}costs: .*\n {4}do: install it \(Debian/)
      expect(doctor.stdout).toMatch(/✓ TensorFlow: backend 'cpu'/)
      const native = /– native TensorFlow: not at all: pure-JavaScript.*\n {4}costs: .*\n {4}do: .*, then (.*)/
      expect(doctor.stdout).toMatch(native)
      expect(doctor.code, doctor.stdout).toBe(0)
      const [, remedy] = native.exec(doctor.stdout) as RegExpExecArray
      const again = await run(folder, variables, 'sh', '-c', remedy)
      expect(again.stdout).toMatch(/building the binding … \d+\.\d s\n[\s\S]*set-up: done/)
    },
    20 * minutes
  )

  // the doctor says that it is native
  works(between, machine)

  locks(between, machine)

  test(
    'everything in requirements.txt can be installed on Python 3.13',
    async () => {
      const { folder, plain } = machine()
      const elsewhere = [
        '--python-version=3.13',
        '--only-binary=:all:',
        '--ignore-installed',
        `--target=${newFolder()}`
      ]
      const pip = ['-m', 'pip', 'install', '--dry-run', '--quiet', ...elsewhere, '-r', 'requirements.txt']
      const { code, stderr } = await run(folder, plain, '.venv/bin/python', ...pip)
      expect(code, stderr).toBe(0)
    },
    5 * minutes
  )
})
