/** `radgrad verify`: computes recorded runs again and compares them bit for bit. */
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import * as rg from 'radgrad'
import { fingerprint } from 'radgrad/dist/internal.js'
import { firstDifference } from '../difference.ts'
import { replay } from '../live/teach/session.ts'
import { type Job, type PackedModel, pack, title } from '../sweep/job.ts'
import { fileOf, loadOwn } from '../sweep/own.ts'
import { foldersOf } from '../sweep/points.ts'
import { onThisMachine } from '../sweep/pool.ts'
import { duration } from '../sweep/recorded.ts'
import { tasksWithExpert } from './experts.ts'
import * as options from './options.ts'
import { print, warn } from './progress.ts'
import { work } from './work.ts'

/** A run and its record. */
interface Recorded extends Job {
  readonly record: rg.RunRecord
}

const command = () =>
  new Command('verify')
    .description('Computes recorded runs again, those that took least first, and compares them bit for bit.')
    .option('--runs <n>', 'how many (default: all)', options.wholeNumber(1))
    .addOption(options.workers())
    .addOption(options.results())
    .addOption(options.experts())
    .option('--strategies <files...>', 'files of the strategies of one’s own that are in the records')
    .option('--lesson <file>', 'the file of a round that a reader taught, in place of records')

export const verifyCommand = (signal: AbortSignal) => command().action((options) => verify(options, signal))

async function verify(given: ReturnType<ReturnType<typeof command>['opts']>, signal: AbortSignal): Promise<void> {
  if (given.lesson) return verifyLesson(given.lesson)
  const { runs, results, experts, strategies = [], workers = availableParallelism() } = given
  const { records, unusable } = await rg.readResults(...(await foldersOf(results)))
  const apart = new Map<string, string[]>()
  for (const [file, why] of unusable) warn(`${join(results, file)}: ${why}`)
  const own = await Promise.all(strategies.map(loadOwn))
  const candidates = (await withExpert([...records.values()], experts)).flatMap((job) => {
    try {
      return [{ ...job, own: fileOf(job.protocol, own) }]
    } catch (error) {
      const { message } = error as Error
      apart.set(message, [...(apart.get(message) ?? []), title(job)])
      return []
    }
  })
  for (const [why, of] of apart) warn(`${of.length > 1 ? `${of.length} runs` : of[0]} cannot be verified: ${why}`)
  const others = records.size - candidates.length - [...apart.values()].flat().length
  if (others > 0)
    warn(`${others} ${others === 1 ? 'record is' : 'records are'} of experts that are not here (--experts names more)`)
  if (candidates.length === 0) throw new Error(`there is no record to verify in ${results}`)
  const chosen = candidates.sort((a, b) => duration(a.record) - duration(b.record)).slice(0, runs)

  let different = 0
  const compare = async ({ record }: Recorded, again: rg.RunRecord): Promise<string> => {
    const difference = firstDifference(record.outcome, again.outcome)
    if (difference === undefined) return 'the same to the last bit'
    different++
    return `DIFFERENT, first in ${difference}`
  }
  const failures = await work(chosen, onThisMachine(workers), compare, signal)
  if (different + failures + unusable.size > 0)
    throw new Error(
      `of ${chosen.length} records ${different} differ and ${failures} could not be computed; ${unusable.size} more are unusable`
    )
}

/** Returns the records whose expert is ours or in the folder. */
async function withExpert(records: readonly rg.RunRecord[], folder: string | undefined): Promise<Recorded[]> {
  const known = new Map<string, PackedModel>()
  const know = async (expert: rg.Model): Promise<void> => {
    known.set(await fingerprint(expert), pack(expert))
  }
  const tasks = [...new Set(records.map(({ protocol }) => protocol.environment))]
  for (const task of tasks) await know(await rg.loadExpert(task))
  if (folder !== undefined)
    for (const task of tasksWithExpert(tasks, folder)) await know(await rg.loadExpert(task, folder))
  return records.flatMap((record) => {
    const { protocol, seed } = record
    const expert = known.get(protocol.expert)
    return expert ? [{ protocol, seed, expert, record }] : []
  })
}

/** Computes a round again from the answers that its reader gave. */
async function verifyLesson(file: string): Promise<void> {
  const { given, again } = await replay(await readFile(file, 'utf8'), 'this machine')
  const [before, now] = [given, again].map(({ record: { protocol, outcome } }) => ({ protocol, outcome }))
  const difference = firstDifference(before, now)
  if (difference !== undefined) throw new Error(`${file} differs from its replay: ${difference}`)
  print(`${file}: the same to the last bit, from ${given.answers.length} answers`)
}
