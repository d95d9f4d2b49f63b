/** Networks small enough to be worked out by hand, and what scores and gradients are compared with. */
import { createNetwork, type Examples, type Network, perceptron } from '../../lib/networks'
import { generator, type Rng, uniform } from '../../lib/random'
import type { CriticTraining, Experience } from '../../lib/strategies/strategy'

export const rngs = (count: number, name = 'row'): Rng[] =>
  Array.from({ length: count }, (_, row) => generator(1, name, row))

/** A linear network y = x W + b: its outputs and gradients are known. */
export async function linear(weights: number[][], bias: number[]): Promise<Network> {
  const network = await createNetwork(perceptron(weights.length, [], bias.length), generator(1))
  network.setWeights([Float32Array.from(weights.flat()), Float32Array.from(bias)])
  return network
}

/** A network without a kink, for which finite differences are good. */
export const smooth = (inputs: number, outputs: number, seed: number): Promise<Network> =>
  createNetwork(perceptron(inputs, [12], outputs, { activation: 'tanh', dropout: 0.2 }), generator(seed, 'smooth'))

export const drawn = (count: number, ...key: (string | number)[]): Float32Array => {
  const rng = generator(1, 'drawn', ...key)
  return Float32Array.from({ length: count }, () => uniform(rng, -1, 1))
}

/** A generator of known draws, and of no more. */
export const known = (...draws: readonly number[]): Rng => {
  const left = [...draws]
  return () => {
    const draw = left.shift()
    if (draw === undefined) throw new Error(`more than ${draws.length} draws`)
    return draw
  }
}

/** A network that tells of the examples that it is to learn from. */
export const listening = (network: Network, given: Examples[]): Network => ({
  ...network,
  train(examples, options) {
    given.push(examples)
    return network.train(examples, options)
  }
})

/** The norm of the gradient of a score at a point, by central differences. */
export function steepnessAt(score: (point: Float32Array) => number, point: Float32Array): number {
  const step = 1e-2 // single precision says little of smaller ones
  return Math.hypot(
    ...Array.from(point, (_, k) => {
      const moved = (by: number) => score(point.map((value, i) => value + (i === k ? by : 0)))
      return (moved(step) - moved(-step)) / (2 * step)
    })
  )
}

/** Gives the networks in turn, whatever is asked for. */
export function handOut(...networks: Network[]): () => Promise<Network> {
  const left = [...networks]
  return async () => left.shift() as Network
}

/** The training of critics in some iteration. */
export const training = (epochs: number, iteration = 1): CriticTraining => ({
  fit: { loss: 'squared-error', learningRate: 3e-3, epochs, batch: 16, weights: 'warm', optimizer: 'fresh' },
  random: (...name) => generator(1, iteration, ...name)
})

/** The same training without a step; what is drawn by the name given comes from known draws. */
export const drawing = (drawn: string, rng: (...name: (string | number)[]) => Rng): CriticTraining => {
  const { fit, random } = training(0)
  return { fit, random: (...name) => (name[0] === drawn ? rng(...name) : random(...name)) }
}

/** Experience of labelled states alone, or of those that were met. */
export function experience(
  policy: Network,
  labelled: Partial<Experience['labelled']> & Pick<Experience['labelled'], 'observations' | 'actions'>,
  met: Experience['met'] = { rows: 0, observations: new Float32Array(), actions: new Float32Array(), lengths: [] }
): Experience {
  const rows = labelled.actions.length / policy.outputs
  const proposals = new Float32Array(labelled.actions.length)
  return { policy, labelled: { rows, proposals, validation: new Uint8Array(rows), ...labelled }, met }
}
