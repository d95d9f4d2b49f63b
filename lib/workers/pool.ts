/** A few processes of this machine that compute runs. */
import { join } from 'node:path'
import { pool, TerminateError } from 'workerpool'
import type { RunRecord } from '../experiments/record'
import type { Job } from './job'

export interface Pool {
  /**
   * Computes a run in a process that has nothing else to do: there must be one.
   *
   * @param told hears of each iteration; when its process was killed a run begins again
   * @throws the signal's reason when aborted, the process being ended; an Error when the run cannot be done
   */
  run(job: Job, told: (iteration: number) => void, signal: AbortSignal): Promise<RunRecord>
  /** Ends all processes, whatever they do. */
  end(): Promise<void>
}

/** A process that was killed may have been unlucky; a job that kills a second one is to blame. */
const attempts = 2

/** Milliseconds for the processes to end in. */
const patience = 5000

/** @param size how many processes there are at most; they start when there is something to do, and stay */
export function openPool(size: number): Pool {
  const processes = pool(join(__dirname, 'worker.js'), { workerType: 'process', maxWorkers: size })

  async function run(
    { protocol, seed, expert }: Job,
    told: (iteration: number) => void,
    signal: AbortSignal
  ): Promise<RunRecord> {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      signal.throwIfAborted()
      const computed = processes.exec('run', [{ protocol, seed, expert }], {
        // what is cancelled may say a last word
        on: (iteration: number) => signal.aborted || told(iteration)
      })
      const cancel = (): void => void computed.cancel()
      signal.addEventListener('abort', cancel)
      try {
        return (await computed) as RunRecord
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof TerminateError)) throw error
      } finally {
        signal.removeEventListener('abort', cancel)
      }
    }
    throw new Error(`the process that computed it ended ${attempts} times`)
  }

  return {
    run,
    async end() {
      // one that was killed when it had nothing to do ends no second time, and to wait for that is in vain
      await processes.terminate(true, patience).catch(() => {})
    }
  }
}
