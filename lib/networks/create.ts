import type { Rng } from '../util/random'
import { check, func, object } from '../util/schema'
import { fusedNetwork } from './fused'
import { denseLayers } from './mlp'
import { type EngineName, engineSchema, type Network } from './network'
import { canonicalTopology, readTopology } from './topology'

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
  const named = readTopology(topology)
  const declared = canonicalTopology(named)
  const fused = engine === 'fused' ? fusedNetwork(declared, rng) : undefined
  if (typeof fused === 'object') return fused
  // loaded only when needed: workers and browsers do without TensorFlow
  const network = await (await import('./tensorflow.js')).tensorflowNetwork(declared, rng)
  if (fused && !said.has(fused)) {
    said.add(fused)
    const why = denseLayers(named)
    console.warn(`radgrad: the fused engine cannot compute a network: ${why}; TensorFlow does, tens of times slower`)
  }
  return network
}

/** The reasons that were told. */
const said = new Set<string>()
