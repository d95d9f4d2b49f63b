/**
 * The topology of a network as TensorFlow.js declares it: the JSON that `tf.sequential(…).toJSON(null, false)` gives and
 * `model.json` holds. As plain data it can be part of a protocol, be hashed, and be sent to a worker.
 */
import * as v from 'valibot'
import { isRecord, mapValues } from '../util/json'

export interface LayerTopology {
  /** As TensorFlow.js names it, `Dense` for example. */
  readonly class_name: string
  /** Its configuration, in snake case. */
  readonly config: Readonly<Record<string, unknown>>
}

/** A model; the fused engine computes sequential ones. */
export interface Topology {
  readonly class_name: 'Sequential' | 'Model' | 'Functional'
  readonly config: { readonly name: string; readonly layers: readonly LayerTopology[] }
}

/** A model of TensorFlow.js. */
type Declared = { toJSON(unused: unknown, returnString: boolean): unknown }

/**
 * Returns the topology of a `tf.sequential(…)` or any other model of TensorFlow.js, or of its JSON, with canonical names.
 *
 * @throws TypeError for anything else
 */
export const topologyOf = (model: unknown): Topology => canonicalTopology(readTopology(model))

/** Reads a topology as `topologyOf` does, but keeps the names. */
export function readTopology(model: unknown): Topology {
  const found = topologyIn(model)
  if (typeof found === 'string') throw new TypeError(found)
  return found
}

export const topologySchema = v.custom<Topology>(
  (model) => typeof topologyIn(model) !== 'string',
  ({ input }) => `$field: ${topologyIn(input)}`
)

/** Returns the topology that a model or its JSON declares, or as a string the reason why it declares none. */
function topologyIn(model: unknown): Topology | string {
  const json: unknown = isDeclared(model) ? model.toJSON(null, false) : model
  const found = isRecord(json) && isRecord(json.model_config) ? json.model_config : json
  if (!isRecord(found) || !['Sequential', 'Model', 'Functional'].includes(found.class_name as string))
    return `a network is declared by a tf.sequential(…) or its JSON, not by ${describe(found)}`
  const config = Array.isArray(found.config) ? { name: 'sequential', layers: found.config } : found.config
  if (!isRecord(config) || !Array.isArray(config.layers) || config.layers.length === 0 || !config.layers.every(isLayer))
    return 'the topology of a model lists its layers in config.layers, each with class_name and config'
  const nameOf = numbering()
  const layers = config.layers.map((layer) => {
    const name = layer.config.name ?? nameOf(layer)
    return { ...layer, config: { ...layer.config, name } }
  })
  const text = JSON.stringify({ class_name: found.class_name, config: { ...config, layers } })
  if (text.includes('"keras_history":'))
    return 'the layers are connected as in Keras 3: save it as sequential, or with Keras 2 (tf_keras)'
  if (text.includes('"stateful":true')) return 'a stateful layer answers by what it was asked before: leave that out'
  // Keras 3's name, otherwise the same
  return JSON.parse(text.replaceAll('"batch_shape":', '"batch_input_shape":')) as Topology
}

/**
 * Names layers by class and position: dense_1, dropout_1, dense_2. TensorFlow.js numbers them across a process instead, so that
 * one network declared twice would have two hashes. Nested models and wrapped layers share the numbering, for the names of
 * weights must differ. A model of a perceptron's layers is called `perceptron`.
 */
export function canonicalTopology(topology: Topology): Topology {
  const { class_name, config } = topology
  const isPerceptron = config.layers.every((layer) => ofPerceptrons.includes(layer.class_name))
  const name = isPerceptron ? 'perceptron' : snake(class_name)
  return { ...topology, config: renameLayers({ ...config, name }, numbering()) as Topology['config'] }
}

const ofPerceptrons = ['InputLayer', 'Dense', 'Dropout', 'Activation']

/** Returns a function that numbers the layers of each class. */
function numbering(): (layer: LayerTopology) => string {
  const counts = new Map<string, number>()
  return ({ class_name }) => {
    const count = (counts.get(class_name) ?? 0) + 1
    counts.set(class_name, count)
    return `${snake(class_name)}_${count}`
  }
}

type Json = Readonly<Record<string, unknown>>

/** Renames the layers in a configuration: those of a model with the connections between them, or the one in a wrapper. */
function renameLayers(config: Json, nameOf: (layer: LayerTopology) => string): Json {
  const names = new Map<unknown, string>()
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rename)
    if (!isLayer(value) || typeof value.config.name !== 'string') return value
    const name = nameOf(value)
    names.set(value.config.name, name)
    return { ...value, ...('name' in value && { name }), config: renameLayers({ ...value.config, name }, nameOf) }
  }
  /** A connection is [name of the layer, index of its node, …]. */
  const reconnect = (value: unknown): unknown => {
    if (!Array.isArray(value)) return value
    return names.has(value[0]) ? [names.get(value[0]), ...value.slice(1)] : value.map(reconnect)
  }
  const reconnectIn = (json: object): Json =>
    mapValues(json as Json, (value, field) => (connections.includes(field) ? reconnect(value) : value))
  const renamed = mapValues(config, rename)
  const layers = Array.isArray(renamed.layers)
    ? { layers: renamed.layers.map((layer) => (isLayer(layer) ? reconnectIn(layer) : layer)) }
    : {}
  return reconnectIn({ ...renamed, ...layers })
}

const connections = ['inbound_nodes', 'input_layers', 'output_layers']

/** Spells a class as TensorFlow.js does in names: `LayerNormalization` as layer_normalization. */
export const snake = (className: string): string =>
  className
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()

/** Says which layer of a topology has a regularizer or a constraint, if any: training would ignore it. */
export function penaltyIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const own = isLayer(value) && Object.entries(value.config).find(([field, set]) => isPenalty(field) && set != null)
  if (own) return `${value.config.name} has a ${own[0]}, and training is on the loss alone: leave it out`
  return Object.values(value).map(penaltyIn).find(Boolean)
}

/** Of a network to be trained. */
export const trainedTopologySchema = v.pipe(
  topologySchema,
  v.check(
    (model) => !penaltyIn(readTopology(model)),
    ({ input }) => `$field: ${penaltyIn(readTopology(input))}`
  )
)

export const isPenalty = (field: string): boolean => /_(regularizer|constraint)$/.test(field)

const isDeclared = (value: unknown): value is Declared => typeof Object(value).toJSON === 'function'

const isLayer = (value: unknown): value is LayerTopology =>
  isRecord(value) && typeof value.class_name === 'string' && isRecord(value.config)

const describe = (value: unknown): string =>
  isRecord(value) ? `a ${String(value.class_name ?? 'record without class_name')}` : String(value)
