/** Multilayer perceptrons: their declaration, and the layers that the fused engine computes. */
import * as v from 'valibot'
import { normal, type Rng, uniform } from '../util/random'
import { check, choice, count, is, listOf, object, positive, share } from '../util/schema'
import type { Weight } from './network'
import { type LayerTopology, snake, type Topology } from './topology'

export type Activation = 'linear' | 'relu' | 'tanh'

/** A dense layer with the activation and dropout behind it. */
export interface DenseLayer {
  readonly name: string
  readonly inputs: number
  readonly units: number
  readonly activation: Activation
  /** The fraction of the layer's outputs that dropout sets to zero in training. */
  readonly dropout: number
  readonly initializer: VarianceScaling
}

const varianceScaling = v.object({
  scale: positive,
  /** TensorFlow.js takes `fanIn` too. */
  mode: v.pipe(
    v.unknown(),
    v.transform((mode) => snake(String(mode))),
    choice(['fan_in', 'fan_out', 'fan_avg'])
  ),
  distribution: choice(['uniform', 'normal'])
})

/** The distribution of initial weights, of variance `scale` / fan. He, LeCun and Glorot are special cases. */
type VarianceScaling = v.InferOutput<typeof varianceScaling>

const glorotUniform: VarianceScaling = { scale: 1, mode: 'fan_avg', distribution: 'uniform' }

const activations = choice(['linear', 'relu', 'tanh'])

const initializer = v.object({ class_name: v.literal('VarianceScaling'), config: varianceScaling })
/** TensorFlow.js's default. */
const glorotNormal = { class_name: 'VarianceScaling', config: { ...glorotUniform, distribution: 'normal' } } as const
const zeros = v.union([v.literal('zeros'), v.object({ class_name: v.literal('Zeros') })])
const notFalse = v.optional(v.custom((value) => value !== false))

/** Of a dense layer with a bias that starts at zero. */
const denseSchema = v.object({
  units: count,
  activation: v.nullish(activations, 'linear'),
  kernel_initializer: v.optional(initializer, glorotNormal),
  bias_initializer: v.optional(zeros),
  use_bias: notFalse,
  trainable: notFalse
})

const aShare = share('outputs to drop')
const options = object({ activation: v.optional(activations), dropout: v.optional(aShare) })
type Extras = v.InferOutput<typeof options>
const perceptronSchema = object({ inputs: count, hidden: listOf(count), outputs: count, options })

/**
 * Declares a multilayer perceptron as in the paper's section 3.1: dense layers, an activation and dropout behind each hidden one,
 * and a linear output.
 *
 * @param inputs entries of an input
 * @param hidden units of each hidden layer
 * @param outputs entries of an output
 * @param options.activation of the hidden layers; `relu` by default
 * @param options.dropout fraction of hidden outputs dropped in training; 0 by default
 */
export function perceptron(inputs: number, hidden: readonly number[], outputs: number, options: Extras = {}): Topology {
  check(perceptronSchema, 'perceptron', { inputs, hidden, outputs, options })
  const { activation = 'relu', dropout = 0 } = options
  const dense = (units: number, activation: Activation, index: number): LayerTopology => ({
    class_name: 'Dense',
    config: {
      ...(index === 0 && { batch_input_shape: [null, inputs] }),
      name: `dense_${index + 1}`,
      dtype: 'float32',
      units,
      activation,
      use_bias: true,
      kernel_initializer: { class_name: 'VarianceScaling', config: { ...glorotUniform, seed: null } },
      bias_initializer: { class_name: 'Zeros', config: {} }
    }
  })
  const drop = (index: number): LayerTopology => ({
    class_name: 'Dropout',
    config: { name: `dropout_${index + 1}`, rate: dropout, noise_shape: null, seed: null }
  })
  const layers = hidden.flatMap((units, i) => [dense(units, activation, i), ...(dropout > 0 ? [drop(i)] : [])])
  const output = dense(outputs, 'linear', hidden.length)
  return { class_name: 'Sequential', config: { name: 'perceptron', layers: [...layers, output] } }
}

/**
 * Returns the dense layers of a topology, with the layers behind each folded into it. Returns the reason as a string where the
 * topology holds anything else, which only the TensorFlow engine computes.
 */
export function denseLayers({ class_name, config: { layers } }: Topology): DenseLayer[] | string {
  if (class_name !== 'Sequential') return 'the network is not sequential'
  const computing = layers.filter((layer) => layer.class_name !== 'InputLayer')
  const shape = layers[0].config.batch_input_shape ?? computing[0]?.config.batch_input_shape
  if (!Array.isArray(shape) || shape.length !== 2 || !is(count, shape[1]))
    return `the first layer has batch_input_shape ${JSON.stringify(shape)}`
  let inputs: number = shape[1]
  const dense: DenseLayer[] = []
  for (const layer of computing) {
    const read = layer.class_name === 'Dense' ? readDense(layer, inputs, dense.length + 1) : fold(dense.pop(), layer)
    if (typeof read === 'string') return read
    dense.push(read)
    inputs = read.units
  }
  return dense.at(-1)?.dropout === 0 ? dense : 'the network does not end with a dense layer'
}

/** Reads a dense layer, or returns the reason why the fused engine does not compute it. */
function readDense({ config }: LayerTopology, inputs: number, position: number): DenseLayer | string {
  const { name = `dense_${position}` } = config
  const { success, output, issues } = v.safeParse(denseSchema, config)
  if (!success) return issues.map(({ path }) => `${name} has ${path?.[0].key} ${JSON.stringify(path?.[0].value)}`)[0]
  const { units, activation, kernel_initializer } = output
  return { name: String(name), inputs, units, activation, dropout: 0, initializer: kernel_initializer.config }
}

/** Adds the activation or dropout of the next layer to a dense layer without dropout. */
function fold(dense: DenseLayer | undefined, { class_name, config }: LayerTopology): DenseLayer | string {
  const { name, activation, rate, noise_shape } = config
  const last = dense?.dropout === 0 ? dense : undefined
  if (last && class_name === 'Dropout' && is(aShare, rate) && !noise_shape) return { ...last, dropout: rate }
  if (last?.activation === 'linear' && class_name === 'Activation' && is(activations, activation))
    return { ...last, activation }
  return `${name} is a ${class_name} that cannot be folded into a dense layer`
}

/** Returns the names and shapes of the weights of dense layers. */
export const shapesOf = (layers: readonly DenseLayer[]): Omit<Weight, 'values'>[] =>
  layers.flatMap(({ name, inputs, units }) => [
    { name: `${name}/kernel`, shape: [inputs, units] },
    { name: `${name}/bias`, shape: [units] }
  ])

/** Draws the initial weights of dense layers as TensorFlow.js's VarianceScaling does, in its order. Biases are zero. */
export const drawWeights = (layers: readonly DenseLayer[], rng: Rng): Float32Array[] =>
  layers.flatMap((layer) => [drawKernel(layer, rng), new Float32Array(layer.units)])

function drawKernel({ inputs, units, initializer }: DenseLayer, rng: Rng): Float32Array {
  const { scale, mode, distribution } = initializer
  const fan = mode === 'fan_in' ? inputs : mode === 'fan_out' ? units : (inputs + units) / 2
  const deviation = Math.sqrt(scale / Math.max(1, fan))
  const draw =
    distribution === 'uniform' ? () => uniform(rng, -1, 1) * Math.sqrt(3) * deviation : () => normal(rng, 2) * deviation
  return Float32Array.from({ length: inputs * units }, draw)
}
