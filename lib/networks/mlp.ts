/** Multilayer perceptrons: their declaration, and the layers that the fused engine computes. */
import * as v from 'valibot'
import { isRecord } from '../util/json'
import { check, choice, count, is, listOf, object, positive, share } from '../util/schema'
import type { Weight } from './network'
import type { LayerTopology, Topology } from './topology'

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

/** TensorFlow.js takes `fanIn` too. */
const snakeCase = (mode: unknown): string => String(mode).replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)

const varianceScaling = v.object({
  scale: positive,
  mode: v.pipe(v.unknown(), v.transform(snakeCase), choice(['fan_in', 'fan_out', 'fan_avg'])),
  distribution: choice(['uniform', 'normal'])
})

/** The distribution of initial weights, of variance `scale` / fan. He, LeCun and Glorot are special cases. */
type VarianceScaling = v.InferOutput<typeof varianceScaling>

const glorotUniform: VarianceScaling = { scale: 1, mode: 'fan_avg', distribution: 'uniform' }

const activations = choice(['linear', 'relu', 'tanh'])
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
  const { name = `dense_${position}`, units, activation, kernel_initializer } = config
  const odd = Object.entries({ units, ...config }).find(([field, value]) => !isTaken(field, value))
  if (odd) return `${name} has ${odd[0]} ${JSON.stringify(odd[1])}`
  const initializer = readInitializer(kernel_initializer) as VarianceScaling
  const read = { inputs, units: Number(units), dropout: 0, initializer }
  return { ...read, name: String(name), activation: (activation ?? 'linear') as Activation }
}

/** Tests that a field leaves a dense layer with a bias that starts at zero. */
function isTaken(field: string, value: unknown): boolean {
  if (field === 'units') return is(count, value)
  if (field === 'activation') return value == null || is(activations, value)
  if (field === 'kernel_initializer') return readInitializer(value) !== undefined
  if (field === 'bias_initializer') return value === 'zeros' || (isRecord(value) && value.class_name === 'Zeros')
  return (field !== 'use_bias' && field !== 'trainable') || value !== false
}

/** Adds the activation or dropout of the next layer to a dense layer without dropout. */
function fold(dense: DenseLayer | undefined, { class_name, config }: LayerTopology): DenseLayer | string {
  const { name, activation, rate, noise_shape } = config
  if (dense?.dropout === 0 && class_name === 'Dropout' && is(aShare, rate) && !noise_shape)
    return { ...dense, dropout: rate }
  if (
    dense?.dropout === 0 &&
    class_name === 'Activation' &&
    dense.activation === 'linear' &&
    is(activations, activation)
  )
    return { ...dense, activation }
  return `${name} is a ${class_name} that cannot be folded into a dense layer`
}

/** Returns the names and shapes of the weights of dense layers. */
export const shapesOf = (layers: readonly DenseLayer[]): Omit<Weight, 'values'>[] =>
  layers.flatMap(({ name, inputs, units }) => [
    { name: `${name}/kernel`, shape: [inputs, units] },
    { name: `${name}/bias`, shape: [units] }
  ])

function readInitializer(initializer: unknown): VarianceScaling | undefined {
  if (initializer === undefined) return { ...glorotUniform, distribution: 'normal' } // TensorFlow.js's default
  if (!isRecord(initializer) || initializer.class_name !== 'VarianceScaling' || !isRecord(initializer.config))
    return undefined
  const { success, output } = v.safeParse(varianceScaling, initializer.config)
  return success ? output : undefined
}
