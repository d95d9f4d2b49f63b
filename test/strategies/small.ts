/** Networks small enough to be worked out by hand, and helpers to try rules and critics on. */
import { createNetwork, type Examples, type Network, perceptron } from '../../lib/networks'
import type { Experience, QueriedBatch, Rule, Scores } from '../../lib/strategies'
import { anyMask } from '../../lib/strategies/rules'
import type { CriticTraining } from '../../lib/strategies/strategy'
import { noCritic, nothingVisited } from '../../lib/strategies/strategy'
import { generator, type Rng, uniform } from '../../lib/util/random'

export const rngs = (count: number, name = 'row'): Rng[] =>
  Array.from({ length: count }, (_, row) => generator(1, name, row))

/** Scores of known columns. */
export const scoresOf = (columns: Readonly<Record<string, ArrayLike<number>>>): Scores =>
  Object.fromEntries(
    Object.entries(columns).map(([name, values]) => {
      const column = Float32Array.from(values)
      return [name, () => column]
    })
  )

/** A step in which the parts see nothing of what they are not asked about here. */
export const stepOf = (rows: number): QueriedBatch => ({
  rows,
  states: new Float32Array(rows),
  learnerActions: new Float32Array(rows),
  expertActions: new Float32Array(rows),
  episodes: Array.from({ length: rows }, (_, row) => row),
  memories: Array.from({ length: rows }, () => ({})),
  labels: 0,
  critic: noCritic,
  scores: {},
  thresholds: {}
})

/** The rows in which a rule queries: [rows], 1 or 0. */
export const queriedBy = (rule: Rule, scores: Scores, rngs: readonly Rng[]): number[] => [
  ...anyMask(rule.query(scores, rngs, stepOf(rngs.length)), rngs.length)
]

/** The reasons for which a rule queries in each row, joined; empty where it does not. */
export function reasonsOf(rule: Rule, scores: Scores, rngs: readonly Rng[]): string[] {
  const masks = rule.query(scores, rngs, stepOf(rngs.length))
  return rngs.map((_, row) => rule.reasons.filter((_, i) => masks[i][row]).join(' '))
}

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

/** A network that writes down the examples that it is trained on. */
export const listening = (network: Network, given: Examples[]): Network => ({
  ...network,
  train(examples, options) {
    given.push(examples)
    return network.train(examples, options)
  }
})

/** The norm of the gradient of a score at a point, by central differences. */
export function gradientNormAt(score: (point: Float32Array) => number, point: Float32Array): number {
  const step = 1e-2 // single precision says little of smaller ones
  return Math.hypot(
    ...Array.from(point, (_, k) => {
      const moved = (by: number) => score(point.map((value, i) => value + (i === k ? by : 0)))
      return (moved(step) - moved(-step)) / (2 * step)
    })
  )
}

/** Gives the networks in turn, whatever is wanted. */
export function handOut(...networks: Network[]): () => Promise<Network> {
  const left = [...networks]
  return async () => left.shift() as Network
}

/** The training of critics in some iteration; without an epoch its steps are too small for single precision. */
export const training = (epochs: number, iteration = 1): CriticTraining => {
  const steps = epochs > 0 ? { epochs, learningRate: 3e-3 } : { epochs: 1, learningRate: 1e-30 }
  return {
    fit: { loss: 'squared-error', ...steps, batch: 16, weights: 'warm', optimizer: 'fresh' },
    random: (...name) => generator(1, iteration, ...name)
  }
}

/** The same training without effect; what is drawn by the name given comes from known draws. */
export const drawing = (drawn: string, rng: (...name: (string | number)[]) => Rng): CriticTraining => {
  const { fit, random } = training(0)
  return { fit, random: (...name) => (name[0] === drawn ? rng(...name) : random(...name)) }
}

/** Experience of labelled states alone, or of visited ones too. */
export function experience(
  policy: Network,
  labelled: Partial<Experience['labelled']> & Pick<Experience['labelled'], 'observations' | 'expertActions'>,
  visited: Experience['visited'] = nothingVisited
): Experience {
  const rows = labelled.expertActions.length / policy.outputs
  const learnerActions = new Float32Array(labelled.expertActions.length)
  return { policy, labelled: { rows, learnerActions, validation: new Uint8Array(rows), ...labelled }, visited }
}
