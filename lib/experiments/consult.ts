import type { Network, Policy } from '../networks'
import type { Rng } from '../random'
import type { QueryStrategy, Scores } from '../strategies'
import { joinColumns } from './dataset'

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
 * @param critic what the strategy's critic has learned; without it nothing is scored
 * @param observations [rows, observationSize]
 * @param rngs the strategy's generator of each row
 */
export function consult(
  { asks, critic: judge }: QueryStrategy,
  policy: Policy,
  critic: Network | undefined,
  observations: Float32Array,
  rngs: readonly Rng[]
): Consultation {
  const rows = rngs.length
  const proposals = policy.predict(observations, rows)
  const scores = judge && critic ? judge.scores(critic, joinColumns(observations, proposals, rows), rows) : {}
  return { proposals, scores, reasons: asks.decide(scores, rngs) }
}
