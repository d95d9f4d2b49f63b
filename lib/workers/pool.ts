/** Many runs at once, each in a process of its own among a few. */
import { join } from 'node:path'
import { pool, TerminateError } from 'workerpool'
import type { RunRecord } from '../experiments/record'
import type { Job } from './worker'

export type { Job } from './worker'

/** What is heard of jobs while they are worked on. */
export interface Listener<J extends Job> {
  /** A job has done so many iterations; when its process was killed it begins again. */
  iteration(job: J, iteration: number): void
  /** A job is done. What this throws ends all. */
  done(job: J, record: RunRecord): Promise<void>
  /** A job cannot be done; the others go on. */
  failed(job: J, error: Error): void
}

/** A worker that was killed may have been unlucky; a job that kills a second one is to blame. */
const attempts = 2

/** Milliseconds for the workers to end in. */
const patience = 5000

/**
 * Computes runs over a pool of processes. What comes of a job depends neither on their number nor on what else they did.
 *
 * @throws the signal's reason when aborted, and what `done` throws, the workers then being ended
 */
export async function compute<J extends Job>(
  jobs: readonly J[],
  workers: number,
  listener: Listener<J>,
  signal: AbortSignal
): Promise<void> {
  signal.throwIfAborted()
  const processes = pool(join(__dirname, 'worker.js'), { workerType: 'process', maxWorkers: workers })
  const abort = new AbortController()
  const stop = AbortSignal.any([signal, abort.signal])
  const stopped = new Promise<never>((_, reject) => {
    stop.addEventListener('abort', () => reject(stop.reason), { once: true })
  })
  const one = async (job: J): Promise<void> => {
    const result = await attempt(job, attempts).catch((error: Error) => error)
    if (stop.aborted) return
    if (result instanceof Error) listener.failed(job, result)
    else await listener.done(job, result)
  }
  const attempt = async (job: J, left: number): Promise<RunRecord> => {
    const { protocol, seed, experts } = job
    try {
      return await processes.exec('run', [{ protocol, seed, experts }], {
        on: (iteration: number) => listener.iteration(job, iteration)
      })
    } catch (error) {
      if (!(error instanceof TerminateError)) throw error
      if (left > 1 && !stop.aborted) return attempt(job, left - 1)
      throw new Error(`the process that computed it ended ${attempts} times`)
    }
  }
  // The pool's own queue may stand still when a worker dies, so no job is put there.
  const waiting = jobs.values()
  const lane = async (): Promise<void> => {
    for (const job of waiting) await one(job)
  }
  try {
    await Promise.race([Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, lane)), stopped])
  } finally {
    abort.abort()
    // a worker that was killed when it had nothing to do ends no second time, and to wait for that is in vain
    await processes.terminate(true, patience).catch(() => {})
  }
}
