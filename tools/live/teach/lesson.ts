/** A lesson: one run of Algorithm 1 whose expert is the reader. */
import type * as rg from 'radgrad'
import type { Point } from './hand.ts'

/** The strategies of a lesson. */
export const strategies = ['dagger', 'random', 'safedagger', 'loss-gradient'] as const
export type Strategy = (typeof strategies)[number]

/**
 * The protocol's fields that differ from the paper's, so that a person has the patience. Episodes of one iteration run in lockstep, so one it is.
 * The reader acts in the first, and is the expert from then on in `rate` of the states, or in all of them until the budget is spent.
 */
export const changes = {
  iterations: 20,
  episodes: 1,
  trials: 20,
  firstBatch: 'expert',
  budget: 500,
  validation: 0
} as const satisfies Partial<rg.Protocol>
export const rate = 0.4
/** Steps of an episode. */
export const steps = 50
/** Returns the number of questions to expect in a round. */
export const expectedQuestions = (strategy: Strategy): number =>
  strategy === 'dagger' ? changes.budget : steps + rate * steps * (changes.iterations - 1)
/** Half of the paper's, for training is waited for. */
export const epochs = 50

/** The reader's answer to a query: where the tip should go, m; `late` if the time was over and the last place stood for it. */
export interface Answer {
  readonly hand: Point
  readonly late: boolean
}

/** Why a state is asked about. */
export interface Why {
  readonly reasons: readonly string[]
  /** By the names of the reasons that are scores: the score, and the threshold. A score that equals it was a tie. */
  readonly scores: Readonly<Record<string, readonly [score: number, threshold: number]>>
}

/** An answer with its question: the state, why it was asked about, and the torques that the answer became. */
export interface Answered extends Answer, Why {
  readonly iteration: number
  readonly state: readonly number[]
  readonly action: readonly number[]
}

/** A lesson that has ended: the answers in order, and the record that they make with the protocol and the seed in it. */
export interface Lesson {
  readonly answers: readonly Answered[]
  readonly record: rg.RunRecord
}
