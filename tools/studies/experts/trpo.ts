/**
 * Trains a policy by trust region policy optimization (Schulman et al. 2015) with generalized advantage estimation (2016)
 * and a floor under the exploration's standard deviation. The floor makes the policy bear noise: it never acts without
 * any while it learns.
 */
import {
  createNetwork,
  type Environment,
  fit,
  generator,
  mean,
  type Network,
  perceptron,
  standardDeviation
} from 'radgrad'
import { type Episode, estimate, type Normalize, sample } from './sample.ts'
import { improve } from './trust-region.ts'

export interface Settings {
  readonly seed: number
  /** Least standard deviation of the exploration. */
  readonly floor: number
  readonly discount: number
  /** Steps of the environment between two updates, about. */
  readonly batch: number
}

/** All that a training goes on from, as JSON holds it without loss. */
export interface Saved {
  readonly settings: Settings
  readonly progress: Progress
  /** The weights of the policy and of the critic. */
  readonly policy: readonly (readonly number[])[]
  readonly critic: readonly (readonly number[])[]
}

interface Progress {
  iteration: number
  /** Steps of the environment so far. */
  steps: number
  /** Mean length of the last iteration's episodes. */
  meanLength: number
  /** The exploration's standard deviations. */
  deviations: number[]
  /** Mean and mean square of each entry of an observation, over the rows counted. */
  centre: number[]
  square: number[]
  rows: number
}

/** One iteration in numbers. */
export interface Report {
  /** Mean return of the exploring policy. */
  readonly noisyReturn: number
  /** Mean Kullback-Leibler divergence of the update. */
  readonly divergence: number
}

export interface Training {
  readonly settings: Settings
  readonly progress: Readonly<Progress>
  iterate(): Promise<Report>
  /** The policy as it is now: from raw observations to mean actions, the normaliser in its first layer. */
  policy(): Promise<Network>
  save(): Saved
}

const hidden = [64, 64]
const lambda = 0.97
const firstDeviation = 0.6
/** The normaliser is frozen once it has seen so many observations, so that the policy's inputs stop drifting. */
const normalizerRows = 2e6
/** Adam's moments start afresh each time: a training that was resumed has none to go on from. */
const criticFit = {
  loss: 'squared-error',
  learningRate: 1e-3,
  epochs: 8,
  batch: 128,
  weights: 'warm',
  optimizer: 'fresh'
} as const

/**
 * Begins a training, or goes on with a saved one.
 *
 * @throws RangeError for a training that was saved under other settings
 */
export async function startTraining(environment: Environment, settings: Settings, saved?: Saved): Promise<Training> {
  const { seed, floor, discount, batch } = settings
  const { observationSize: m, actionSize: n } = environment
  const network = (purpose: string, outputs: number) =>
    createNetwork(perceptron(m, hidden, outputs, { activation: 'tanh' }), generator(seed, purpose))
  const policy = await network('policy', n)
  const critic = await network('critic', 1)
  /** Returns are of this order where rewards are of the order of one; the critic learns them divided by it. */
  const returnScale = 0.5 / (1 - discount)
  const progress: Progress = saved ? structuredClone(saved.progress) : firstProgress(m, n, floor)

  const normalize: Normalize = (observations) => {
    const spread = spreads(progress)
    return Float32Array.from(observations, (value, i) => (value - progress.centre[i % m]) / spread[i % m])
  }
  const values = (observations: readonly number[], rows: number) =>
    critic.predict(normalize(observations), rows).map((value) => value * returnScale)
  const sampled = (): Episode[] => {
    const count = Math.max(4, Math.ceil(batch / progress.meanLength))
    return sample(environment, policy, normalize, progress.deviations, count, { seed, iteration: progress.iteration })
  }

  if (saved) {
    checkSettings(saved.settings, settings)
    for (const [network, weights] of [[policy, saved.policy] as const, [critic, saved.critic] as const])
      network.setWeights(weights.map((values) => Float32Array.from(values)))
  } else {
    // a quiet start: the last layer small, so that the first actions are mostly noise around zero
    const weights = policy.weights().map(({ values }) => values)
    policy.setWeights(weights.map((values, i) => (i < weights.length - 2 ? values : values.map((v) => v * 0.01))))
    const first = sampled() // under a normaliser that changes nothing, for the first one that does
    learnNormalizer(progress, first)
  }

  async function iterate(): Promise<Report> {
    const episodes = sampled()
    const { advantages, targets } = estimate(episodes, values, { discount, lambda })
    const inputs = normalize(episodes.flatMap(({ observations }) => observations))
    const actions = Float32Array.from(episodes.flatMap(({ actions }) => actions))
    const rows = advantages.length
    const [centre, spread] = [mean(advantages), standardDeviation(advantages)]
    const gains = advantages.map((advantage) => (advantage - centre) / spread)
    const update = improve(policy, progress.deviations, { rows, inputs, actions, gains }, floor)
    const scaled = Float32Array.from(targets, (target) => target / returnScale)
    await fit(critic, { rows, inputs, targets: scaled }, criticFit, generator(seed, 'critic', progress.iteration))
    if (progress.rows <= normalizerRows) learnNormalizer(progress, episodes)
    progress.deviations = update.deviations
    progress.iteration += 1
    progress.steps += rows
    progress.meanLength = rows / episodes.length
    const returns = episodes.map(({ rewards }) => rewards.reduce((sum, reward) => sum + reward, 0))
    return { noisyReturn: mean(returns), divergence: update.divergence }
  }

  return {
    settings,
    progress,
    iterate,
    policy: () => folded(policy, progress),
    save: () => ({
      settings,
      progress: structuredClone(progress),
      policy: policy.weights().map(({ values }) => [...values]),
      critic: critic.weights().map(({ values }) => [...values])
    })
  }
}

const firstProgress = (m: number, n: number, floor: number): Progress => ({
  iteration: 0,
  steps: 0,
  meanLength: 20,
  deviations: new Array<number>(n).fill(Math.max(floor, firstDeviation)),
  centre: new Array<number>(m).fill(0),
  square: new Array<number>(m).fill(1),
  rows: 0
})

const spreads = ({ centre, square }: Progress): number[] =>
  centre.map((c, i) => Math.sqrt(Math.max(square[i] - c * c, 1e-8)))

/** Adds episodes to the mean and the mean square of each entry of an observation. */
function learnNormalizer(progress: Progress, episodes: readonly Episode[]): void {
  const m = progress.centre.length
  const sums = progress.centre.map((value) => value * progress.rows)
  const squares = progress.square.map((value) => value * progress.rows)
  for (const { observations } of episodes) {
    observations.forEach((value, i) => {
      sums[i % m] += value
      squares[i % m] += value * value
    })
    progress.rows += observations.length / m
  }
  progress.centre = sums.map((sum) => sum / progress.rows)
  progress.square = squares.map((sum) => sum / progress.rows)
}

/** A copy of a network that standardises raw observations in its first layer. */
async function folded(network: Network, progress: Progress): Promise<Network> {
  const copy = await createNetwork(network.topology, () => 0.5)
  const [matrix, bias, ...rest] = network.weights().map(({ values }) => values)
  const units = bias.length
  const spread = spreads(progress)
  const shift = (j: number): number =>
    progress.centre.reduce((sum, c, i) => sum + (c / spread[i]) * matrix[i * units + j], 0)
  copy.setWeights([
    matrix.map((value, i) => value / spread[Math.floor(i / units)]),
    bias.map((value, j) => value - shift(j)),
    ...rest
  ])
  return copy
}

function checkSettings(saved: Settings, wanted: Settings): void {
  for (const key of ['seed', 'floor', 'discount', 'batch'] as const)
    if (saved[key] !== wanted[key])
      throw new RangeError(
        `the saved training has ${key} ${saved[key]}, not ${wanted[key]}: give the same, or another folder`
      )
}
