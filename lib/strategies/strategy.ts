/**
 * The contracts of a querying strategy: its rule, its critic, and who controls the environment.
 *
 * Arrays that a part is given are its own: it may write into them. Arrays that it returns are copied, so it may give one again and again.
 * A part draws its random numbers from the generators that it is given: a run with JavaScript's own in a part cannot be repeated, and no
 * check hears of it but `radgrad verify`, which computes recorded runs again.
 */
import type { Dataset } from '../dataset'
import type { Environment } from '../environments'
import type { FitOptions, Network, Topology } from '../networks'
import { valuesOf } from '../networks/network'
import { concatenate } from '../util/matrix'
import type { Rng } from '../util/random'
import type { Scores } from './scores'

/** A set of rows: 1 for the rows in which something holds, else 0; [rows]. */
export type Mask = Uint8Array

/** A querying strategy, a row of Table 2: when the expert is queried, and who controls the environment. */
export interface QueryStrategy {
  /** Its name in the paper's tables and figures. */
  readonly title: string
  /** Creates what is trained beside the policy and scores states and actions; without it nothing is scored. */
  readonly critic?: CriticSpec
  /** Decides when the expert is queried. */
  readonly rule: Rule
  /** Decides where the expert's action is executed, among the states in which it was queried; elsewhere the learner's is. */
  readonly control: Control
  /** Decides where the expert releases control. Until then it is queried in every state of the episode; by default it releases at once. */
  readonly release?: Release
  /** Returns the actions executed where the expert's are not; by default those that the learner proposes. */
  readonly behaviour?: Behaviour
}

/** The reason for a query in an episode that the expert has not released, which no rule may give. */
export const expertControl = 'expertControl'

/** Decides when the expert is queried (Algorithm 1, line 12). Combine rules with `anyOf` and `coin`. */
export interface Rule {
  /** Reasons to query, one for each mask and each another: the name of a score, or of what else decides. */
  readonly reasons: readonly string[]
  /** Scores that the critic must give: their order is the rule's own, by which it can be set to a fraction of the states. */
  readonly rankedBy?: readonly string[]
  /** The scores' thresholds, once they are known, for the release to see. */
  readonly thresholds?: Thresholds | undefined
  /** Returns for each reason the rows in which it queries. Each row has its episode's own generator. */
  query(scores: Scores, rngs: readonly Rng[], step: StepBatch): readonly Mask[]
  /**
   * Returns the rule with its thresholds set by the scores of states that the learner has just visited alone. A rule that has this
   * is calibrated before each iteration but the first, on episodes without a query.
   */
  readonly calibrate?: (scores: Scores) => Rule
}

/** Thresholds by the names of their scores. */
export type Thresholds = Readonly<Record<string, number>>

/** The states of one step, a row for each episode. */
export interface StepBatch {
  readonly rows: number
  /** [rows, observationSize]. */
  readonly states: Float32Array
  /** The actions that the learner proposes there, [rows, actionSize]. */
  readonly learnerActions: Float32Array
  /** The index of each row's episode in its iteration, from 0. */
  readonly episodes: readonly number[]
  /** Numbers by name, which a part keeps for each row's episode from step to step; there are none when it begins. */
  readonly memories: readonly Record<string, number>[]
  /** Labels of the run so far, without those of this step. */
  readonly labels: number
  readonly critic: Critic
}

/** The states of one step in which the expert was queried. */
export interface QueriedBatch extends StepBatch {
  /** The expert's labels, [rows, actionSize]. */
  readonly expertActions: Float32Array
  /** The critic's scores of these rows. */
  readonly scores: Scores
  /** The rule's, calibrated where it is. */
  readonly thresholds: Thresholds
}

/** Returns the rows in which the expert's action is executed (Algorithm 1, lines 14 to 17); in the others the learner's is. */
export type Control = (queried: QueriedBatch) => Mask

/** Returns the rows in which the expert releases control to the learner, as in LazyDAgger and ThriftyDAgger. */
export type Release = (queried: QueriedBatch) => Mask

/** Returns actions to execute, [rows, actionSize]. Each row has its episode's own generator. */
export type Behaviour = (step: StepBatch, rngs: readonly Rng[]) => Float32Array

/** Executes the expert's action wherever it is queried (section 3.1, Data Aggregation). */
export const expertWhenQueried: Control = ({ rows }) => new Uint8Array(rows).fill(1)

/** Executes the learner's action throughout, as DAgger does. */
export const learnerThroughout: Control = ({ rows }) => new Uint8Array(rows)

/** Declares a critic; `lossNetwork` and `networkCritic` return such declarations. Each run creates its own critic. */
export interface CriticSpec {
  readonly name: string
  /** Creates an untrained critic for an environment. */
  create(environment: Environment, createNetwork: CreateNetwork): Promise<Critic>
}

/**
 * Creates a network; a name gives it a generator of its own among a critic's networks.
 *
 * @throws RangeError for a second network of one name, or a second without one: it would be the same network
 */
export type CreateNetwork = (topology: Topology, name?: string) => Promise<Network>

/** Scores the learner's actions, and is trained beside the policy. */
export interface Critic {
  readonly networks: readonly Network[]
  /** State beside the networks that `score` depends on: plain objects whose entries `fit` replaces, so that an interrupted run can restore them. */
  readonly states?: readonly object[]
  /**
   * Trains on all data so far, before the next iteration; awaits its training. Returns the names of networks with one output for all
   * labelled states: a layer of theirs has died.
   *
   * @throws what `fit` does
   */
  fit(experience: Experience, training: CriticTraining): Promise<readonly string[]>
  /**
   * Scores actions, [rows, actionSize], in states, [rows, observationSize]. It is asked once before the first iteration, untrained, for
   * the names of its scores.
   */
  score(states: Float32Array, actions: Float32Array, rows: number): Scores
}

/** Stands for the critic of a strategy that has none. */
export const noCritic: Critic = { networks: [], fit: async () => [], score: () => ({}) }

/** The data that a critic is trained on. */
export interface Experience {
  /** The policy whose actions it will score. */
  readonly policy: Network
  /** The labelled states; the learner's actions in them are those to score. */
  readonly labelled: Dataset
  readonly visited: VisitedStates
}

/** All states visited in some episodes, labelled or not, in the order of episodes and steps. */
export interface VisitedStates {
  readonly rows: number
  /** [rows, observationSize]. */
  readonly observations: Float32Array
  /** The actions executed there, [rows, actionSize]. */
  readonly actions: Float32Array
  /** Steps of each episode. */
  readonly lengths: readonly number[]
}

const none = new Float32Array()
/** No states. */
export const nothingVisited: VisitedStates = { rows: 0, observations: none, actions: none, lengths: [] }

/** Appends the states of later episodes. */
export const joinVisited = (before: VisitedStates, later: VisitedStates): VisitedStates => ({
  rows: before.rows + later.rows,
  observations: concatenate([before.observations, later.observations]),
  actions: concatenate([before.actions, later.actions]),
  lengths: [...before.lengths, ...later.lengths]
})

/** Options of a critic's training. */
export interface CriticTraining {
  readonly fit: FitOptions
  /** Returns the generator for a purpose; a critic with several networks names each. */
  readonly random: (...name: (string | number)[]) => Rng
  readonly signal?: AbortSignal | undefined
}

/** Returns a function that restores a policy and its critic as they are now. */
export function snapshot(policy: Network, { networks, states = [] }: Critic): () => void {
  const weights = [policy, ...networks].map((network) => ({ network, values: valuesOf(network.weights()) }))
  const entries = states.map((state) => ({ state, copy: { ...state } }))
  return () => {
    for (const { network, values } of weights) network.setWeights(values)
    for (const { state, copy } of entries) Object.assign(state, copy)
  }
}
