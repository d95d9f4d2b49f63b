/**
 * The protocol: everything that, with a seed, decides the outcome of a run. Where the paper leaves a thing open, the
 * default is what came closest to its Table 2 on Reacher.
 */
import * as v from 'valibot'
import { type EnvironmentName, environments, tasks } from './environments/tasks'
import { type Model, perceptron, topologyOf } from './networks'
import { fitSchema } from './networks/fit'
import { modelSchema } from './networks/format'
import { engineSchema } from './networks/network'
import { trainedTopologySchema } from './networks/topology'
import { type AnyStrategyName, allStrategyNames, always, hyperparameters, ownName, strategyFor } from './strategies'
import { hyperparametersSchema, readings, readingsSchema } from './strategies/hyperparameters'
import { check, choice, count, is, object, plain, positive, share, text } from './util/schema'

/** The fields that make the participants. */
const participants = {
  /** The task. */
  environment: choice(environments),
  /** One of the paper's strategies, a related one, or one of a file. */
  strategy: v.lazy((given) => (is(ownName, given) ? ownName : choice(allStrategyNames))),
  /** The file of the labels' cost, and the numbers of the first batch's demonstrations. */
  cost: v.exactOptional(ownName),
  demonstrations: v.exactOptional(ownName),
  /** The policy that labels queried states, and whose returns losses are measured from. */
  expert: modelSchema,
  /** Masses of the limbs: `legacy`, as in the MuJoCo of the paper's time, or `current`. */
  masses: choice(['legacy', 'current']),
  /** The thresholds, and the probability of random queries (Table 1). */
  hyperparameters: hyperparametersSchema,
  /** Readings of the critics' gradients, which the paper leaves open. */
  readings: readingsSchema,
  /**
   * The share of the states that the learner visits alone in which to query: the strategy's thresholds are set to give it. An expert that keeps
   * control (LazyDAgger, ThriftyDAgger, RND-DAgger) is queried more.
   */
  rate: v.exactOptional(share('states to query in'))
}

const settings = {
  /** Algorithm 1's M. */
  iterations: count,
  /** Episodes each iteration, Algorithm 1's N. */
  episodes: count,
  /** Test episodes each iteration, from the same starts for every strategy, seed and iteration of a task. */
  trials: count,
  /** The primary network (section 3.1). */
  policy: trainedTopologySchema,
  /** Training of the policy and of the critic (section 3.1), as `FitOptions` tells. */
  fit: fitSchema,
  /** Share of the labelled states held out (section 3.1, Data Aggregation). */
  validation: share('states held out'),
  /** The engine that computes the networks: our kernels, or TensorFlow. */
  engine: engineSchema,
  /** The expert's actions as it gives them, or clipped to what the actuators take. */
  labels: choice(['raw', 'clipped']),
  /** Actions that the critic is trained on: the new policy's in all labelled states, or those proposed at the time. */
  criticTargets: choice(['relabelled', 'stored']),
  /** The policy in control in the first iteration, all of whose states are labelled; or `demonstrations` in its place. */
  firstBatch: choice(['learner', 'expert', 'demonstrations']),
  /** The cost of all labels, Equation 2's C: their count, unless states have another cost than 1. Once it is spent there are no queries. */
  budget: v.exactOptional(positive),
  /** `nearest` counts a labelled state, in training the policy, for each visited state nearest to it; else each counts once. */
  weighting: v.exactOptional(choice(['nearest']))
}

const schema = object({ ...participants, ...settings })

/**
 * All that decides the outcome of a run, together with its seed. `protocolFor` fills it in. Where the paper leaves a thing open,
 * the default is the closest to its Table 2 on Reacher.
 */
export type Protocol = v.InferOutput<typeof schema>

/** Training settings: the protocol without what makes the participants. */
export type Settings = Omit<Protocol, keyof typeof participants>

/** Of the settings of a run, in a protocol or alone. */
export const settingsSchema = object({ ...v.partial(v.object(participants)).entries, ...settings })

/** A protocol in a record: it names the expert by the hash of its network. */
export const recordedProtocolSchema = object({ ...participants, ...settings, expert: text })

/**
 * Returns the paper's protocol for one cell of Table 2, with changes where given.
 *
 * @param expert as `loadExpert` or `modelOf` returns it
 * @param changes fields to put in place of the paper's: `{ iterations: 5, rate: 0.2 }`
 * @throws RangeError that names the wrong choice and what is allowed
 */
export function protocolFor(
  environment: EnvironmentName,
  strategy: AnyStrategyName,
  expert: Model,
  changes: Partial<Protocol> = {}
): Protocol {
  check(choice(environments), 'environment', environment)
  check(plain, 'changes', changes)
  const { task, episodes, epochs } = tasks[environment]
  const { observationSize, actionSize } = task
  const protocol: Protocol = {
    environment,
    strategy,
    expert,
    masses: 'legacy',
    iterations: 15,
    episodes,
    trials: 100,
    hyperparameters: hyperparameters[environment],
    policy: perceptron(observationSize, [128, 128, 32, 8], actionSize, { dropout: 0.2 }),
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
  const { strategy: name, rate, readings: read } = protocol
  if (rate !== undefined && !is(ownName, name) && strategyFor(name, protocol.hyperparameters, read).rule === always)
    throw new RangeError(`${name} queries in every state: it has no rate; leave that or the strategy out`)
  return { ...protocol, policy: topologyOf(protocol.policy) }
}

/** Changes for `protocolFor`: so few iterations and trials that all strategies take a minute or two. Nothing can be concluded from such runs. */
export const quick = { iterations: 4, trials: 10 } as const

/** @throws RangeError that names what is wrong in a protocol, and what is allowed */
export function checkProtocol(protocol: unknown): asserts protocol is Protocol {
  check(schema, 'protocol', protocol)
}
