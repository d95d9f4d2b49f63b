/**
 * What a network is made of, in TensorFlow.js's own words: the JSON that `tf.sequential(…).toJSON(null, false)` gives and
 * that `model.json` carries. A declaration, so it can stand in a protocol, be hashed, and cross to a worker.
 */

/** A layer: its class, as `Dense`, and its configuration in snake case. */
export interface LayerTopology {
  readonly class_name: string
  readonly config: Readonly<Record<string, unknown>>
}

/** A model; the fused engine takes sequential ones. */
export interface Topology {
  readonly class_name: 'Sequential' | 'Model' | 'Functional'
  readonly config: { readonly name: string; readonly layers: readonly LayerTopology[] }
}

export type Activation = 'linear' | 'relu' | 'tanh'

/** What the fused engine needs to know of a dense layer and the activation and dropout behind it. */
export interface DenseLayer {
  readonly name: string
  readonly inputs: number
  readonly units: number
  readonly activation: Activation
  /** Share of the layer's outputs that dropout sets to zero while training. */
  readonly dropout: number
  readonly initializer: VarianceScaling
}

/** How weights start: variance `scale` / fan (He, LeCun and Glorot are its cases). */
export interface VarianceScaling {
  readonly scale: number
  readonly mode: 'fan_in' | 'fan_out' | 'fan_avg'
  readonly distribution: 'uniform' | 'normal'
}

const glorotUniform: VarianceScaling = { scale: 1, mode: 'fan_avg', distribution: 'uniform' }

/**
 * A multilayer perceptron, as the paper's section 3.1 has them: dense layers with an activation and dropout behind each
 * hidden one, a linear output.
 *
 * @param hidden units of each hidden layer
 * @param dropout share of hidden outputs dropped while training
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

/** A model that can say what it is made of: any of TensorFlow.js's. */
interface Declared {
  toJSON(unused: unknown, returnString: boolean): unknown
}

/**
 * The topology of a `tf.sequential(…)` or any other model of TensorFlow.js, or of its JSON.
 *
 * @throws TypeError for what is not a model
 */
export function topologyOf(model: Declared | unknown): Topology {
  const json: unknown = isDeclared(model) ? model.toJSON(null, false) : model
  const wrapped = isRecord(json) && isRecord(json.model_config) ? json.model_config : json
  if (!isRecord(wrapped) || !['Sequential', 'Model', 'Functional'].includes(wrapped.class_name as string))
    throw new TypeError(`a network is declared by a tf.sequential(…) or its JSON, not by ${describe(wrapped)}`)
  const config = Array.isArray(wrapped.config) ? { name: 'sequential', layers: wrapped.config } : wrapped.config
  if (!isRecord(config) || !Array.isArray(config.layers) || config.layers.length === 0 || !config.layers.every(isLayer))
    throw new TypeError('the topology of a model lists its layers in config.layers, each with class_name and config')
  return JSON.parse(JSON.stringify({ class_name: wrapped.class_name, config })) as Topology
}

/**
 * The dense layers of a topology, with what follows each folded in; `undefined` when it holds anything that the fused
 * engine does not do, which is then for the TensorFlow engine.
 */
export function denseLayers(topology: Topology): DenseLayer[] | undefined {
  if (topology.class_name !== 'Sequential') return undefined
  const layers: DenseLayer[] = []
  const first = topology.config.layers.find((layer) => layer.class_name !== 'InputLayer') ?? topology.config.layers[0]
  const shape = topology.config.layers[0].config.batch_input_shape ?? first.config.batch_input_shape
  if (!Array.isArray(shape) || shape.length !== 2 || !isCount(shape[1])) return undefined
  let inputs: number = shape[1]
  for (const { class_name, config } of topology.config.layers) {
    const last = layers.at(-1)
    if (class_name === 'InputLayer') continue
    if (class_name === 'Dense') {
      const { units, name } = config
      const activation = config.activation ?? 'linear'
      const initializer = varianceScaling(config.kernel_initializer)
      if (!isCount(units) || !isActivation(activation) || !initializer || !isPlainDense(config)) return undefined
      layers.push({ name: String(name), inputs, units, activation, dropout: 0, initializer })
      inputs = units
    } else if (class_name === 'Dropout' && last && last.dropout === 0) {
      const { rate } = config
      if (typeof rate !== 'number' || !(rate >= 0 && rate < 1) || config.noise_shape) return undefined
      layers.splice(-1, 1, { ...last, dropout: rate })
    } else if (class_name === 'Activation' && last && last.dropout === 0 && last.activation === 'linear') {
      if (!isActivation(config.activation)) return undefined
      layers.splice(-1, 1, { ...last, activation: config.activation })
    } else return undefined
  }
  return layers.at(-1)?.dropout === 0 ? layers : undefined
}

/** Whether a piece of JSON is an object. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isDeclared = (value: unknown): value is Declared =>
  typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function'

const isLayer = (value: unknown): value is LayerTopology =>
  isRecord(value) && typeof value.class_name === 'string' && isRecord(value.config)

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0

const isActivation = (value: unknown): value is Activation => value === 'linear' || value === 'relu' || value === 'tanh'

const describe = (value: unknown): string =>
  isRecord(value) ? `a ${String(value.class_name ?? 'record without class_name')}` : String(value)

/** Biased, and trained on its loss alone. */
function isPlainDense(config: LayerTopology['config']): boolean {
  const bias = config.bias_initializer
  const fromZero = bias === undefined || bias === 'zeros' || (isRecord(bias) && bias.class_name === 'Zeros')
  const extras = [
    'kernel_regularizer',
    'bias_regularizer',
    'activity_regularizer',
    'kernel_constraint',
    'bias_constraint'
  ]
  return (
    config.use_bias !== false && config.trainable !== false && fromZero && extras.every((key) => config[key] == null)
  )
}

function varianceScaling(initializer: unknown): VarianceScaling | undefined {
  if (initializer === undefined) return { ...glorotUniform, distribution: 'normal' } // TensorFlow.js's default
  if (!isRecord(initializer) || initializer.class_name !== 'VarianceScaling' || !isRecord(initializer.config))
    return undefined
  const { scale, mode, distribution } = initializer.config
  const snake = typeof mode === 'string' ? mode.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`) : ''
  if (typeof scale !== 'number' || !(scale > 0)) return undefined
  if (snake !== 'fan_in' && snake !== 'fan_out' && snake !== 'fan_avg') return undefined
  if (distribution !== 'uniform' && distribution !== 'normal') return undefined
  return { scale, mode: snake, distribution }
}
