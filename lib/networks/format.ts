/** Models: the topology and weights of a network, in the files of TensorFlow.js, read and written without TensorFlow. */
import { isRecord } from '../util/json'
import type { Rng } from '../util/random'
import { createNetwork } from './create'
import { type DenseLayer, denseLayers } from './mlp'
import type { EngineName, Network, Weight } from './network'
import { readTopology, type Topology } from './topology'

export interface Model {
  readonly topology: Topology
  readonly weights: readonly Weight[]
}

/** The two files of a model. */
export interface ModelFiles {
  /** The text of `model.json`. */
  readonly json: string
  /** All weights in the order of `model.json`, as little-endian float32. */
  readonly weights: Uint8Array
}

export const weightsFile = 'weights.bin'

/** Copies a network's topology and weights. */
export const modelOf = (network: Network): Model => ({ topology: network.topology, weights: network.weights() })

/**
 * Creates a network with the weights of a model.
 *
 * @throws RangeError when they are not the weights of its layers
 */
export async function networkOf({ topology, weights }: Model, engine: EngineName = 'fused'): Promise<Network> {
  // before memory is allocated: a damaged file may declare a layer a million times too large
  const layers = denseLayers(topology)
  if (layers) checkShapes(layers, weights)
  else checkSizes(topology, weights)
  const network = await createNetwork(topology, replaced, engine)
  network.setWeights(weights.map(({ values }) => values))
  return network
}

/** Draws initial weights that are replaced at once. */
const replaced: Rng = () => 0.5

function checkShapes(layers: readonly DenseLayer[], weights: readonly Weight[]): void {
  const shapes = layers.flatMap(({ inputs, units }) => [[inputs, units], [units]])
  if (shapes.length !== weights.length)
    throw new RangeError(`this network has ${shapes.length} weights (two a layer), not ${weights.length}`)
  for (const [i, { name, shape }] of weights.entries())
    if (String(shape) !== String(shapes[i]))
      throw new RangeError(`${name} has the shape [${shape}], and its layer takes [${shapes[i]}]`)
}

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
 * Encodes a model as the two files that `tf.loadLayersModel` reads.
 *
 * @param extra further fields of `model.json`, which TensorFlow.js ignores
 */
export function encodeModel({ topology, weights }: Model, extra: Readonly<Record<string, string>> = {}): ModelFiles {
  const manifest = weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }))
  const json = {
    format: 'layers-model',
    generatedBy: 'radgrad',
    convertedBy: null,
    ...extra,
    modelTopology: topology,
    weightsManifest: [{ paths: [weightsFile], weights: manifest }]
  }
  const numbers = weights.flatMap(({ values }) => Array.from(values))
  const view = new DataView(new ArrayBuffer(4 * numbers.length))
  for (const [i, number] of numbers.entries()) view.setFloat32(4 * i, number, true)
  return { json: `${JSON.stringify(json, null, 1)}\n`, weights: new Uint8Array(view.buffer) }
}

/**
 * Decodes a model from its two files.
 *
 * @param file names `model.json` in errors
 * @throws Error for text that is not such JSON, for weights that are not float32 or not finite, and for files whose lengths
 *   disagree
 */
export function decodeModel({ json, weights }: ModelFiles, file = 'model.json'): Model {
  try {
    const { modelTopology, weightsManifest } = parse(json)
    return { weights: readWeights(weightsManifest, weights), topology: readTopology(modelTopology) }
  } catch (error) {
    throw new Error(
      `${file}: ${(error as Error).message}; expected a layers model as TensorFlow.js or radgrad saves it`
    )
  }
}

function parse(json: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(json)
  } catch (error) {
    throw new Error(`no JSON (${(error as Error).message})`)
  }
  if (!isRecord(parsed)) throw new Error('no JSON object')
  const { format = 'layers-model' } = parsed
  if (format !== 'layers-model') throw new Error(`format ${JSON.stringify(format)}`)
  return parsed
}

function readWeights(manifest: unknown, bytes: Uint8Array): Weight[] {
  if (!Array.isArray(manifest)) throw new Error('no weightsManifest')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let offset = 0
  const weights = manifest.flatMap(weightsOfGroup).map((weight): Weight => {
    const { name, shape } = readShape(weight)
    const length = shape.reduce((product, size) => product * size, 1)
    if (offset + 4 * length > bytes.byteLength)
      throw new Error(`${bytes.byteLength} bytes of weights, too few from ${name} on`)
    const values = Float32Array.from({ length }, (_, i) => view.getFloat32(offset + 4 * i, true))
    if (!values.every(Number.isFinite)) throw new Error(`${name} holds a number that is not finite`)
    offset += 4 * length
    return { name, shape, values }
  })
  if (offset !== bytes.byteLength) throw new Error(`${bytes.byteLength} bytes of weights, ${offset} in the manifest`)
  return weights
}

function weightsOfGroup(group: unknown): unknown[] {
  if (!isRecord(group) || !Array.isArray(group.weights)) throw new Error('a group of weights without weights')
  return group.weights
}

function readShape(weight: unknown): Pick<Weight, 'name' | 'shape'> {
  if (!isRecord(weight) || typeof weight.name !== 'string' || !isShape(weight.shape))
    throw new Error('a weight without name or shape')
  if (weight.dtype !== 'float32' || weight.quantization) throw new Error(`${weight.name} is not plain float32`)
  return { name: weight.name, shape: weight.shape }
}

const isShape = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0 && size < 2 ** 31)
