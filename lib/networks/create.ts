import type { Rng } from '../util/random'
import { fusedNetwork } from './fused'
import type { EngineName, Network } from './network'
import { topologyOf } from './topology'

/**
 * Creates a network of a given topology and draws its weights from `rng`. The fused engine computes it where it can; TensorFlow
 * does otherwise, or on request.
 *
 * @param topology a `tf.sequential(…)` or other model of TensorFlow.js, its JSON, or a `perceptron(…)`
 */
export async function createNetwork(topology: unknown, rng: Rng, engine: EngineName = 'fused'): Promise<Network> {
  const declared = topologyOf(topology)
  const fused = engine === 'fused' ? fusedNetwork(declared, rng) : undefined
  // loaded only when needed: workers and browsers do without TensorFlow
  return fused ?? (await import('./tensorflow.js')).tensorflowNetwork(declared, rng)
}
