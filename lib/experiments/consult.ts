import type { Policy } from '../networks'
import type { Rng } from '../random'
import type { Judge, QueryStrategy, Scores } from '../strategies'

/** What the learner and its strategy make of a batch of states. */
export interface Consultation {
  /** The actions that the learner proposes, [rows, actionSize]. */
  readonly proposals: Float32Array
  readonly scores: Scores
  /** For each row the strategy's reasons to ask, as bits. */
  readonly reasons: Uint8Array
}

/**
 * What the learner would do in some states, and whether the strategy asks there (lines 10 - 12 of Algorithm 1).
 *
 * @param judge what the strategy's critic has learned
 * @param observations [rows, observationSize]
 * @param rngs the strategy's generator of each row
 */
export function consult(
  { asks }: QueryStrategy,
  policy: Policy,
  judge: Judge,
  observations: Float32Array,
  rngs: readonly Rng[]
): Consultation {
  const rows = rngs.length
  const proposals = policy.predict(observations, rows)
  const scores = judge.scores(observations, proposals, rows)
  return { proposals, scores, reasons: asks.decide(scores, rngs) }
}
