import { type Iteration, imitate, imitateWith, type Parts, type Settings } from '../experiments/imitate'
import { checkProtocol, type Protocol } from '../experiments/protocol'
import { turn } from '../turn'
import { onInterrupt } from './interrupt'
import { progress } from './progress'
import { writer } from './tslab'

/** The cell whose experiment was interrupted last. */
let interrupted: unknown

/**
 * `imitate` as a notebook runs it: a bar below the cell tells how far it is and how long it may take yet. An interrupt of the
 * kernel ends it, and all further experiments of the cell, as `break` ends a loop: what was yielded stays good, and the cell
 * goes on. tslab knows a cell that has to wait by a plain `await`, so a cell with `for await` needs one too.
 *
 * @param seed names every random number of the run
 * @throws RangeError or TypeError that says which choice of the protocol is wrong and what is allowed
 */
export async function* experiment(protocol: Protocol, seed: number): AsyncGenerator<Iteration, void, undefined> {
  checkProtocol('protocol', protocol)
  const title = `${protocol.environment} ${protocol.strategy} seed ${seed}`
  yield* watched(title, protocol.iterations, (signal) => imitate(protocol, seed, signal))
}

/** `imitateWith` as a notebook runs it, in all else as `experiment`. */
export async function* experimentWith(
  parts: Parts,
  settings: Settings,
  seed: number
): AsyncGenerator<Iteration, void, undefined> {
  const title = `${parts.environment.name} ${parts.strategy.title} seed ${seed}`
  yield* watched(title, settings.iterations, (signal) => imitateWith(parts, settings, seed, signal))
}

async function* watched(
  title: string,
  iterations: number,
  begin: (signal: AbortSignal) => AsyncGenerator<Iteration, void, undefined>
): AsyncGenerator<Iteration, void, undefined> {
  const bar = progress(title, iterations, 'iterations')
  const cell = writer()
  const abort = new AbortController()
  const stop = (): void => {
    interrupted = cell
    abort.abort()
  }
  if (cell && cell === interrupted) stop()
  await turn() // until a cell first waits, Node keeps interrupts from all who would hear them, and then gives them back
  const end = onInterrupt(stop)
  let restore = (): void => {}
  try {
    for await (const iteration of begin(abort.signal)) {
      restore = restorer(iteration)
      bar.reach(iteration.record.iteration)
      yield iteration
    }
  } catch (error) {
    if (!abort.signal.aborted) throw error
    restore()
  } finally {
    end()
    bar.stop(abort.signal.aborted ? 'interrupted' : undefined)
  }
}

/** Puts networks, and what else was learned, back as they were tested: the next iteration, interrupted, leaves them somewhere in their training. */
function restorer({ policy, critic }: Iteration): () => void {
  const tested = [policy, ...critic.networks].map((network) => ({ network, weights: network.weights() }))
  const restore = critic.keep?.()
  return () => {
    restore?.()
    for (const { network, weights } of tested) network.setWeights(weights.map(({ values }) => values))
  }
}
