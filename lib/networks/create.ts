import type { Rng } from '../random'
import { fusedNetwork } from './fused'
import type { EngineName, Network } from './network'
import { type Topology, topologyOf } from './topology'

/**
 * A network of a given topology, its weights drawn from `rng`: on the fused engine where that can run it, else, or when
 * asked for, on TensorFlow.
 *
 * @param topology a `tf.sequential(…)`, its JSON, or a `perceptron(…)`
 */
export async function createNetwork(
  topology: Topology | Parameters<typeof topologyOf>[0],
  rng: Rng,
  engine: EngineName = 'fused'
): Promise<Network> {
  const declared = topologyOf(topology)
  const fused = engine === 'fused' ? fusedNetwork(declared, rng) : undefined
  // loaded only when needed: workers and browsers do without TensorFlow
  return fused ?? (await import('../tensorflow/engine.js')).tensorflowNetwork(declared, rng)
}
