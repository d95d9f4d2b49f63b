/** `radgrad` and its compiled form. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { newFolder } from './radgrad'

/** A checkout of two sources, whose compiled command says that it was started. */
async function checkout(): Promise<string> {
  const folder = await newFolder()
  cpSync('tools/bin/radgrad.js', join(folder, 'tools/bin/radgrad.js'), { recursive: true })
  writeFileSync(join(folder, 'tools/package.json'), '{ "type": "module" }')
  for (const workspace of ['lib', 'tools']) {
    mkdirSync(join(folder, workspace, 'cli'), { recursive: true })
    mkdirSync(join(folder, workspace, 'dist/cli'), { recursive: true })
    writeFileSync(join(folder, workspace, 'cli/main.ts'), '')
    writeFileSync(join(folder, workspace, 'dist/.tsbuildinfo'), '')
  }
  writeFileSync(join(folder, 'tools/dist/cli/main.js'), "console.log('started')")
  return folder
}

function start(folder: string): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'tools/bin/radgrad.js')])
  return { status, stdout: stdout.toString(), stderr: stderr.toString() }
}

const refused = (workspace: string) => ({
  status: 1,
  stdout: '',
  stderr: `radgrad: ${workspace}/ is not compiled, or was changed since: run node tools/setup/setup.mjs\n`
})

test('the command starts when it is compiled', async () => {
  expect(start(await checkout())).toEqual({ status: 0, stdout: 'started\n', stderr: '' })
})

test.each(['lib', 'tools'])('the command refuses to start when %s/ was never compiled', async (workspace) => {
  const folder = await checkout()
  rmSync(join(folder, workspace, 'dist'), { recursive: true })
  expect(start(folder)).toEqual(refused(workspace))
})

test.each(['lib', 'tools'])('the command refuses to start when a source in %s/ is younger', async (workspace) => {
  const folder = await checkout()
  const later = Date.now() / 1000 + 10
  utimesSync(join(folder, workspace, 'cli/main.ts'), later, later)
  expect(start(folder)).toEqual(refused(workspace))
  writeFileSync(join(folder, workspace, 'dist/.tsbuildinfo'), '')
  utimesSync(join(folder, workspace, 'dist/.tsbuildinfo'), later, later)
  expect(start(folder)).toMatchObject({ status: 0 })
})

test('the command refuses to start when a kernel is younger than the compiled library', async () => {
  const folder = await checkout()
  const kernel = join(folder, 'lib/networks/kernels/learning.ts')
  mkdirSync(dirname(kernel), { recursive: true })
  writeFileSync(kernel, '')
  const later = Date.now() / 1000 + 10
  utimesSync(kernel, later, later)
  expect(start(folder)).toEqual(refused('lib'))
})
