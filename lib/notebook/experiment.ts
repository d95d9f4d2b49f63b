import { imitate } from '../algorithm'
import { type Participants, participantsOf } from '../participants'
import { checkProtocol, type Protocol } from '../protocol'
import { yieldToEventLoop } from '../util/event-loop'
import { check, plain } from '../util/schema'
import { host } from './host'
import { progress } from './progress'

/** The cell whose experiment was interrupted last. */
let interrupted: unknown

/**
 * Runs Algorithm 1 under a progress bar below the cell. An interrupt of the kernel ends the experiment, and all further ones of the
 * cell, as `break` ends a loop: what was yielded stays valid, and the cell continues. tslab waits for a cell only if it has a plain
 * `await`, so a cell with `for await` needs one too.
 *
 * @param seed whole number that names every random number of the run
 * @param own replaces participants that the protocol names: an environment, a strategy or an expert of your own
 * @throws RangeError that names the wrong field of the protocol and what is allowed
 */
export async function* experiment(protocol: Protocol, seed: number, own: Partial<Participants> = {}) {
  checkProtocol(protocol)
  check(plain, 'own', own)
  if (own.strategy && protocol.rate !== undefined)
    throw new RangeError(`the protocol's rate is of its strategy: leave it out, and give your rule topFraction(…)`)
  const participants = { ...(await participantsOf(protocol, own.strategy)), ...own }
  const title = `${participants.environment?.name} ${own.strategy?.title ?? protocol.strategy} seed ${seed}`
  const bar = progress(title, protocol.iterations)
  const cell = host().cell()
  const abort = new AbortController()
  const stop = (): void => {
    interrupted = cell
    abort.abort()
  }
  if (cell && cell === interrupted) stop()
  await yieldToEventLoop() // a cell hears no interrupt until it first waits
  const end = cell ? host().onInterrupt(stop) : () => {} // a script ends by an interrupt
  try {
    for await (const iteration of imitate(participants, protocol, seed, abort.signal)) {
      bar.reach(iteration.record.iteration)
      yield iteration
    }
  } catch (error) {
    if (!abort.signal.aborted) throw error
  } finally {
    end()
    bar.stop(abort.signal.aborted ? 'interrupted' : undefined)
  }
}
