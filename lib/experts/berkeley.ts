/**
 * The published experts of Berkeley's CS294-112, homework 1 (https://github.com/berkeleydeeprlcourse/homework): what
 * `load_policy.py` there makes of an `experts/*.pkl`, as dense layers.
 *
 *     stdev  = sqrt(max(0, meansq - mean²))
 *     x      = (observation - mean) / (stdev + 1e-6)
 *     x      = tanh(x W + b)                            for each hidden layer
 *     action = x W + b                                  the mean; the file's deviations serve exploration only
 */
import { type NumpyArray, type PickleDict, type PickleValue, readPickle } from './pickle'

/** The networks in the published files, by the fingerprints that records of runs with them name. */
export const berkeleyExperts = {
  reacher: 'd50b143a7415d58acde0b1ea3139baff1cf42cd5de276d25b0b1e067ecae4e86',
  hopper: '3ce8867a3bdb546bcf6d7a87d8aef5f95d956c33c3f886b754110600469c7364'
} as const

/** x ↦ activation(x weights + bias). */
export interface DenseLayer {
  /** [inputs, units], row-major. */
  readonly weights: Float64Array
  /** [units]. */
  readonly bias: Float64Array
  readonly units: number
  readonly activation: 'tanh' | 'linear'
}

/** A network from a raw observation to a mean action. Each layer's inputs are the units of the one before it. */
export interface BerkeleyExpert {
  /** Entries of an observation. */
  readonly inputs: number
  /** In order; the last is linear and its units are the entries of an action. */
  readonly layers: readonly DenseLayer[]
}

/**
 * Reads an expert and folds its observation standardiser into the first layer. All numbers are float64 as in the file,
 * where Berkeley's code rounds the weights to float32.
 *
 * @param bytes the whole of a file like `Hopper-v2.pkl`
 * @throws Error for a file that `readPickle` refuses, and one that names the place for a part that is missing or foreign,
 *   for shapes that do not chain, for numbers that are not finite, and for hidden units other than tanh
 */
export function readBerkeleyExpert(bytes: Uint8Array): BerkeleyExpert {
  const [policy, nonlinearity] = parts({ path: 'expert', value: readPickle(bytes) }, ['GaussianPolicy', 'nonlin_type'])
  const [obsnorm, hidden, out, deviations] = parts(policy, ['obsnorm', 'hidden', 'out', 'logstdevs_1_Da'])
  const standardiser = readStandardiser(obsnorm)
  const activation = readActivation(nonlinearity)
  const inputs = standardiser.mean.length

  const layers: DenseLayer[] = []
  for (const layer of hiddenLayers(hidden)) layers.push(readLayer(layer, layers.at(-1)?.units ?? inputs, activation))
  layers.push(readLayer(out, layers.at(-1)?.units ?? inputs, 'linear'))
  numbers(deviations, [1, layers.at(-1)!.units])

  layers[0] = standardised(layers[0], standardiser)
  return { inputs, layers }
}

/** A value and the road to it, for the errors. */
interface Place {
  readonly path: string
  readonly value: PickleValue
}

function refuse({ path }: Place, found: string, expected: string): never {
  throw new Error(`Berkeley's expert, ${path}: found ${found}, expected ${expected}`)
}

const dict = (place: Place): PickleDict =>
  place.value instanceof Map ? place.value : refuse(place, 'no dict', 'a dict')

const part = (place: Place, name: string): Place => ({ path: `${place.path}.${name}`, value: dict(place).get(name)! })

/** The values of a dict that has these keys and no others. */
function parts(place: Place, names: readonly string[]): Place[] {
  const found = [...dict(place).keys()]
  if (found.length !== names.length || !names.every((name) => found.includes(name)))
    refuse(place, `the keys ${list(found)}`, list(names))
  return names.map((name) => part(place, name))
}

const list = (names: readonly string[]): string =>
  names
    .slice(0, 8)
    .map((name) => JSON.stringify(name.slice(0, 60)))
    .join(', ') || 'none'

const isArray = (value: PickleValue): value is NumpyArray => typeof value === 'object' && 'shape' in value

/** An array of the shape given, where null stands for any size, and of finite numbers. */
function numbers(place: Place, shape: readonly (number | null)[]): NumpyArray {
  const { value } = place
  if (!isArray(value)) return refuse(place, 'no array', 'an array')
  if (value.shape.length !== shape.length || !shape.every((size, i) => size === null || size === value.shape[i]))
    return refuse(place, `the shape [${value.shape}]`, `[${shape.map((size) => size ?? 'any')}]`)
  if (!value.data.every(Number.isFinite)) return refuse(place, 'a number that is not finite', 'finite numbers')
  return value
}

interface Standardiser {
  readonly mean: Float64Array
  /** What an observation less the mean is divided by. */
  readonly scale: Float64Array
}

function readStandardiser(obsnorm: Place): Standardiser {
  const [count, meanPlace, squarePlace] = parts(parts(obsnorm, ['Standardizer'])[0], [
    'count',
    'mean_1_D',
    'meansq_1_D'
  ])
  numbers(count, [])
  const { data: mean } = numbers(meanPlace, [1, null])
  const { data: meanSquare } = numbers(squarePlace, [1, mean.length])
  return { mean, scale: mean.map((m, i) => Math.sqrt(Math.max(0, meanSquare[i] - m * m)) + 1e-6) }
}

const readActivation = (place: Place): 'tanh' =>
  place.value === 'tanh'
    ? place.value
    : refuse(
        place,
        place.value === 'lrelu' ? 'lrelu, of leak 0.01' : 'another nonlinearity',
        'tanh, the only one at hand'
      )

/** Sorted as strings, as Berkeley's code does it: the names are layer_0, layer_2, … */
function hiddenLayers(hidden: Place): Place[] {
  const [net] = parts(hidden, ['FeedforwardNet'])
  return [...dict(net).keys()].sort().map((name) => part(net, name))
}

function readLayer(place: Place, inputs: number, activation: DenseLayer['activation']): DenseLayer {
  const [W, b] = parts(parts(place, ['AffineLayer'])[0], ['W', 'b'])
  const { shape, data: weights } = numbers(W, [inputs, null])
  const units = shape[1]
  return { weights, bias: numbers(b, [1, units]).data, units, activation }
}

/**
 * (x - mean) / scale W + b, as x W' + b'.
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
  if (![...weights, ...bias].every(Number.isFinite))
    throw new Error("Berkeley's expert: found numbers too large to fold the standardiser in, expected finite ones")
  return { ...layer, weights, bias }
}
