import { type Model, perceptron } from '../networks'
import { readBerkeleyExpert } from './berkeley'

/**
 * One of Berkeley's experts as a model that any engine runs.
 *
 * @param bytes the whole of a file like `Hopper-v2.pkl`
 * @param what names the file in errors
 */
export function berkeleyModel(bytes: Uint8Array, what: string): Model {
  const { inputs, layers } = read(bytes, what)
  const hidden = layers.slice(0, -1).map(({ units }) => units)
  const topology = perceptron(inputs, hidden, layers[layers.length - 1].units, { activation: 'tanh' })
  const weights = layers.flatMap(({ weights, bias, units }, i) => [
    { name: `dense_${i + 1}/kernel`, shape: [weights.length / units, units], values: Float32Array.from(weights) },
    { name: `dense_${i + 1}/bias`, shape: [units], values: Float32Array.from(bias) }
  ])
  if (!weights.every(({ values }) => values.every(Number.isFinite)))
    throw new Error(`${what} is not one of Berkeley's experts: found a number too large for float32`)
  return { topology, weights }
}

function read(bytes: Uint8Array, what: string): ReturnType<typeof readBerkeleyExpert> {
  try {
    return readBerkeleyExpert(bytes)
  } catch (error) {
    throw new Error(`${what} is not one of Berkeley's experts: ${(error as Error).message}`)
  }
}
