/** Monte Carlo dropout: samples of a network trained with dropout (Gal and Ghahramani, Dropout as a Bayesian Approximation, 2016). */

import { createNetwork } from '../../networks/create'
import { denseLayers } from '../../networks/mlp'
import type { Network, Weight } from '../../networks/network'
import type { Topology } from '../../networks/topology'
import type { Rng } from '../../util/random'

/** Samples of a network. */
export type DropoutSamples = Awaited<ReturnType<typeof dropoutSamples>>

/** Creates networks that hold samples of one. Draw them anew whenever it has been trained. */
export async function dropoutSamples(source: Network, count: number) {
  const networks: Network[] = []
  for (let i = 0; i < count; i++) networks.push(await createNetwork(source.topology, () => 0.5, source.engine))
  return {
    networks,
    draw(rng: Rng): void {
      const weights = source.weights()
      for (const network of networks) network.setWeights(sampleDropout(source.topology, weights, rng))
    }
  }
}

/**
 * Samples one dropout mask and bakes it into the weights: dropped units become 0, the rest are scaled by 1 / (1 - rate).
 *
 * @returns weights for a network of the same topology
 * @throws RangeError unless the topology is a multilayer perceptron
 */
export function sampleDropout(topology: Topology, weights: readonly Weight[], rng: Rng): Float32Array[] {
  const layers = denseLayers(topology)
  if (typeof layers === 'string') throw new RangeError('dropout is sampled in dense layers: this network has others')
  const values = weights.map(({ values }) => values.slice())
  layers.slice(0, -1).forEach(({ units, dropout }, l) => {
    const [kernel, bias, next] = values.slice(2 * l, 2 * l + 3)
    const nextUnits = layers[l + 1].units
    for (let unit = 0; unit < units; unit++) {
      const dropped = rng() < dropout
      // an inactive unit costs the engine nothing
      if (dropped) for (let i = unit; i < kernel.length; i += units) kernel[i] = 0
      if (dropped) bias[unit] = 0
      for (let i = unit * nextUnits; i < (unit + 1) * nextUnits; i++) next[i] *= dropped ? 0 : 1 / (1 - dropout)
    }
  })
  return values
}
