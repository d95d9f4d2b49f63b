import { quantile } from './util/statistics'

/** Counts for one reason to query in one iteration. */
export interface RuleRecord {
  readonly reason: string
  /** States queried for this reason, and for this reason alone. */
  readonly queried: number
  readonly alone: number
  /** The 5, 25, 50, 75 and 95 % quantiles of its score over all visited states; empty for a reason without a score. */
  readonly quantiles: readonly number[]
}

/**
 * Counts queries by reason.
 *
 * @param queries the reasons for each query
 * @param scores of each reason over all visited states; empty for a reason without a score
 */
export const ruleRecords = (
  reasons: readonly string[],
  queries: readonly (readonly string[])[],
  scores: readonly (readonly number[])[]
): RuleRecord[] =>
  reasons.map((reason, i) => {
    const mine = queries.filter((why) => why.includes(reason))
    const sorted = Float64Array.from(scores[i]).sort()
    const quantiles = sorted.length > 0 ? [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => quantile(sorted, share)) : []
    return { reason, queried: mine.length, alone: mine.filter(({ length }) => length === 1).length, quantiles }
  })
