import type { RunRecord } from '../experiments/record'
import type { Job } from './job'

/**
 * What computes runs: processes of this machine, or others' by a queue. What comes of a job is the same of either.
 *
 * @throws the signal's reason when aborted, and what `done` throws, nothing being told any more
 */
export type Compute = <J extends Job>(jobs: readonly J[], listener: Listener<J>, signal: AbortSignal) => Promise<void>

/** What is heard of jobs while they are worked on. */
export interface Listener<J extends Job> {
  /** A job has done so many iterations; when what computes it was killed it begins again. */
  iteration(job: J, iteration: number): void
  /** A job is done. What this throws ends all. */
  done(job: J, record: RunRecord): Promise<void>
  /** A job cannot be done; the others go on. */
  failed(job: J, error: Error): void
  /** Something to be known that is of no one job. */
  notice(words: string): void
}
