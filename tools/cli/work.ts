import type { RunRecord } from 'radgrad'
import { tasks } from 'radgrad/dist/internal.js'
import { withRemedy } from '../setup/virtual-memory.mjs'
import { type Compute, type Job, title } from '../sweep/job.ts'
import { progressBar } from './progress.ts'

/**
 * Has runs computed under one progress bar, and prints a line for each.
 *
 * @param done handles a record, and returns what the line is to say
 * @returns how many runs failed; each was told
 */
export async function work<J extends Job>(
  jobs: readonly J[],
  compute: Compute,
  done: (job: J, record: RunRecord) => Promise<string>,
  signal: AbortSignal
): Promise<number> {
  // steps of an episode, roughly: long runs go first, and the time left is reckoned by it
  const weight = ({ protocol }: Job): number => tasks[protocol.environment].task.horizon
  const reached = new Map<J, number>()
  const words = { done: 0, runs: jobs.length }
  let failures = 0
  const total = jobs.reduce((sum, job) => sum + weight(job), 0)
  const bar = progressBar('runs', total, '{done} of {runs} done', words)
  const reach = (job: J, share: number): void => {
    reached.set(job, weight(job) * share)
    bar.reach(
      [...reached.values()].reduce((sum, value) => sum + value, 0),
      words
    )
  }
  try {
    await compute(
      [...jobs].sort((a, b) => weight(b) - weight(a)),
      {
        iteration: (job, iteration) => reach(job, iteration / job.protocol.iterations),
        async done(job, record) {
          const said = await done(job, record)
          words.done++
          reach(job, 1)
          bar.print(`${title(job)}: ${said}`)
        },
        failed(job, error) {
          failures++
          reach(job, 1)
          bar.print(`${title(job)}: FAILED, ${withRemedy(error.message)}`)
        },
        notice: (words) => bar.warn(words)
      },
      signal
    )
  } finally {
    bar.stop()
  }
  return failures
}
