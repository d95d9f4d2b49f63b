import type { Network, Topology, TrainingOptions } from '../networks'
import type { Rng } from '../random'

/** A querying strategy, a row of Table 2: when the expert is asked for its action, and who acts. */
export interface QueryStrategy {
  /** Its name in the paper's tables and figures. */
  readonly title: string
  /** Whose actions the environment gets; `expert-when-asked` is the learner's otherwise. */
  readonly actor: 'expert' | 'learner' | 'expert-when-asked'
  /** What is learned beside the policy, and scores states and actions. */
  readonly critic?: Critic
  readonly asks: Rule
}

/** What a critic says of a batch of states and the actions proposed there: named columns, [rows] each. */
export type Scores = Readonly<Record<string, Float32Array>>

/** When to ask. */
export interface Rule {
  /** What it asks for, a name for each bit of its answers. */
  readonly reasons: readonly string[]
  /** For each row the reasons to ask, as bits; 0 is not to ask. One generator a row: its episode's own. */
  decide(scores: Scores, rngs: readonly Rng[]): Uint8Array
}

/** A network that judges the learner's action in a state, from both: its inputs are [s; â] (section 3.1, Loss Network). */
export interface Critic {
  readonly name: string
  topology(observationSize: number, actionSize: number): Topology
  readonly loss: TrainingOptions['loss']
  /** What it learns to say: [rows, its outputs], from the expert's actions and the learner's, [rows, actionSize] each. */
  targets(expert: Float32Array, learner: Float32Array, actionSize: number): Float32Array
  /** Its scores of rows of [s; â]. */
  scores(network: Network, inputs: Float32Array, rows: number): Scores
}
