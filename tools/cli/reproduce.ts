/** `radgrad reproduce`: computes the runs behind Figures 2 and 3 and Table 2 that are not recorded yet. */
import { mkdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import * as rg from 'radgrad'
import { duration, recordFileName, writeRecord } from 'radgrad/dist/internal.js'
import { writeAtomically } from '../files.ts'
import { type Compute, type Job, pack } from '../sweep/job.ts'
import { onThisMachine } from '../sweep/pool.ts'
import * as options from './options.ts'
import { print, warn } from './progress.ts'
import { work } from './work.ts'

/** A run and the name of its record. */
interface Wanted extends Job {
  readonly name: string
}

const command = () =>
  new Command('reproduce')
    .description('Computes the runs of the paper’s experiments that are not recorded yet, and records them.')
    .option('--seeds <n>', 'seeds 1 to n', options.wholeNumber(1), 1)
    .addOption(
      new Option('--environments <names...>', 'the tasks')
        .choices(rg.environments)
        .default(rg.paperEnvironments, 'the paper’s')
    )
    .addOption(
      new Option('--strategies <names...>', 'when to query the expert')
        .choices(options.strategies)
        .default(rg.strategyNames, 'the paper’s nine')
    )
    .addOption(options.rate())
    .addOption(options.workers())
    .addOption(options.queue().conflicts('workers'))
    .addOption(options.results())
    .addOption(options.experts())
    .option('--quick', `only ${rg.quick.iterations} iterations and ${rg.quick.trials} trials: to see that it works`)
    .option('--shard <i/n>', 'only every nth run from the ith on, for one machine of n', parseShard)

type Options = ReturnType<ReturnType<typeof command>['opts']>

/** @param signal once aborted, the runs stop; what is recorded stays, and the next time goes on from there */
export const reproduceCommand = (signal: AbortSignal) => command().action((options) => reproduce(options, signal))

function parseShard(text: string): { index: number; of: number } {
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (!(index >= 1 && index <= of)) throw new InvalidArgumentError('It must be as 1/4, from 1/4 to 4/4.')
  return { index, of }
}

async function reproduce(given: Options, signal: AbortSignal): Promise<void> {
  const { results: folder, shard = { index: 1, of: 1 } } = given
  const compute = await computeOf(given)
  const wanted = (await allWanted(given)).filter((_, i) => i % shard.of === shard.index - 1)
  await mkdir(folder, { recursive: true }).catch((error: Error) => cannotWrite(folder, error))
  const { records, unusable } = await rg.readResults(folder).catch(async (error: Error) => {
    await checkWritable(folder)
    throw error
  })
  for (const [file, why] of unusable) warn(`${join(folder, file)} is left alone: ${why}`)
  const blocked = wanted.filter(({ name }) => unusable.has(name))
  const missing = wanted.filter(({ name }) => !records.has(name) && !unusable.has(name))
  const there = wanted.length - blocked.length - missing.length
  print(
    `${there} of ${wanted.length} runs are recorded in ${folder}${missing.length > 0 ? `, ${missing.length} to go` : ''}`
  )

  if (missing.length > 0) await checkWritable(folder)
  const failures = await work(missing, compute, (_, record) => save(folder, record), signal)
  if (failures > 0) throw new Error(`${failures} of ${missing.length} runs failed; the others are recorded`)
  if (blocked.length > 0)
    throw new Error(
      `${blocked.length} of ${wanted.length} runs have no record to be used; move ${blocked.map(({ name }) => name).join(', ')} away and run again`
    )
}

async function computeOf({ queue, workers = availableParallelism() }: Options): Promise<Compute> {
  if (queue === undefined) return onThisMachine(workers)
  const [{ addressOf }, { throughQueue }] = await Promise.all([
    import('../sweep/queue.ts'),
    import('../sweep/submit.ts')
  ])
  return throughQueue(addressOf(queue))
}

async function allWanted(given: Options): Promise<Wanted[]> {
  const wanted: Wanted[] = []
  const changes = { ...(given.quick && rg.quick), ...(given.rate !== undefined && { rate: given.rate }) }
  for (const environment of new Set(given.environments)) {
    const expert = await rg.loadExpert(environment, given.experts)
    const packed = pack(expert)
    for (const strategy of new Set(given.strategies.map(options.strategyOf))) {
      const protocol = await rg.withExpertHash(rg.protocolFor(environment, strategy, expert, changes))
      for (let seed = 1; seed <= given.seeds; seed++)
        wanted.push({ protocol, seed, expert: packed, name: await recordFileName({ protocol, seed }) })
    }
  }
  return wanted
}

/** Throws when a folder cannot be written to, before anything is computed for it. */
async function checkWritable(folder: string): Promise<void> {
  const probe = join(folder, `.radgrad-${process.pid}`)
  await writeAtomically(probe, '').catch((error: Error) => cannotWrite(folder, error))
  await rm(probe)
}

async function save(folder: string, record: rg.RunRecord): Promise<string> {
  await writeRecord(folder, record).catch((error: Error) => cannotWrite(folder, error))
  const { queries, loss, lossSd } = rg.finalIteration(record.outcome)
  return `${queries} queries, loss ${loss.toFixed(2)} ± ${lossSd.toFixed(2)}, ${duration(record).toFixed(0)} s`
}

function cannotWrite(folder: string, error: Error): never {
  throw new Error(`${folder} cannot be written to: ${error.message}; what was recorded stays`)
}
