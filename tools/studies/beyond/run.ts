/**
 * Computes the runs behind notebook 07 that data/beyond/records lacks; interrupted, it goes on where it was.
 *
 *     npm run study -- beyond [--tasks reacher,hopper] [--parts sweep,even,best] [--strategies loss,…] [--workers N | --queue URL]
 */
import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import {
  type AnyStrategyName,
  choosingSeeds,
  type EnvironmentName,
  loadExpert,
  type Model,
  paperEnvironments,
  readResults,
  sweepPoints,
  withExpertHash,
  withSeeds
} from 'radgrad'
import { recordFileName } from 'radgrad/dist/internal.js'
import { work } from '../../cli/work.ts'
import { inRoot } from '../../setup/root.mjs'
import { type Compute, type Job, pack } from '../../sweep/job.ts'
import { onThisMachine } from '../../sweep/pool.ts'
import { duration } from '../../sweep/recorded.ts'
import { writeRecord } from '../../sweep/write-record.ts'
import { best, even, type Run, strategies, sweep } from './plan.ts'

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: paperEnvironments.join() },
    parts: { type: 'string', default: 'sweep,even,best' },
    strategies: { type: 'string', default: strategies.join() },
    workers: { type: 'string', default: String(availableParallelism()) },
    queue: { type: 'string' },
    results: { type: 'string', default: inRoot('data/beyond/records') }
  }
})

/** Returns the names in an option, separated by commas. */
function namesIn<Name extends string>(option: 'tasks' | 'parts' | 'strategies', allowed: readonly Name[]): Name[] {
  const names = values[option].split(',')
  const unknown = names.find((name) => !(allowed as readonly string[]).includes(name))
  if (unknown !== undefined)
    throw new RangeError(`--${option}: there is no '${unknown}'; there are ${allowed.join(', ')}`)
  return names as Name[]
}

async function computer(): Promise<Compute> {
  if (values.queue === undefined) return onThisMachine(Number(values.workers))
  const { addressOf } = await import('../../sweep/queue.ts')
  const { throughQueue } = await import('../../sweep/submit.ts')
  return throughQueue(addressOf(values.queue))
}

/** The runs of each part of the plan. */
const parts = {
  sweep: async (task: EnvironmentName, expert: Model, of: readonly AnyStrategyName[]) => sweep(task, expert, of),
  even: async (task: EnvironmentName, expert: Model) => even(task, expert),
  async best(task: EnvironmentName, expert: Model, of: readonly AnyStrategyName[]) {
    const { records } = await readResults(values.results)
    const ours = [...records.values()].filter(({ protocol }) => protocol.environment === task)
    return best(
      expert,
      withSeeds(await sweepPoints(ours), (seed) => choosingSeeds.includes(seed)),
      of
    )
  }
}

/** Returns the jobs of some runs by the names of their records: one for each name. */
async function jobsOf(runs: readonly Run[], expert: Model): Promise<Map<string, Job>> {
  const jobs = new Map<string, Job>()
  for (const { protocol, seed } of runs) {
    const job = { protocol: await withExpertHash(protocol), seed, expert: pack(expert) }
    jobs.set(await recordFileName(job), job)
  }
  return jobs
}

async function compute(part: keyof typeof parts, task: EnvironmentName, signal: AbortSignal): Promise<number> {
  const expert = await loadExpert(task)
  const jobs = await jobsOf(await parts[part](task, expert, namesIn('strategies', strategies)), expert)
  const { records, unusable } = await readResults(values.results)
  for (const [file, why] of unusable) throw new Error(`${file}: ${why}; move it away`)
  const missing = [...jobs].filter(([name]) => !records.has(name)).map(([, job]) => job)
  console.log(`${part}, ${task}: ${missing.length} of ${jobs.size} runs to go`)
  return work(
    missing,
    await computer(),
    async (_, record) => {
      await writeRecord(values.results, record)
      const { rate, hyperparameters } = record.protocol
      const threshold = rate === undefined ? `τ ${hyperparameters.loss.tau}` : `rate ${rate}`
      return `${threshold}, ${duration(record).toFixed(0)} s`
    },
    signal
  )
}

const abort = new AbortController()
process.once('SIGINT', () => abort.abort(new Error('interrupted; what is recorded stays')))
try {
  await mkdir(values.results, { recursive: true })
  for (const part of namesIn('parts', Object.keys(parts) as (keyof typeof parts)[]))
    for (const task of namesIn('tasks', paperEnvironments))
      if ((await compute(part, task, abort.signal)) > 0) process.exitCode = 1
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
