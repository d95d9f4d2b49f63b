import { normal, type Rng, uniform } from '../util/random'
import type { DenseLayer } from './mlp'

/** Draws the initial weights of a dense layer, [inputs, units], as TensorFlow.js's VarianceScaling does. */
export function initialWeights({ inputs, units, initializer }: DenseLayer, rng: Rng): Float32Array {
  const { scale, mode, distribution } = initializer
  const fan = mode === 'fan_in' ? inputs : mode === 'fan_out' ? units : (inputs + units) / 2
  const deviation = Math.sqrt(scale / Math.max(1, fan))
  const draw =
    distribution === 'uniform' ? () => uniform(rng, -1, 1) * Math.sqrt(3) * deviation : () => normal(rng, 2) * deviation
  return Float32Array.from({ length: inputs * units }, draw)
}
