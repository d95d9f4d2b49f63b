import type { Environment } from '../environments'
import type { FitOptions, Network, Topology } from '../networks'
import type { Rng } from '../random'
import type { Scores } from './scores'

/** A querying strategy, a row of Table 2: when the expert is asked for its action, and who acts. */
export interface QueryStrategy {
  /** Its name in the paper's tables and figures. */
  readonly title: string
  /**
   * Whose actions the environment gets: the expert's or the learner's throughout; the expert's where it was asked; or,
   * where it was asked, the expert's if a gate says so. Elsewhere the learner acts.
   */
  readonly actor: 'expert' | 'learner' | 'expert-when-asked' | Gate
  /** What is learned beside the policy, and scores states and actions. */
  readonly critic?: Critic
  readonly asks: Rule
  /**
   * Where the expert, having been asked, hands the controls back. Until it does it is asked in every state of the episode,
   * whatever the rule says. Without this it hands back at once.
   */
  readonly handsBack?: Gate
}

/** When to ask. */
export interface Rule {
  /** What it asks for, a name for each bit of its answers. */
  readonly reasons: readonly string[]
  /** For each row the reasons to ask, as bits; 0 is not to ask. One generator a row: its episode's own. */
  decide(scores: Scores, rngs: readonly Rng[]): Uint8Array
  /**
   * The rule with its thresholds set by the scores of states that the learner, acting alone, has just met. Where a rule has
   * this, each iteration but the first begins with such episodes, in which nobody is asked, and it decides only then.
   */
  readonly calibrate?: (seen: Scores) => Rule
}

/** States in which the expert was asked, with its answers: a gate may decide by what they cost already. */
export interface Answered {
  readonly rows: number
  /** [rows, observationSize]. */
  readonly states: Float32Array
  /** The actions that the learner proposes there, and the expert's: [rows, actionSize] each. */
  readonly proposals: Float32Array
  readonly answers: Float32Array
  readonly judge: Judge
}

/** 1 for the rows that it says yes to, [rows]. */
export type Gate = (answered: Answered) => Uint8Array

/** What is to be learned beside the policy. */
export interface Critic {
  readonly name: string
  /** One that has learned nothing yet. */
  begin(task: Environment, create: Create): Promise<Judge>
}

/** Makes a network; a name tells it from a critic's others, so that each is drawn by a generator of its own. */
export type Create = (topology: Topology, name?: string) => Promise<Network>

/** What a critic has learned by now. */
export interface Judge {
  /** The networks that it judges by. */
  readonly networks: readonly Network[]
  /**
   * Learns from all that was seen until now, before the next iteration. Gives the names of networks that say the same of every
   * labelled state: a layer of theirs has died.
   *
   * @throws what `fit` does
   */
  learn(experience: Experience, training: CriticTraining): Promise<readonly string[]>
  /** What puts back what it scores by as it is now, networks apart, where it has learned anything else. */
  readonly keep?: () => () => void
  /** Scores of the actions proposed, [rows, actionSize], in some states, [rows, observationSize]. */
  scores(states: Float32Array, proposals: Float32Array, rows: number): Scores
}

/** Where nothing is learned beside the policy. */
export const nobody: Judge = { networks: [], learn: async () => [], scores: () => ({}) }

/** What a judge learns from. */
export interface Experience {
  /** The policy that it will have to judge. */
  readonly policy: Network
  readonly labelled: {
    readonly rows: number
    /** [rows, observationSize]. */
    readonly observations: Float32Array
    /** The expert's actions there, [rows, actionSize]. */
    readonly actions: Float32Array
    /** The actions that are to be judged there, [rows, actionSize]. */
    readonly proposals: Float32Array
    /** 1 for the states held out. */
    readonly validation: Uint8Array
  }
  readonly met: Met
}

/** All states met in some episodes, labelled or not, in the order of episodes and steps. */
export interface Met {
  readonly rows: number
  /** [rows, observationSize]. */
  readonly observations: Float32Array
  /** What was done there, by whomever, [rows, actionSize]. */
  readonly actions: Float32Array
  /** Steps of each episode. */
  readonly lengths: readonly number[]
}

export interface CriticTraining {
  readonly fit: FitOptions
  /** The generator of a network's training, or of what else is drawn; by name where there are several. */
  readonly random: (...name: (string | number)[]) => Rng
  readonly signal?: AbortSignal | undefined
}
