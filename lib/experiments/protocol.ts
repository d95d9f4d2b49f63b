/**
 * The protocol: everything that, with a seed, decides the outcome of a run. Where the paper leaves a thing open, the
 * default is what came closest to its Table 2 on Reacher.
 */
import { type EnvironmentName, environments, type Masses } from '../environments'
import { type EngineName, type FitOptions, type Model, perceptron, type Topology } from '../networks'
import { type Readings, type StrategyName, strategyNames } from '../strategies'

export interface Protocol {
  readonly environment: EnvironmentName
  readonly strategy: StrategyName
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
}

/** What differs between the paper's tasks: entries of an action, episodes an iteration, passes over the data. */
const tasks: Record<EnvironmentName, { actions: number; episodes: number; epochs: number }> = {
  reacher: { actions: 2, episodes: 5, epochs: 50 },
  hopper: { actions: 3, episodes: 10, epochs: 20 }
}

/**
 * The paper's protocol for one cell of Table 2, with changes where given.
 *
 * @throws RangeError that says which choice is wrong and what is allowed
 */
export function protocolFor(
  environment: EnvironmentName,
  strategy: StrategyName,
  expert: Model,
  changes: Partial<Protocol> = {}
): Protocol {
  choose('environment', environment, environments)
  choose('strategy', strategy, strategyNames)
  const { actions, episodes, epochs } = tasks[environment]
  const protocol: Protocol = {
    environment,
    strategy,
    expert,
    masses: 'legacy',
    iterations: 15,
    episodes,
    trials: 100,
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
  for (const key of ['iterations', 'episodes', 'trials'] as const) wholeNumber(key, protocol[key])
  for (const key of ['epochs', 'batch'] as const) wholeNumber(`fit.${key}`, protocol.fit[key])
  choose('masses', protocol.masses, ['legacy', 'current'])
  const { loss, weights, optimizer, learningRate } = protocol.fit
  choose('fit.loss', loss, ['squared-error', 'logistic'])
  choose('fit.weights', weights, ['warm', 'fresh'])
  choose('fit.optimizer', optimizer, ['fresh', 'kept'])
  if (!(learningRate > 0 && Number.isFinite(learningRate)))
    throw new RangeError(`fit.learningRate must be a number above 0, not ${learningRate}`)
  choose('engine', protocol.engine, ['fused', 'tensorflow'])
  choose('reading of the Loss network’s gradient', protocol.readings.loss, ['norm', 'jacobian', 'sum'])
  choose('reading of the safety network’s gradient', protocol.readings.safety, ['probability', 'logit'])
  choose('way with labels', protocol.labels, ['raw', 'clipped'])
  choose('way with the critic’s targets', protocol.criticTargets, ['relabelled', 'stored'])
  choose('first batch', protocol.firstBatch, ['learner', 'expert'])
  if (!(protocol.validation >= 0 && protocol.validation < 1))
    throw new RangeError(`validation is the share of states held out, from 0 to below 1, not ${protocol.validation}`)
  return protocol
}

function choose(what: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value))
    throw new RangeError(`there is no ${what} '${value}': choose one of ${allowed.join(', ')}`)
}

function wholeNumber(what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`${what} must be a whole number from 1 on, not ${value}`)
}
