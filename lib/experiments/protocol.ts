/**
 * The protocol: everything that, with a seed, decides the outcome of a run. Where the paper leaves a thing open, the
 * default is what came closest to its Table 2 on Reacher.
 */
import { type EnvironmentName, environments, type Masses } from '../environments'
import { type EngineName, type FitOptions, type Model, perceptron, type Topology, topologyOf } from '../networks'
import {
  type AnyName,
  allNames,
  always,
  type Hyperparameters,
  hyperparameters,
  type Readings,
  strategyFor
} from '../strategies'
import { type Check, fields, oneOf, optional, positive, share, wholeNumber } from './check'

export interface Protocol {
  readonly environment: EnvironmentName
  readonly strategy: AnyName
  /** The policy that is asked, and that losses are measured from. */
  readonly expert: Model
  /** What the limbs weigh: `legacy`, as in the MuJoCo of the paper's time, or `current`. */
  readonly masses: Masses
  /** Algorithm 1's M. */
  readonly iterations: number
  /** Episodes an iteration, Algorithm 1's N. */
  readonly episodes: number
  /** Test episodes an iteration, from the same starts for every strategy, seed and iteration of a task. */
  readonly trials: number
  /** The primary network (section 3.1). */
  readonly policy: Topology
  /** Table 1's. */
  readonly hyperparameters: Hyperparameters
  readonly fit: FitOptions
  /** Share of the labelled states held out (section 3.1, Data Aggregation). */
  readonly validation: number
  readonly engine: EngineName
  /** What the critics' gradients are. */
  readonly readings: Readings
  /** The expert's actions as it gives them, or clipped to what the actuators take. */
  readonly labels: 'raw' | 'clipped'
  /** Which proposals the critic learns to judge: the new policy's in all labelled states, or those made at the time. */
  readonly criticTargets: 'relabelled' | 'stored'
  /** Who acts in the first iteration, all of whose states are labelled. */
  readonly firstBatch: 'learner' | 'expert'
  /** The share of the states that the learner meets in which to ask, in place of the strategy's thresholds: they are set by it. */
  readonly rate?: number
  /** Whether labelled states count for the states met that they are nearest to, when the policy learns; else each counts once. */
  readonly weighting?: 'nearest'
}

/** What differs between the paper's tasks: entries of an action, episodes an iteration, passes over the data. */
const tasks: Record<EnvironmentName, { actions: number; episodes: number; epochs: number }> = {
  reacher: { actions: 2, episodes: 5, epochs: 100 },
  hopper: { actions: 3, episodes: 10, epochs: 20 }
}

/**
 * The paper's protocol for one cell of Table 2, with changes where given.
 *
 * @throws RangeError that says which choice is wrong and what is allowed
 */
export function protocolFor(
  environment: EnvironmentName,
  strategy: AnyName,
  expert: Model,
  changes: Partial<Protocol> = {}
): Protocol {
  oneOf(environments)('environment', environment)
  const { actions, episodes, epochs } = tasks[environment]
  const protocol: Protocol = {
    environment,
    strategy,
    expert,
    masses: 'legacy',
    iterations: 15,
    episodes,
    trials: 100,
    hyperparameters: hyperparameters[environment],
    policy: perceptron(11, [128, 128, 32, 8], actions, { dropout: 0.2 }),
    fit: { loss: 'squared-error', learningRate: 1e-3, epochs, batch: 32, weights: 'warm', optimizer: 'fresh' },
    validation: 0.2,
    engine: 'fused',
    readings: { loss: 'norm', safety: 'probability' },
    labels: 'raw',
    criticTargets: 'relabelled',
    firstBatch: 'learner',
    ...changes
  }
  checkProtocol('protocol', protocol)
  const { hyperparameters: thresholds, readings, rate } = protocol
  if (rate !== undefined && strategyFor(strategy, thresholds, readings).asks === always)
    throw new RangeError(`${strategy} asks in every state: it has no rate; leave that, or the strategy, out`)
  return protocol
}

/** Few enough iterations and trials for all strategies to take a minute or two; nothing to conclude from. */
export const quick = { iterations: 4, trials: 10 } as const

const network: Check = (what, value) => {
  try {
    topologyOf(value)
  } catch (error) {
    throw new TypeError(`${what}: ${(error as Error).message}`)
  }
}

const threshold = fields({ tau: positive, epsilon: positive })

/** @throws RangeError or TypeError for what is not a whole protocol */
export const checkProtocol = fields({
  environment: oneOf(environments),
  strategy: oneOf(allNames),
  expert: fields({ topology: network, weights() {} }),
  masses: oneOf(['legacy', 'current']),
  iterations: wholeNumber(1),
  episodes: wholeNumber(1),
  trials: wholeNumber(1),
  policy: network,
  hyperparameters: fields({ loss: threshold, safety: threshold, query: share('states that are asked about') }),
  fit: fields({
    loss: oneOf(['squared-error', 'logistic']),
    learningRate: positive,
    epochs: wholeNumber(1),
    batch: wholeNumber(1),
    weights: oneOf(['warm', 'fresh']),
    optimizer: oneOf(['fresh', 'kept']),
    patience: optional(wholeNumber(1))
  }),
  validation: share('states held out'),
  engine: oneOf(['fused', 'tensorflow']),
  readings: fields({ loss: oneOf(['norm', 'jacobian', 'sum']), safety: oneOf(['probability', 'logit']) }),
  labels: oneOf(['raw', 'clipped']),
  criticTargets: oneOf(['relabelled', 'stored']),
  firstBatch: oneOf(['learner', 'expert']),
  rate: optional(share('states to ask in')),
  weighting: optional(oneOf(['nearest']))
})
