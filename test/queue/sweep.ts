/** Sweeps through a queue, and what they are compared with. */
import type { ChildProcessWithoutNullStreams, SpawnOptionsWithoutStdio } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, vi } from 'vitest'
import { newFolder, type Outcome, outcome, radgrad, said, secondsOf, startWith, workersOf } from '../cli/radgrad'
import { startRedis } from './redis'

/** Milliseconds for a test: a worker that was killed is missed after half a minute, and others use the machine too. */
export const patient = 240_000

/** For what takes some runs, or what a worker is missed in. */
const inTime = { timeout: 150_000, interval: 20 }

/** @param options of `reproduce`, to which one strategy is enough unless they say otherwise */
export const sweep = (results: string, ...options: string[]): string[] => [
  ...['reproduce', '--quick', '--environments', 'reacher', '--results', results],
  ...(options.includes('--strategies') ? options : ['--strategies', 'random', ...options])
]

/** Six runs, of two strategies. */
export const threeSeeds = ['--seeds', '3', '--strategies', 'random', 'dagger']

/** Four of these. */
export const twoSeeds = ['--seeds', '2', '--strategies', 'random', 'dagger']

/** The records of three seeds and those of two, made without a queue; what they say, by name. */
export async function reference(): Promise<Record<'three' | 'two', Record<string, unknown>>> {
  const folder = await newFolder()
  expect(await radgrad(...sweep(folder, ...threeSeeds, '--workers', '2'))).toMatchObject({ code: 0 })
  const three = await said(folder)
  return { three, two: Object.fromEntries(Object.entries(three).filter(([name]) => !name.includes('-seed-3-'))) }
}

/** A command that goes on, and what it said so far. */
export interface Command {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<Outcome>
  said(): string
}

/** Returns what starts servers and commands, and ends them with the test. Tests that run at once have each their own. */
export function stage(atEnd: (end: () => void | Promise<void>) => void = onTestFinished) {
  function command(options: SpawnOptionsWithoutStdio, ...args: string[]): Command {
    const child = startWith({ timeout: patient, ...options }, ...args)
    atEnd(() => void child.kill('SIGKILL'))
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
    return { child, ended: outcome(child), said: () => text }
  }
  return {
    command,
    startRedis: (...options: string[]) => startRedis(options, atEnd),
    submit: (url: string, results: string, ...more: string[]) =>
      command({}, ...sweep(results, '--queue', url, ...more)),
    worker: (url: string, concurrency = 1) =>
      command({}, 'worker', '--queue', url, '--concurrency', String(concurrency))
  }
}

export const count = (text: string, words: RegExp): number =>
  text.match(new RegExp(words, `g${words.flags}`))?.length ?? 0

/** Runs that a worker has done. */
export const done = (...workers: Command[]): number =>
  workers.reduce((sum, { said }) => sum + count(said(), /: done in \d+ s$/m), 0)

/** Not by `expect.poll`, which knows but one test at a time. */
export const until = (number: () => number, least = 1): Promise<void> =>
  vi.waitFor(() => expect(number()).toBeGreaterThanOrEqual(least), inTime)
export const untilSaid = (command: Command, words: RegExp, times = 1) =>
  until(() => count(command.said(), words), times)

export const recordsIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []

/** Until a worker is amid a run. */
export const untilBusy = ({ child }: Command) => until(() => Math.max(0, ...workersOf(child).map(secondsOf)), 0.5)

/** A sweep came to these records and nothing else, told of each once, and nothing that happened can be seen in them. */
export async function expectAsInPeace(
  { ended }: Command,
  folder: string,
  peace: Readonly<Record<string, unknown>>
): Promise<Outcome> {
  const result = await ended
  expect(result.code, result.stderr).toBe(0)
  const told = result.stdout.match(/^reacher \w+ seed \d+(?=: \d+ queries)/gm) ?? []
  expect(told.map((run) => run.replaceAll(' ', '-')).sort()).toEqual(
    Object.keys(peace).map((name) => name.replace(/-[0-9a-f]{8}\.json$/, ''))
  )
  expect(readdirSync(folder).sort()).toEqual(Object.keys(peace).sort())
  expect(await said(folder)).toEqual(peace)
  return result
}

export const newResults = async (): Promise<string> => join(await newFolder(), 'results')
