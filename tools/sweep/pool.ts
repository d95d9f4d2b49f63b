/** Processes of this machine that compute runs. */
import { join } from 'node:path'
import pMap from 'p-map'
import type { RunRecord } from 'radgrad'
import { pool, TerminateError } from 'workerpool'
import type { Compute, Job } from './job.ts'

/** A killed process may have been unlucky; a run that loses a second one is to blame. */
const attempts = 2

/** Milliseconds that ending the processes may take. */
const patience = 5000

/** @param size the most processes there are; each starts with its first run, and stays */
export function openPool(size: number) {
  const processes = pool(join(import.meta.dirname, 'worker.js'), { workerType: 'process', maxWorkers: size })

  /** Computes a run in an idle process, of which there must be one. */
  async function compute(job: Job, iterated: (iteration: number) => void, signal: AbortSignal): Promise<RunRecord> {
    signal.throwIfAborted()
    const { protocol, seed, expert, own } = job
    const computed = processes.exec('run', [{ protocol, seed, expert, own }], {
      // a cancelled process may still send a last message
      on: (iteration: number) => signal.aborted || iterated(iteration)
    })
    const cancel = (): void => void computed.cancel()
    signal.addEventListener('abort', cancel)
    try {
      return (await computed) as RunRecord
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }

  return {
    /**
     * Computes a run, again when its process was killed.
     *
     * @param iterated hears of each iteration
     * @throws the signal's reason once it is aborted, the process then being ended; Error when the run cannot be done
     */
    async run(job: Job, iterated: (iteration: number) => void, signal: AbortSignal): Promise<RunRecord> {
      for (let attempt = 1; attempt <= attempts; attempt++)
        try {
          return await compute(job, iterated, signal)
        } catch (error) {
          if (signal.aborted || !(error instanceof TerminateError)) throw error
        }
      throw new Error(`the process that computed it ended ${attempts} times`)
    },
    /** Ends all processes, whatever they do. */
    async end(): Promise<void> {
      // a process that was killed while idle ends no second time: waiting for it is in vain
      await processes.terminate(true, patience).catch(() => {})
    }
  }
}

/** Computes runs in so many processes of this machine, which it ends at its own end. */
export const onThisMachine =
  (workers: number): Compute =>
  async (jobs, listener, signal) => {
    const processes = openPool(workers)
    const ended = new AbortController()
    const stop = AbortSignal.any([signal, ended.signal])
    const compute = async (job: (typeof jobs)[number]): Promise<void> => {
      const iterated = (iteration: number): void => listener.iteration(job, iteration)
      const result = await processes.run(job, iterated, stop).catch((error: Error) => error)
      if (stop.aborted) return
      if (result instanceof Error) listener.failed(job, result)
      else await listener.done(job, result)
    }
    try {
      // jobs wait here, as the pool's own queue may stand still when a process dies
      await pMap(jobs, compute, { concurrency: workers, signal })
    } finally {
      ended.abort()
      await processes.end()
    }
  }
