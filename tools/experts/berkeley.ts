/**
 * The published experts of Berkeley's CS294-112, homework 1 (https://github.com/berkeleydeeprlcourse/homework), as models.
 * `load_policy.py` there makes of an `experts/*.pkl`:
 *
 *     stdev  = sqrt(max(0, meansq - mean²))
 *     x      = (observation - mean) / (stdev + 1e-6)
 *     x      = tanh(x W + b)                            for each hidden layer
 *     action = x W + b                                  the mean; the file's deviations serve exploration only
 */
import { type Model, perceptron } from 'radgrad'
import { describe, isNumpyArray, readPickle, refuse } from './pickle.ts'

/** x ↦ activation(x weights + bias), with weights of shape [inputs, units], row-major. */
export interface DenseLayer {
  readonly weights: Float64Array
  readonly bias: Float64Array
  readonly units: number
  readonly activation: 'tanh' | 'linear'
}

/** A network from an observation to a mean action. The last layer is linear; its units are the entries of an action. */
export type BerkeleyExpert = { readonly inputs: number; readonly layers: readonly DenseLayer[] }

/**
 * Returns one of Berkeley's experts as a model that any engine runs.
 *
 * @param bytes the whole of a file like `Hopper-v2.pkl`
 * @param file names the file in errors
 */
export function berkeleyModel(bytes: Uint8Array, file: string): Model {
  try {
    return modelOf(readBerkeleyExpert(bytes))
  } catch (error) {
    throw new Error(`${file} is not one of Berkeley's experts: ${(error as Error).message}`)
  }
}

function modelOf({ inputs, layers }: BerkeleyExpert): Model {
  const hidden = layers.slice(0, -1).map(({ units }) => units)
  const topology = perceptron(inputs, hidden, layers[layers.length - 1].units, { activation: 'tanh' })
  const weights = layers.flatMap(({ weights, bias, units }, i) => [
    { name: `dense_${i + 1}/kernel`, shape: [weights.length / units, units], values: Float32Array.from(weights) },
    { name: `dense_${i + 1}/bias`, shape: [units], values: Float32Array.from(bias) }
  ])
  if (!weights.every(({ values }) => values.every(Number.isFinite)))
    return refuse('a number too large for float32', 'smaller ones')
  return { topology, weights }
}

/**
 * Reads an expert and folds its observation standardiser into the first layer, in float64.
 *
 * @throws Error that names the byte or the entry, for a damaged pickle, a part that is missing or foreign, shapes that do
 *   not chain, numbers that are not finite, and hidden units other than tanh
 */
export function readBerkeleyExpert(bytes: Uint8Array): BerkeleyExpert {
  const expert = { path: 'expert', value: readPickle(bytes) }
  const [policy, nonlinearity] = entries(expert, ['GaussianPolicy', 'nonlin_type'])
  const [obsnorm, hidden, out, deviations] = entries(policy, ['obsnorm', 'hidden', 'out', 'logstdevs_1_Da'])
  if (nonlinearity.value !== 'tanh') refuse(describe(nonlinearity.value), '"tanh"', nonlinearity.path)
  const standardiser = readStandardiser(obsnorm)
  const inputs = standardiser.mean.length

  const layers: DenseLayer[] = []
  const units = (): number => layers.at(-1)?.units ?? inputs
  for (const layer of hiddenLayers(hidden)) layers.push(readLayer(layer, units(), 'tanh'))
  layers.push(readLayer(out, units(), 'linear'))
  readArray(deviations, [1, units()])

  layers[0] = standardised(layers[0], standardiser)
  return { inputs, layers }
}

function readLayer(entry: Entry, inputs: number, activation: DenseLayer['activation']): DenseLayer {
  const [W, b] = entries(entries(entry, ['AffineLayer'])[0], ['W', 'b'])
  const weights = readArray(W, [inputs, null])
  const units = weights.length / inputs
  return { weights, bias: readArray(b, [1, units]), units, activation }
}

/** Sorted as strings, as Berkeley's code does it: the names are layer_0, layer_2, … */
function hiddenLayers(hidden: Entry): Entry[] {
  const [net] = entries(hidden, ['FeedforwardNet'])
  return entries(net, [...dict(net).keys()].sort())
}

type Standardiser = ReturnType<typeof readStandardiser>

function readStandardiser(obsnorm: Entry) {
  const names = ['count', 'mean_1_D', 'meansq_1_D']
  const [count, meanEntry, squareEntry] = entries(entries(obsnorm, ['Standardizer'])[0], names)
  readArray(count, [])
  const mean = readArray(meanEntry, [1, null])
  const meanSquare = readArray(squareEntry, [1, mean.length])
  return { mean, scale: mean.map((m, i) => Math.sqrt(Math.max(0, meanSquare[i] - m * m)) + 1e-6) }
}

/**
 * Returns (x - mean) / scale W + b as x W' + b'.
 *
 * An entry that never varied in training has scale 1e-6, so its row of W' is a million times that of W: Reacher's last
 * observation, the height of the finger over the target, where the row is up to 3e5. The original multiplies by the same
 * factor, the entry's mean is exactly 0, and the physics makes it 0 give or take 1e-17, so it adds at most 1e-11; in
 * float32 too, as nothing cancels.
 */
function standardised(layer: DenseLayer, { mean, scale }: Standardiser): DenseLayer {
  const { units } = layer
  const weights = layer.weights.map((w, i) => w / scale[Math.floor(i / units)])
  const bias = layer.bias.map((b, unit) => mean.reduce((sum, m, input) => sum - m * weights[input * units + unit], b))
  if (!(weights.every(Number.isFinite) && bias.every(Number.isFinite)))
    refuse('numbers too large to fold the standardiser in', 'finite ones')
  return { ...layer, weights, bias }
}

/** A value in the file and the path to it, for the errors. */
type Entry = { readonly path: string; readonly value: unknown }

/** Returns the entries of a dict that has these keys and no others. */
function entries(entry: Entry, names: readonly string[]): Entry[] {
  const values = dict(entry)
  if (values.size !== names.length || !names.every((name) => values.has(name)))
    refuse(`the keys ${listed([...values.keys()])}`, listed(names), entry.path)
  return names.map((name) => ({ path: `${entry.path}.${name}`, value: values.get(name) }))
}

function dict({ path, value }: Entry): ReadonlyMap<string, unknown> {
  if (!(value instanceof Map) || ![...value.keys()].every((key) => typeof key === 'string'))
    return refuse(describe(value), 'a dict whose keys are strings', path)
  return value
}

/** Returns the finite numbers of an array of the shape given, in which null stands for any size. */
function readArray({ path, value }: Entry, shape: readonly (number | null)[]): Float64Array {
  if (!isNumpyArray(value)) return refuse(describe(value), 'an array', path)
  if (value.shape.length !== shape.length || !shape.every((size, i) => size === null || size === value.shape[i]))
    return refuse(`the shape [${value.shape}]`, `[${shape.map((size) => size ?? 'any')}]`, path)
  const numbers = value.numbers()
  return numbers.every(Number.isFinite) ? numbers : refuse('a number that is not finite', 'finite numbers', path)
}

const listed = (names: readonly string[]): string => names.slice(0, 8).map(describe).join(', ') || 'none'
