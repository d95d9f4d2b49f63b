/** Computes the runs of a study that its folder of records lacks: the code that all studies of recorded runs share. */
import { mkdir } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import {
  type AnyStrategyName,
  type EnvironmentName,
  loadExpert,
  type Model,
  type Protocol,
  withExpertHash
} from 'radgrad'
import { recordFileName } from 'radgrad/dist/internal.js'
import { computeMissing, computeOf, type Wanted } from '../cli/records.ts'
import { inRoot } from '../setup/root.mjs'
import { pack } from '../sweep/job.ts'
import type { Run } from './runs.ts'

/** Returns the runs of a part of the plan: a task's, by some of the strategies. It may depend on what is recorded. */
export type Part<Task> = (
  task: Task,
  expert: Model,
  strategies: readonly AnyStrategyName[],
  results: string
) => readonly Run[] | Promise<readonly Run[]>

/** A plan, and where its records are. */
export interface Study<Task extends EnvironmentName> {
  readonly tasks: readonly Task[]
  readonly strategies: readonly AnyStrategyName[]
  /** By their names, in the order in which they are computed. */
  readonly parts: Readonly<Record<string, Part<Task>>>
  /** The folder of the records, in data/. */
  readonly folder: string
  /** Tells a run from others of its strategy and seed, where it is reported. */
  readonly label: (protocol: Protocol) => string
}

/**
 * Computes what a study lacks, part by part, and writes each record as it comes; interrupted, it goes on where it was. An error is reported, and
 * makes the process's exit code 1; the other parts are computed.
 *
 * @param args options: `--tasks`, `--parts` and `--strategies`, some of the study's, separated by commas; `--workers N` or `--queue URL`;
 * `--results FOLDER` and `--experts FOLDER`, others than ours
 */
export async function runStudy<Task extends EnvironmentName>(
  study: Study<Task>,
  args = process.argv.slice(2)
): Promise<void> {
  const abort = new AbortController()
  const interrupt = (): void => abort.abort(new Error('interrupted; what is recorded stays'))
  const report = (error: Error): void => {
    console.error(error.message)
    process.exitCode = 1
  }
  process.once('SIGINT', interrupt)
  try {
    const text = { type: 'string' } as const
    const what = { tasks: text, parts: text, strategies: text, experts: text }
    const { values } = parseArgs({ args, options: { ...what, workers: text, queue: text, results: text } })
    const { workers, queue, experts, results = inRoot('data', study.folder) } = values
    const tasks = namesIn(values.tasks, '--tasks', study.tasks)
    const strategies = namesIn(values.strategies, '--strategies', study.strategies)
    const parts = namesIn(values.parts, '--parts', Object.keys(study.parts))
    const compute = await computeOf({ queue, workers: workers === undefined ? undefined : Number(workers) })
    await mkdir(results, { recursive: true })
    for (const part of parts)
      for (const task of tasks) {
        const expert = await loadExpert(task, experts)
        console.log(`${part}, ${task}:`)
        const wanted = await wantedOf(await study.parts[part](task, expert, strategies, results), study.label, expert)
        await computeMissing(results, wanted, compute, abort.signal).catch((error: Error) => {
          abort.signal.throwIfAborted()
          report(error)
        })
      }
  } catch (error) {
    report(error as Error)
  } finally {
    process.off('SIGINT', interrupt)
  }
}

/** Returns the names in an option, separated by commas; all, where it is not given. */
function namesIn<Name extends string>(given: string | undefined, option: string, allowed: readonly Name[]) {
  const names = given?.split(',') ?? allowed
  const unknown = names.find((name) => !(allowed as readonly string[]).includes(name))
  if (unknown === undefined) return names as readonly Name[]
  throw new RangeError(`${option}: there is no '${unknown}'; there are ${allowed.join(', ')}`)
}

/** Returns what to compute for some runs, one for each name of a record. */
async function wantedOf(runs: readonly Run[], label: (protocol: Protocol) => string, expert: Model): Promise<Wanted[]> {
  const packed = pack(expert)
  const wanted = new Map<string, Wanted>()
  for (const run of runs) {
    const { seed } = run
    const protocol = await withExpertHash(run.protocol)
    const name = await recordFileName({ protocol, seed })
    wanted.set(name, { protocol, seed, expert: packed, name, label: label(run.protocol) })
  }
  return [...wanted.values()]
}
