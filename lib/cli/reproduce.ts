/** `radgrad reproduce`: the runs behind Figures 2 and 3 and Table 2, those that are not recorded yet. */
import { rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { final } from '../analysis/contests'
import { type EnvironmentName, environments } from '../environments'
import { protocolFor, quick } from '../experiments/protocol'
import { duration, type RunRecord, recorded } from '../experiments/record'
import { writeAtomically } from '../files/atomic'
import { loadExpert } from '../files/experts'
import { readResults, recordName, writeRecord } from '../files/results'
import { strategyNames } from '../strategies'
import type { Compute } from '../workers/compute'
import { type Job, pack } from '../workers/job'
import { onThisMachine } from '../workers/local'
import {
  choice,
  count,
  expertsOption,
  queueOption,
  rateOption,
  resultsOption,
  type StrategyChoice,
  strategyChoices,
  strategyOf,
  workersOption
} from './options'
import { print, warn } from './print'
import { work } from './work'

interface Shard {
  readonly index: number
  readonly of: number
}

interface ReproduceOptions {
  readonly seeds: number
  readonly environments: readonly EnvironmentName[]
  readonly strategies: readonly StrategyChoice[]
  readonly workers?: number
  readonly queue?: string
  readonly results: string
  readonly experts?: string
  readonly quick?: true
  readonly rate?: number
  readonly shard?: Shard
}

/** A run and the name of its record. */
interface Wanted extends Job {
  readonly name: string
}

/** @param signal once aborted, the runs stop; what is recorded stays, and the next time goes on from there */
export function reproduceCommand(signal: AbortSignal): Command {
  return new Command('reproduce')
    .description('Computes the runs of the paper’s experiments that are not recorded yet, and records them.')
    .addOption(count('seeds', 'seeds 1 to n').default(1))
    .addOption(choice('--environments <names...>', 'the tasks', environments).default(environments, 'both'))
    .addOption(
      choice('--strategies <names...>', 'when to ask the expert', strategyChoices).default(
        strategyNames,
        'the paper’s nine'
      )
    )
    .addOption(rateOption())
    .addOption(workersOption())
    .addOption(queueOption().conflicts('workers'))
    .addOption(resultsOption())
    .addOption(expertsOption())
    .option('--quick', `only ${quick.iterations} iterations and ${quick.trials} trials: to see that it works`)
    .addOption(
      new Option('--shard <i/n>', 'only every nth run from the ith on, for one machine of n').argParser(parseShard)
    )
    .action((options: ReproduceOptions) => reproduce(options, signal))
}

function parseShard(text: string): Shard {
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (!(index >= 1 && index <= of)) throw new InvalidArgumentError('It must be as 1/4, from 1/4 to 4/4.')
  return { index, of }
}

async function reproduce(options: ReproduceOptions, signal: AbortSignal): Promise<void> {
  const { results: folder, shard = { index: 1, of: 1 } } = options
  const compute = await computeOf(options)
  const wanted = (await allWanted(options)).filter((_, i) => i % shard.of === shard.index - 1)
  const { records, unusable } = await readResults(folder)
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

/** This machine, or the workers of a queue: the rest does not know which. */
async function computeOf({ queue, workers = availableParallelism() }: ReproduceOptions): Promise<Compute> {
  if (queue === undefined) return onThisMachine(workers)
  const [{ addressOf }, { throughQueue }] = await Promise.all([
    import('../queue/address.js'),
    import('../queue/submit.js')
  ])
  return throughQueue(addressOf(queue))
}

async function allWanted(options: ReproduceOptions): Promise<Wanted[]> {
  const wanted: Wanted[] = []
  for (const environment of new Set(options.environments)) {
    const expert = await loadExpert(environment, options.experts)
    const packed = pack(expert)
    for (const strategy of new Set(options.strategies.map(strategyOf))) {
      const changes = { ...(options.quick && quick), ...(options.rate !== undefined && { rate: options.rate }) }
      const protocol = await recorded(protocolFor(environment, strategy, expert, changes))
      for (let seed = 1; seed <= options.seeds; seed++)
        wanted.push({ protocol, seed, expert: packed, name: await recordName({ protocol, seed }) })
    }
  }
  return wanted
}

/** A place that cannot be written to is told before anything is computed for it. */
async function checkWritable(folder: string): Promise<void> {
  const probe = join(folder, `.radgrad-${process.pid}`)
  await writeAtomically(probe, '').catch((error: Error) => cannotWrite(folder, error))
  await rm(probe)
}

async function save(folder: string, record: RunRecord): Promise<string> {
  await writeRecord(folder, record).catch((error: Error) => cannotWrite(folder, error))
  const { queries, loss, lossSd } = final(record.outcome)
  return `${queries} queries, loss ${loss.toFixed(2)} ± ${lossSd.toFixed(2)}, ${duration(record).toFixed(0)} s`
}

function cannotWrite(folder: string, error: Error): never {
  throw new Error(`${folder} cannot be written to: ${error.message}; what was recorded stays`)
}
