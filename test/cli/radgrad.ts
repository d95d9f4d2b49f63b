/** The command as a process of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const command = ['--require', './scripts/node-compat.cjs', 'lib/bin/radgrad.js']
/** None is to outlive a test that gave up waiting for it. */
const patience = { timeout: 60_000, killSignal: 'SIGKILL' } as const

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export const start = (...args: string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [...command, ...args], { cwd: root, ...patience })

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

/** What a terminal shows in the end, as far as our bar and lines need one. */
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
