import type { Rng } from '../random'
import type { Weight } from './network'
import { denseLayers, type Topology } from './topology'

/**
 * A draw from the networks that dropout trains (Gal and Ghahramani, Dropout as a Bayesian Approximation, 2016): each hidden
 * unit is left out with its layer's rate, and what the others say counts for so much more.
 *
 * @returns weights for a network of the same topology, which then says without dropout what that draw says
 * @throws RangeError for what is no multilayer perceptron
 */
export function thinned(topology: Topology, weights: readonly Weight[], rng: Rng): Float32Array[] {
  const layers = denseLayers(topology)
  if (!layers) throw new RangeError('draws by dropout are made of dense layers: this network has others')
  const values = weights.map(({ values }) => values.slice())
  layers.slice(0, -1).forEach(({ units, dropout }, l) => {
    const [into, bias, from] = values.slice(2 * l, 2 * l + 3)
    const next = layers[l + 1].units
    for (let unit = 0; unit < units; unit++) {
      const left = rng() < dropout
      if (left) for (let i = unit; i < into.length; i += units) into[i] = 0 // silent units cost the engine nothing
      if (left) bias[unit] = 0
      for (let i = unit * next; i < (unit + 1) * next; i++) from[i] *= left ? 0 : 1 / (1 - dropout)
    }
  })
  return values
}
