import { constants } from 'node:os'
import { turn } from '../turn'

/** Ctrl-C, or a polite kill: no failure of the work. */
export class Interruption extends Error {
  constructor(readonly signal: 'SIGINT' | 'SIGTERM') {
    super('interrupted; what was printed and saved is complete')
  }

  /** What shells say of a process that this signal ended. */
  get exitCode(): number {
    return 128 + constants.signals[this.signal]
  }
}

/**
 * Work that hears when it is not wanted any more and stops where it can do so cleanly: on Ctrl-C, of which a second one
 * ends the process as usual, and when standard output can no longer be written to.
 *
 * @throws what the work throws; when it was stopped, an Interruption or standard output's error
 */
export async function interruptible(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const abort = new AbortController()
  const stop = (reason: Error): void => abort.abort(reason)
  const interrupt = (signal: NodeJS.Signals): void => stop(new Interruption(signal as 'SIGINT' | 'SIGTERM'))
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  process.stdout.on('error', stop)
  try {
    await work(abort.signal)
    // an error of the last write comes later than that write
    await turn(abort.signal)
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}
