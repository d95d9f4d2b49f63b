/** The command as a process of its own. */
import { type ChildProcessWithoutNullStreams, type SpawnOptionsWithoutStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, vi } from 'vitest'
import { readResults } from '../../lib/files/results'
import type { RunRecord } from '../../lib/record'
import { hash } from '../../lib/util/hash'
import { radgrad as doHere } from '../../tools/cli/radgrad.ts'
import { encodeRecord } from '../../tools/record.ts'
import '../../tools/host/register.ts' // for the compiled library

export const root = resolve(import.meta.dirname, '../..')
/** Arguments of Node that run the real command, from `root`. */
export const command = ['--require', './tools/setup/node-compat.cjs', 'tools/bin/radgrad.js']
/** None is to outlive a test that gave up waiting for it. */
const patience = { timeout: 60_000, killSignal: 'SIGKILL' } as const

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export const start = (...args: string[]): ChildProcessWithoutNullStreams => startWith({}, ...args)

/** @param options over the usual ones */
export const startWith = (options: SpawnOptionsWithoutStdio, ...args: string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [...command, ...args], { cwd: root, ...patience, ...options })

export async function outcome(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...said }
}

export const radgrad = (...args: string[]): Promise<Outcome> => outcome(start(...args))

/** Returns what the same command does in this process, one at a time: a process of its own takes a second to start. */
export async function radgradHere(...args: string[]): Promise<Outcome> {
  const said = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += text
      return true
    })
  )
  try {
    const code = await doHere(args, new AbortController().signal)
    return { code, ...said }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

/** In a process group of its own, as a terminal has it. */
export const startInGroup = (...args: string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [...command, ...args], { cwd: root, detached: true, ...patience })

/** With files no longer than a few blocks, which acts as a full disk does and needs no right to make one. */
export const radgradWithinBlocks = (blocks: number, ...args: string[]): Promise<Outcome> =>
  outcome(
    spawn('sh', ['-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', process.execPath, ...command, ...args], {
      cwd: root,
      ...patience
    })
  )

export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'radgrad-cli-'))

/** A failure before anything was done is told in a line or two, without a stack. */
export function expectTold({ code, stdout, stderr }: Outcome, words: RegExp): void {
  expect(stderr).toMatch(words)
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2)
  expect(stdout).toBe('')
  expect(code).toBe(1)
}

/** Reads the files of a folder, by their names. */
export async function contents(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort()
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')]))
  )
}

/** Reads a folder's records without their provenance and checksum. Each must be whole and of the run of its name. */
export async function said(folder: string): Promise<Record<string, unknown>> {
  const { records, unusable } = await readResults(folder)
  expect([...unusable]).toEqual([])
  return Object.fromEntries([...records].map(([name, { provenance: made, checksum, ...rest }]) => [name, rest]))
}

/** A record as text, with the checksum that it ought to have: whoever changes one knows how to. */
export async function sealed({ checksum, ...rest }: RunRecord): Promise<string> {
  return encodeRecord({ ...rest, checksum: await hash(rest) })
}

/** Of a zombie, and of none, there is no command line. */
export function isWorker(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker.js')
  } catch {
    return false
  }
}

/** Reads the fields of /proc/<pid>/stat after the name: the state, the parent's id and so on. Empty if there is no process. */
function stat(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

export const childrenOf = (pid: number | undefined): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => stat(child)[1] === String(pid))

/** The processes that compute for a command. */
export const workersOf = ({ pid }: ChildProcessWithoutNullStreams): number[] => childrenOf(pid).filter(isWorker)

/** Processor time, which unlike time does not depend on what else the machine does. */
export const secondsOf = (pid: number): number => {
  const [user, system] = stat(pid).slice(11, 13).map(Number)
  return (user + system) / 100 // Linux counts in hundredths, whatever its clock
}

/** It may have ended meanwhile. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Kills each of a command's workers as soon as it appears, as a machine does that has no memory left; gives how many. */
export async function killWorkers(child: ChildProcessWithoutNullStreams): Promise<number> {
  const killed = new Set<number>()
  while (child.exitCode === null && child.signalCode === null) {
    for (const pid of workersOf(child)) {
      signal(pid, 'SIGKILL')
      killed.add(pid)
    }
    await sleep(5)
  }
  return killed.size
}

/** Gives a command a terminal for its standard error, and for its output too if asked; all that is drawn goes to stderr. */
const terminal = `
import os, pty, subprocess, sys
ours, theirs = pty.openpty()
child = subprocess.Popen(sys.argv[2:], stdin=theirs, stdout=theirs if sys.argv[1] == 'both' else None, stderr=theirs)
os.close(theirs)
def drawn():
    try:
        return os.read(ours, 65536)
    except OSError: # so says Linux that a terminal's other end is closed
        return b''
while chunk := drawn():
    sys.stderr.buffer.write(chunk)
sys.exit(child.wait())
`
export const radgradOnTerminal = (streams: 'both' | 'stderr', ...args: string[]): Promise<Outcome> =>
  outcome(
    spawn('python3', ['-c', terminal, streams, process.execPath, ...command, ...args], { cwd: root, ...patience })
  )

/** Returns the lines that a terminal shows in the end, as far as our progress bar and lines need one. */
export function screen(drawn: string): string[] {
  const lines = ['']
  let [row, column, saved] = [0, 0, [0, 0]]
  const put = (text: string): void => {
    lines[row] = lines[row].padEnd(column).slice(0, column) + text + lines[row].slice(column + text.length)
    column += text.length
  }
  const controls: Record<string, () => void> = {
    '\r': () => {
      column = 0
    },
    '\n': () => {
      row++
      lines[row] ??= ''
    },
    '\x1b7': () => {
      saved = [row, column]
    },
    '\x1b8': () => {
      ;[row, column] = saved
    },
    '\x1b[1G': () => {
      column = 0
    },
    '\x1b[K': () => {
      lines[row] = lines[row].slice(0, column)
    },
    '\x1b[0K': () => controls['\x1b[K'](),
    '\x1b[0J': () => {
      controls['\x1b[K']()
      lines.length = row + 1
    },
    '\x1b[2K': () => {
      lines[row] = ''
    }
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is driven by them
  for (const part of drawn.match(/\x1b[78]|\x1b\[[^A-Za-z]*[A-Za-z]|[\r\n]|[^\x1b\r\n]+/g) ?? []) {
    if (controls[part]) controls[part]()
    else if (!part.startsWith('\x1b')) put(part)
    else throw new Error(`this terminal does not know ${JSON.stringify(part)}`)
  }
  return lines.filter((line) => line !== '')
}
