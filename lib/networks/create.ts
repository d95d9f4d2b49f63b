import type { Rng } from '../util/random'
import { check, func, object } from '../util/schema'
import { fusedNetwork } from './fused'
import { type EngineName, engineSchema, type Network } from './network'
import { topologyOf } from './topology'

/**
 * Creates a network of a given topology and draws its weights from `rng`. The fused engine computes it where it can; TensorFlow
 * does otherwise, which is said once, or on request.
 *
 * @param topology a `tf.sequential(…)` or other model of TensorFlow.js, its JSON, or a `perceptron(…)`
 * @param engine `fused` by default
 * @throws TypeError for what declares no network
 */
export async function createNetwork(topology: unknown, rng: Rng, engine: EngineName = 'fused'): Promise<Network> {
  check(object({ rng: func, engine: engineSchema }), 'createNetwork', { rng, engine })
  const declared = topologyOf(topology)
  const fused = engine === 'fused' ? fusedNetwork(declared, rng) : undefined
  if (typeof fused === 'object') return fused
  if (fused && !said.has(fused)) {
    said.add(fused)
    console.warn(`radgrad: the fused engine cannot compute a network: ${fused}; TensorFlow does, tens of times slower`)
  }
  // loaded only when needed: workers and browsers do without TensorFlow
  return (await import('./tensorflow.js')).tensorflowNetwork(declared, rng)
}

/** The reasons that were told. */
const said = new Set<string>()
