/**
 * The protocol: everything that, with a seed, decides the outcome of a run. Where the paper leaves a thing open, the
 * default is what came closest to its Table 2 on Reacher.
 */
import * as v from 'valibot'
import { type EnvironmentName, environments } from './environments'
import { type FitOptions, type Model, perceptron, type Topology, topologyOf } from './networks'
import { type AnyStrategyName, allStrategyNames, always, hyperparameters, strategyFor } from './strategies'
import { hyperparametersSchema, readings, readingsSchema } from './strategies/hyperparameters'
import { check, choice, count, object, positive, share, text } from './util/schema'

const network = v.custom<Topology>(
  (value) => flawOf(value) === undefined,
  ({ input }) => `$field: ${flawOf(input)}`
)

function flawOf(value: unknown): string | undefined {
  try {
    topologyOf(value)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

const fit = object({
  loss: choice(['squared-error', 'logistic']),
  learningRate: positive,
  epochs: count,
  batch: count,
  weights: choice(['warm', 'fresh']),
  optimizer: choice(['fresh', 'kept']),
  patience: v.exactOptional(count)
}) satisfies v.GenericSchema<unknown, FitOptions>

const fields = {
  environment: choice(environments),
  strategy: choice(allStrategyNames),
  /** The policy that labels queried states, and whose returns losses are measured from. */
  expert: object({ topology: network, weights: v.custom<Model['weights']>(Array.isArray, '$field must be a list') }),
  /** Masses of the limbs: `legacy`, as in the MuJoCo of the paper's time, or `current`. */
  masses: choice(['legacy', 'current']),
  /** Algorithm 1's M. */
  iterations: count,
  /** Episodes each iteration, Algorithm 1's N. */
  episodes: count,
  /** Test episodes each iteration, from the same starts for every strategy, seed and iteration of a task. */
  trials: count,
  /** The primary network (section 3.1). */
  policy: network,
  /** Table 1's. */
  hyperparameters: hyperparametersSchema,
  fit,
  /** Share of the labelled states held out (section 3.1, Data Aggregation). */
  validation: share('states held out'),
  engine: choice(['fused', 'tensorflow']),
  /** Readings of the critics' gradients, which the paper leaves open. */
  readings: readingsSchema,
  /** The expert's actions as it gives them, or clipped to what the actuators take. */
  labels: choice(['raw', 'clipped']),
  /** Actions that the critic is trained on: the new policy's in all labelled states, or those proposed at the time. */
  criticTargets: choice(['relabelled', 'stored']),
  /** The policy in control in the first iteration, all of whose states are labelled. */
  firstBatch: choice(['learner', 'expert']),
  /**
   * The share of the states that the learner visits alone in which to query: the strategy's thresholds are set to give it. An expert that keeps
   * control (LazyDAgger, ThriftyDAgger) is queried more.
   */
  rate: v.exactOptional(share('states to query in')),
  /** `nearest` counts a labelled state, in training the policy, for each visited state nearest to it; else each counts once. */
  weighting: v.exactOptional(choice(['nearest']))
}

const schema = object(fields)

export type Protocol = v.InferOutput<typeof schema>

/** A protocol in a record: it names the expert by the hash of its network. */
export const recordedProtocolSchema = object({ ...fields, expert: text })

/** Differences between the paper's tasks: entries of an action, episodes each iteration, passes over the data. */
const tasks: Record<EnvironmentName, { actions: number; episodes: number; epochs: number }> = {
  reacher: { actions: 2, episodes: 5, epochs: 100 },
  hopper: { actions: 3, episodes: 10, epochs: 20 }
}

/**
 * Returns the paper's protocol for one cell of Table 2, with changes where given.
 *
 * @throws RangeError that names the wrong choice and what is allowed
 */
export function protocolFor(
  environment: EnvironmentName,
  strategy: AnyStrategyName,
  expert: Model,
  changes: Partial<Protocol> = {}
): Protocol {
  check(choice(environments), 'environment', environment)
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
    readings,
    labels: 'raw',
    criticTargets: 'relabelled',
    firstBatch: 'learner',
    ...changes
  }
  checkProtocol(protocol)
  if (
    protocol.rate !== undefined &&
    strategyFor(protocol.strategy, protocol.hyperparameters, protocol.readings).rule === always
  )
    throw new RangeError(
      `${protocol.strategy} queries in every state: it has no rate; leave that, or the strategy, out`
    )
  return { ...protocol, policy: topologyOf(protocol.policy) }
}

/** Few enough iterations and trials for all strategies to take a minute or two; nothing to conclude from. */
export const quick = { iterations: 4, trials: 10 } as const

/** @throws RangeError that names what is wrong in a protocol, and what is allowed */
export function checkProtocol(protocol: unknown): asserts protocol is Protocol {
  check(schema, 'protocol', protocol)
}
