/** Multilayer perceptrons: their declaration, and the layers that the fused engine computes. */
import { isRecord } from '../util/json'
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

/** The distribution of initial weights, of variance `scale` / fan. He, LeCun and Glorot are special cases. */
export interface VarianceScaling {
  readonly scale: number
  readonly mode: 'fan_in' | 'fan_out' | 'fan_avg'
  readonly distribution: 'uniform' | 'normal'
}

const glorotUniform: VarianceScaling = { scale: 1, mode: 'fan_avg', distribution: 'uniform' }

/**
 * Declares a multilayer perceptron as in the paper's section 3.1: dense layers, an activation and dropout behind each hidden one,
 * and a linear output.
 *
 * @param hidden units of each hidden layer
 * @param dropout fraction of hidden outputs dropped in training
 */
export function perceptron(
  inputs: number,
  hidden: readonly number[],
  outputs: number,
  { activation = 'relu', dropout = 0 }: { activation?: Activation; dropout?: number } = {}
): Topology {
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
  return {
    class_name: 'Sequential',
    config: { name: 'perceptron', layers: [...layers, dense(outputs, 'linear', hidden.length)] }
  }
}

/**
 * Returns the dense layers of a topology, with the layers behind each folded into it. Returns undefined where the topology holds
 * anything else, which only the TensorFlow engine computes.
 */
export function denseLayers({ class_name, config: { layers } }: Topology): DenseLayer[] | undefined {
  if (class_name !== 'Sequential') return undefined
  const computing = layers.filter((layer) => layer.class_name !== 'InputLayer')
  const shape = layers[0].config.batch_input_shape ?? computing[0]?.config.batch_input_shape
  if (!Array.isArray(shape) || shape.length !== 2 || !isCount(shape[1])) return undefined
  let inputs: number = shape[1]
  const dense: DenseLayer[] = []
  for (const layer of computing) {
    const last = dense.at(-1)
    if (layer.class_name === 'Dense') {
      const read = readDense(layer.config, inputs)
      if (!read) return undefined
      dense.push(read)
      inputs = read.units
    } else {
      const folded = last?.dropout === 0 ? fold(last, layer) : undefined
      if (!folded) return undefined
      dense.splice(-1, 1, folded)
    }
  }
  return dense.at(-1)?.dropout === 0 ? dense : undefined
}

function readDense(config: LayerTopology['config'], inputs: number): DenseLayer | undefined {
  const { name, units } = config
  const activation = config.activation ?? 'linear'
  const initializer = readInitializer(config.kernel_initializer)
  if (!isCount(units) || !isActivation(activation) || !initializer || !isPlain(config)) return undefined
  return { name: String(name), inputs, units, activation, dropout: 0, initializer }
}

/** Adds the activation or dropout of the next layer to a dense layer without dropout. */
function fold(dense: DenseLayer, { class_name, config }: LayerTopology): DenseLayer | undefined {
  const { activation, rate, noise_shape } = config
  if (class_name === 'Dropout' && isShare(rate) && !noise_shape) return { ...dense, dropout: rate }
  if (class_name === 'Activation' && dense.activation === 'linear' && isActivation(activation))
    return { ...dense, activation }
  return undefined
}

/** Tests that a dense layer has a bias that starts at zero, and is trained on the loss alone. */
function isPlain(config: LayerTopology['config']): boolean {
  const { use_bias, trainable, bias_initializer: bias } = config
  const fromZero = bias === undefined || bias === 'zeros' || (isRecord(bias) && bias.class_name === 'Zeros')
  return use_bias !== false && trainable !== false && fromZero && penalties.every((key) => config[key] == null)
}

const penalties = [
  'kernel_regularizer',
  'bias_regularizer',
  'activity_regularizer',
  'kernel_constraint',
  'bias_constraint'
]

function readInitializer(initializer: unknown): VarianceScaling | undefined {
  if (initializer === undefined) return { ...glorotUniform, distribution: 'normal' } // TensorFlow.js's default
  if (!isRecord(initializer) || initializer.class_name !== 'VarianceScaling' || !isRecord(initializer.config))
    return undefined
  const { scale, mode, distribution } = initializer.config
  const snake = typeof mode === 'string' ? mode.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`) : undefined
  const fan = modes.find((name) => name === snake)
  if (typeof scale !== 'number' || !(scale > 0) || !fan) return undefined
  return distribution === 'uniform' || distribution === 'normal' ? { scale, mode: fan, distribution } : undefined
}

const modes = ['fan_in', 'fan_out', 'fan_avg'] as const

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0

const isShare = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value < 1

const isActivation = (value: unknown): value is Activation => value === 'linear' || value === 'relu' || value === 'tanh'
