/** Checkouts to set up, and what to set them up with. Notebooks are executed elsewhere, and installed is what a test is of. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Outcome, outcome } from '../cli/radgrad'

export type Variables = Readonly<Record<string, string>>

const folders: string[] = []

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'radgrad-setup-'))
  folders.push(folder)
  return folder
}

export const removeFolders = (): void => void execFileSync('rm', ['-rf', ...folders])

/** Copies this checkout as it would be committed now. */
export function copyCheckout(folder: string): void {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'])
  for (const file of files.toString().split('\0')) if (existsSync(file) && file) cpSync(file, join(folder, file))
}

/** What this checkout has installed, and another may begin with. */
type Part = 'node_modules' | '.venv' | '.setup/libtensorflow'

const installed = 'node_modules/.package-lock.json'

/** Gives a checkout what this one has installed, by links or else by copies, in place of what is there. Set-up then finds those steps done. */
export function adopt(folder: string, ...parts: Part[]): void {
  mkdirSync(join(folder, '.setup'), { recursive: true })
  const copy = 'rm -rf "$2"; cp -al "$1" "$2" 2>/dev/null || { rm -rf "$2"; cp -a "$1" "$2"; }'
  for (const part of parts.filter(existsSync)) execFileSync('sh', ['-c', copy, 'sh', part, join(folder, part)])
  if (parts.includes('node_modules')) {
    // npm writes this file in place, which through a link would be ours too
    rmSync(join(folder, installed))
    cpSync(installed, join(folder, installed))
    cpSync('tools/node_modules', join(folder, 'tools/node_modules'), { recursive: true })
    cpSync('.setup/npm-packages.stamp', join(folder, '.setup/npm-packages.stamp'))
  }
  if (parts.includes('.venv')) stampJupyter(folder)
}

/** The stamp of the step names the checkout, so it is made there, by the step's own functions. */
function stampJupyter(folder: string): void {
  const file = (name: string) => pathToFileURL(join(folder, 'tools/setup', name)).href
  const program = `const { bringUpToDate } = await import('${file('step.mjs')}')
    const { jupyter } = await import('${file('jupyter.mjs')}')
    await bringUpToDate({ ...jupyter, run() {} })`
  const { PYTHON, ...env } = process.env
  execFileSync(process.execPath, ['--input-type=module', '-e', program], { env })
}

/** Installs programs by the npm packages that hold them, and gives the folder to put before others in PATH. */
export function programs(...packages: string[]): string {
  const folder = newFolder()
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false']
  execFileSync('npm', ['install', '--prefix', folder, ...quiet, ...packages], { stdio: 'inherit' })
  return join(folder, 'node_modules/.bin')
}

/** A folder to be the whole PATH: the programs of `first`, then all of this machine's, but for those named. */
export function allPrograms(first: string, ...without: string[]): string {
  const folder = newFolder()
  const found = new Map<string, string>()
  for (const place of [first, ...(process.env.PATH as string).split(delimiter)].filter(existsSync))
    for (const name of readdirSync(place)) if (!found.has(name)) found.set(name, join(place, name))
  for (const [name, path] of found) if (!without.includes(name)) symlinkSync(path, join(folder, name))
  return folder
}

/** Puts a program into a folder that answers set-up as that Python would. */
export function pretendPython(folder: string, name: string, minor: number, venv = true): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\necho '["/usr/bin/${name}", 3, ${minor}, 0, ${venv}]'\n`, { mode: 0o755 })
  return path
}

/** That Python where this machine has it, by itself or by pyenv. */
export function findPython(version: string): string | undefined {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions')
  const kept = existsSync(versions) ? readdirSync(versions).filter((name) => name.startsWith(`${version}.`)) : []
  const places = [`python${version}`, ...kept.map((name) => join(versions, name, 'bin/python3'))]
  return places.find((place) => spawnSync(place, ['-c', 'import ensurepip, venv']).status === 0)
}

/** A command in a checkout, in a process group of its own; without what this process's npm handed on. */
export function start(folder: string, variables: Variables, command: string, ...args: string[]) {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS|VITEST|NODE_ENV)/i.test(name))
  return spawn(command, args, { cwd: folder, env: { ...Object.fromEntries(own), ...variables }, detached: true })
}

export const run = (...args: Parameters<typeof start>): Promise<Outcome> => outcome(start(...args))
