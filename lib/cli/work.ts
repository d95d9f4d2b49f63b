import type { RunRecord } from '../experiments/record'
import type { Compute } from '../workers/compute'
import type { Job } from '../workers/job'
import { progressBar } from './progress'

/** How many times longer a run of one task takes, roughly: long ones go first, and the time left is reckoned by it. */
const cost = { reacher: 1, hopper: 20 } as const

export const title = ({ protocol, seed }: Pick<Job, 'protocol' | 'seed'>): string =>
  `${protocol.environment} ${protocol.strategy} seed ${seed}`

/**
 * Has runs computed under one progress bar, and prints a line for each.
 *
 * @param done what to do with a record; it gives what the line is to say
 * @returns how many runs failed; each was told of
 */
export async function work<J extends Job>(
  jobs: readonly J[],
  compute: Compute,
  done: (job: J, record: RunRecord) => Promise<string>,
  signal: AbortSignal
): Promise<number> {
  const weight = ({ protocol }: Job): number => cost[protocol.environment]
  const total = jobs.reduce((sum, job) => sum + weight(job), 0)
  const reached = new Map<J, number>()
  let [finished, failures] = [0, 0]
  const bar = progressBar('runs', total, () => `${finished} of ${jobs.length} done`)
  const reach = (job: J, share: number): void => {
    reached.set(job, weight(job) * share)
    bar.reach([...reached.values()].reduce((sum, value) => sum + value, 0))
  }
  try {
    await compute(
      [...jobs].sort((a, b) => weight(b) - weight(a)),
      {
        iteration: (job, iteration) => reach(job, iteration / job.protocol.iterations),
        async done(job, record) {
          const said = await done(job, record)
          finished++
          reach(job, 1)
          bar.print(`${title(job)}: ${said}`)
        },
        failed(job, error) {
          failures++
          reach(job, 1)
          bar.print(`${title(job)}: FAILED, ${error.message}`)
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
