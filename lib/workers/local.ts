import { aborted } from './aborted'
import type { Compute } from './compute'
import { openPool } from './pool'

/** Computes runs in so many processes of this machine; they are ended when it ends. */
export const onThisMachine =
  (workers: number): Compute =>
  async (jobs, listener, signal) => {
    signal.throwIfAborted()
    const pool = openPool(workers)
    const abort = new AbortController()
    const stop = AbortSignal.any([signal, abort.signal])
    const one = async (job: (typeof jobs)[number]): Promise<void> => {
      const iteration = (count: number): void => listener.iteration(job, count)
      const result = await pool.run(job, iteration, stop).catch((error: Error) => error)
      if (stop.aborted) return
      if (result instanceof Error) listener.failed(job, result)
      else await listener.done(job, result)
    }
    // The pool's own queue may stand still when a process dies, so no job is put there.
    const waiting = jobs.values()
    const lane = async (): Promise<void> => {
      for (const job of waiting) await one(job)
    }
    try {
      await Promise.race([Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, lane)), aborted(signal)])
    } finally {
      abort.abort()
      await pool.end()
    }
  }
