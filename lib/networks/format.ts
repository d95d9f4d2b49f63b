/** Models: the topology and weights of a network, in the files of TensorFlow.js, read and written without TensorFlow. */
import { hash, hashBytes } from '../util/hash'
import { builtInKind, isRecord } from '../util/json'
import type { Rng } from '../util/random'
import { a, check, listOf, part } from '../util/schema'
import { createNetwork } from './create'
import { denseLayers, shapesOf } from './mlp'
import { checkWeights, type EngineName, type Network, sizeOf, valuesOf, type Weight } from './network'
import { canonicalTopology, readTopology, type Topology, topologySchema } from './topology'

/** A network as plain data, of which `networkOf` makes one that computes. */
export interface Model {
  readonly topology: Topology
  /** In TensorFlow.js's order: of each layer the kernel, [inputs, units], and the bias, [units]. */
  readonly weights: readonly Weight[]
}

const isWeight = (weight: unknown): boolean => isRecord(weight) && builtInKind(weight.values) === 'Float32Array'
const weights = listOf(a<Weight>('a weight, { name, shape, values: Float32Array }', isWeight))
export const modelSchema = part({ topology: topologySchema, weights })

export const weightsFile = 'weights.bin'

/** Copies a network's topology and weights. */
export const modelOf = (network: Network): Model => ({ topology: network.topology, weights: network.weights() })

/**
 * Creates a network with the weights of a model.
 *
 * @throws RangeError when they are not the weights of its layers
 */
export async function networkOf(model: Model, engine: EngineName = 'fused'): Promise<Network> {
  const weights = await orderedWeights(model)
  const network = await createNetwork(model.topology, replaced, engine)
  network.setWeights(valuesOf(weights))
  return network
}

/** Draws initial weights that are replaced at once. */
const replaced: Rng = () => 0.5

/**
 * Returns a model's weights in the order of its layers, by their names; as they are if none is a name of a layer's.
 *
 * @throws RangeError for a model that is not whole, with finite weights of the shapes that its layers take
 */
export async function orderedWeights(model: Model): Promise<readonly Weight[]> {
  check(part({ model: modelSchema }), 'model', { model })
  const taken = await weightsTaken(model)
  const names = taken.map(nameOf)
  if (model.weights.length === names.length && model.weights.some(({ name }) => names.includes(name)))
    return inOrder(taken, model.weights)
  checkShapes(taken, model.weights)
  return model.weights
}

type Shape = Omit<Weight, 'values'>

/** Returns the weights that the layers of a model take, in TensorFlow.js's order. */
async function weightsTaken({ topology, weights }: Model): Promise<readonly Shape[]> {
  const layers = denseLayers(topology)
  if (typeof layers !== 'string') return shapesOf(layers)
  // before memory is allocated: a damaged file may declare a layer a million times too large
  checkSizes(topology, weights)
  const network = await (await import('./tensorflow.js')).tensorflowNetwork(topology, replaced)
  const taken = network.weights()
  network.dispose()
  return taken
}

function checkShapes(taken: readonly Shape[], weights: readonly Weight[]): void {
  for (const [i, { name, shape, values }] of weights.entries()) {
    if (taken.length === weights.length && String(shape) !== String(taken[i].shape))
      throw new RangeError(`${name} has the shape [${shape}], and its layer takes [${taken[i].shape}]`)
    if (!values.every(Number.isFinite)) throw new RangeError(`${name} holds a number that is not finite`)
  }
  checkWeights(taken, valuesOf(weights))
}

const nameOf = ({ name }: Shape): string => name

/** Checks that no dense layer has a size above the count of all numbers in the weights, whatever the other layers are. */
function checkSizes(topology: Topology, weights: readonly Weight[]): void {
  const numbers = weights.reduce((sum, { values }) => sum + values.length, 0)
  for (const { class_name, config } of topology.config.layers) {
    const sizes = class_name === 'Dense' ? [config.units, config.batch_input_shape].flat() : []
    const size = sizes.find((size) => Number(size) > numbers)
    if (size !== undefined) throw new RangeError(`${config.name} has size ${size}, and the weights ${numbers} numbers`)
  }
}

/**
 * Encodes a model as the two files that `tf.loadLayersModel` reads: the text of `model.json`, and all weights in its order as
 * little-endian float32.
 *
 * @param extra further fields of `model.json`, which TensorFlow.js ignores
 */
export function encodeModel({ topology, weights }: Model, extra: Readonly<Record<string, string>> = {}) {
  const entries = weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }))
  const head = { format: 'layers-model', generatedBy: 'radgrad', convertedBy: null, ...extra }
  const weightsManifest = [{ paths: [weightsFile], weights: entries }]
  const json = { ...head, modelTopology: readTopology(topology), weightsManifest }
  const numbers = weights.flatMap(({ values }) => Array.from(values))
  const view = new DataView(new ArrayBuffer(4 * numbers.length))
  for (const [i, number] of numbers.entries()) view.setFloat32(4 * i, number, true)
  return { json: `${JSON.stringify(json, null, 1)}\n`, weights: new Uint8Array(view.buffer) }
}

/** Hashes a network: its topology and its weights, whatever its layers are called. */
export async function fingerprint(model: Model): Promise<string> {
  const { weights } = encodeModel(model)
  return hash({ topology: canonicalTopology(model.topology), weights: await hashBytes(weights) })
}

type ReadFile = (path: string) => Promise<Uint8Array>

/**
 * Decodes a model from `model.json` and the files of weights that it names. Weights are matched with layers by name.
 *
 * @param read returns a file of weights, by its path beside `model.json`
 * @param file names `model.json` in errors
 * @throws Error for text that is not such JSON, for weights that are not finite or not those of the layers, and for files whose
 *   lengths disagree
 */
export async function decodeModel(json: string, read: ReadFile, file = 'model.json'): Promise<Model> {
  try {
    const parsed: unknown = JSON.parse(json)
    if (!isRecord(parsed)) throw new Error('no JSON object')
    const { format = 'layers-model', modelTopology, weightsManifest } = parsed
    if (format !== 'layers-model') throw new Error(`format ${JSON.stringify(format)}`)
    const found = { topology: readTopology(modelTopology), weights: await readWeights(weightsManifest, read) }
    return { ...found, weights: inOrder(await weightsTaken(found), found.weights) }
  } catch (error) {
    const { name, message } = error as Error
    const words = name === 'SyntaxError' ? `no JSON (${message})` : message
    throw new Error(`${file}: ${words}; expected a layers model as TensorFlow.js or radgrad saves it`)
  }
}

/** Reads the weights of layers from the files that a manifest names, in its order. Those of the optimizer are passed over. */
async function readWeights(manifest: unknown, read: ReadFile): Promise<Weight[]> {
  if (!Array.isArray(manifest) || !manifest.every(isGroup))
    throw new Error('no weightsManifest that lists groups with paths and weights')
  const paths = manifest.flatMap((group) => group.paths)
  const files = await Promise.all(paths.map((path) => read(String(path))))
  const view = new DataView(await new Blob(files as Uint8Array<ArrayBuffer>[]).arrayBuffer())
  const held = `${view.byteLength} bytes of weights in ${paths.join(', ')}`
  let offset = 0
  const entries = manifest.flatMap((group) => group.weights.map(readEntry))
  const weights = entries.flatMap(({ name, shape, ofLayer, bytes }) => {
    const start = offset
    const length = sizeOf(shape)
    offset += bytes * length
    if (offset > view.byteLength) throw new Error(`${held}, too few from ${name} on`)
    if (!ofLayer) return []
    return [{ name, shape, values: Float32Array.from({ length }, (_, i) => view.getFloat32(start + 4 * i, true)) }]
  })
  if (offset !== view.byteLength) throw new Error(`${held}, ${offset} in the manifest`)
  return weights
}

const isGroup = (group: unknown): group is { paths: unknown[]; weights: unknown[] } =>
  isRecord(group) && Array.isArray(group.paths) && Array.isArray(group.weights)

/** Bytes of a number in a file. */
const sizes = new Map(Object.entries({ float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1, bool: 1 }))

function readEntry(entry: unknown): Shape & { ofLayer: boolean; bytes: number } {
  if (!isRecord(entry) || typeof entry.name !== 'string' || !isShape(entry.shape))
    throw new Error('a weight without name or shape')
  const { name, shape, dtype, quantization } = entry
  const ofLayer = entry.group !== 'optimizer'
  const bytes = sizes.get(String(isRecord(quantization) ? quantization.dtype : dtype))
  if (!bytes || (ofLayer && (quantization || dtype !== 'float32')))
    throw new Error(`${name} is ${dtype}${quantization ? ', quantized' : ''}: save it as plain float32`)
  return { name, shape, ofLayer, bytes }
}

const isShape = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0 && size < 2 ** 31)

/** Returns weights in the order in which layers take them, matched by name as TensorFlow.js does. */
function inOrder(taken: readonly Shape[], found: readonly Weight[]): Weight[] {
  const names = new Set(taken.map(nameOf))
  // Keras may name a cell between its layer and a weight
  const key = ({ name }: Shape): string => (names.has(name) ? name : name.replace(/[^/]+\/([^/]+)$/, '$1'))
  const left = new Map(found.map((weight) => [key(weight), weight]))
  if (left.size < found.length) throw new Error(`two of its weights have one name, among ${found.map(key)}`)
  const weights = taken.flatMap(({ name }) => {
    const weight = left.get(name)
    return weight && left.delete(name) ? [{ ...weight, name }] : []
  })
  const missing = taken.filter(({ name }) => !weights.some((weight) => weight.name === name)).map(nameOf)
  const unknown = [...left.values()].map(nameOf)
  if (missing.length + unknown.length > 0)
    throw new Error(`it lacks the weights [${missing}] and holds [${unknown}] that no layer takes`)
  checkShapes(taken, weights)
  return weights
}
