/**
 * A network at rest: what it is made of and its weights, in the format of TensorFlow.js (`model.json` and a file of
 * weights), read and written without TensorFlow.
 */
import type { Rng } from '../random'
import { createNetwork } from './create'
import type { EngineName, Network, Weight } from './network'
import { type DenseLayer, denseLayers, isRecord, type Topology, topologyOf } from './topology'

export interface Model {
  readonly topology: Topology
  readonly weights: readonly Weight[]
}

/** The two files of a model. */
export interface ModelFiles {
  /** `model.json`. */
  readonly json: string
  /** The weights one behind the other, little-endian float32; its name stands in `model.json`. */
  readonly weights: Uint8Array
}

export const weightsFile = 'weights.bin'

/** A copy of a network's weights with its topology. */
export const modelOf = (network: Network): Model => ({ topology: network.topology, weights: network.weights() })

/**
 * A network with a model's weights.
 *
 * @throws RangeError when they are not the weights of its layers
 */
export async function networkOf({ topology, weights }: Model, engine: EngineName = 'fused'): Promise<Network> {
  checkSizes(topology, weights)
  const network = await createNetwork(topology, unused, engine)
  network.setWeights(weights.map(({ values }) => values))
  return network
}

/** First weights are drawn only to be replaced. */
const unused: Rng = () => 0.5

/** Before memory is asked for: a damaged file may call a layer a million times too large. */
function checkSizes(topology: Topology, weights: readonly Weight[]): void {
  const dense = denseLayers(topology)
  if (dense) checkShapes(dense, weights)
  else checkUnits(topology, weights)
}

function checkShapes(layers: readonly DenseLayer[], weights: readonly Weight[]): void {
  const shapes = layers.flatMap(({ inputs, units }) => [[inputs, units], [units]])
  if (shapes.length !== weights.length)
    throw new RangeError(`this network has ${shapes.length} weights (two a layer), not ${weights.length}`)
  for (const [i, { name, shape }] of weights.entries())
    if (String(shape) !== String(shapes[i]))
      throw new RangeError(`${name} has the shape [${shape}], and its layer takes [${shapes[i]}]`)
}

/** Whatever stands around a dense layer, its sizes are not above the count of all numbers in the weights. */
function checkUnits(topology: Topology, weights: readonly Weight[]): void {
  const numbers = weights.reduce((sum, { values }) => sum + values.length, 0)
  for (const { class_name, config } of topology.config.layers) {
    const sizes = class_name === 'Dense' ? [config.units, config.batch_input_shape].flat() : []
    const size = sizes.find((size) => Number(size) > numbers)
    if (size !== undefined) throw new RangeError(`${config.name} has size ${size}, and the weights ${numbers} numbers`)
  }
}

/**
 * A model in the two files that `tf.loadLayersModel` reads.
 *
 * @param extra further fields of `model.json`, which TensorFlow.js passes over
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
  const bytes = new Uint8Array(weights.reduce((sum, { values }) => sum + 4 * values.length, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const { values } of weights)
    for (const value of values) {
      view.setFloat32(at, value, true)
      at += 4
    }
  return { json: `${JSON.stringify(json, null, 1)}\n`, weights: bytes }
}

/**
 * The model in a `model.json` and its weights.
 *
 * @param what names the file in errors
 * @throws Error for text that is not such JSON, for weights that are not float32 or not finite, and for files whose lengths
 *   disagree
 */
export function decodeModel({ json, weights: bytes }: ModelFiles, what = 'model.json'): Model {
  const refuse = (found: string): never => {
    throw new Error(`${what}: ${found}; expected a layers model as TensorFlow.js or radgrad saves it`)
  }
  const parsed = parse(json, refuse)
  if (parsed.format !== undefined && parsed.format !== 'layers-model') refuse(`format ${JSON.stringify(parsed.format)}`)
  const manifest = Array.isArray(parsed.weightsManifest) ? parsed.weightsManifest : refuse('no weightsManifest')
  const specs: unknown[] = manifest.flatMap((group: unknown) =>
    isRecord(group) && Array.isArray(group.weights) ? group.weights : refuse('a group of weights without weights')
  )
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const weights = specs.map((spec): Weight => {
    if (!isRecord(spec) || typeof spec.name !== 'string' || !isShape(spec.shape))
      return refuse('a weight without name or shape')
    const { name, shape } = spec
    if (spec.dtype !== 'float32' || spec.quantization) return refuse(`${name} is not plain float32`)
    const length = shape.reduce((product, size) => product * size, 1)
    if (at + 4 * length > bytes.byteLength)
      return refuse(`${bytes.byteLength} bytes of weights, too few from ${name} on`)
    const values = Float32Array.from({ length }, (_, i) => view.getFloat32(at + 4 * i, true))
    at += 4 * length
    return values.every(Number.isFinite) ? { name, shape, values } : refuse(`${name} holds a number that is not finite`)
  })
  if (at !== bytes.byteLength) refuse(`${bytes.byteLength} bytes of weights, ${at} in the manifest`)
  return { topology: topologyIn(parsed, refuse), weights }
}

type Refuse = (found: string) => never

function parse(json: string, refuse: Refuse): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(json)
  } catch (error) {
    return refuse(`no JSON (${(error as Error).message})`)
  }
  return isRecord(parsed) ? parsed : refuse('no JSON object')
}

function topologyIn(parsed: Record<string, unknown>, refuse: Refuse): Topology {
  try {
    return topologyOf(parsed.modelTopology)
  } catch (error) {
    return refuse((error as Error).message)
  }
}

const isShape = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0 && size < 2 ** 31)
