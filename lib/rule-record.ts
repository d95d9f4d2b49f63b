import type { InferOutput } from 'valibot'
import { allMeasured, measured, object, text } from './util/schema'
import { quantile } from './util/statistics'

/** Schema of the counts for one reason, as records have them. */
export const ruleRecordSchema = object({
  /** The name of a score, or of what else decides: `always`, `random`, `expertControl`. */
  reason: text,
  /** States queried for this reason, and for this reason alone. */
  queried: measured,
  alone: measured,
  /** The 5, 25, 50, 75 and 95 % quantiles of its score over all visited states; empty for a reason without a score. */
  quantiles: allMeasured
})

/** Counts for one reason to query in one iteration. */
export type RuleRecord = InferOutput<typeof ruleRecordSchema>

/**
 * Counts queries by reason.
 *
 * @param queries the reasons for each query
 * @param scores of each reason over all visited states; empty for a reason without a score
 */
export const ruleRecords = (
  reasons: readonly string[],
  queries: readonly (readonly string[])[],
  scores: readonly Float32Array[]
): RuleRecord[] =>
  reasons.map((reason, i) => {
    const mine = queries.filter((why) => why.includes(reason))
    const sorted = Float64Array.from(scores[i]).sort()
    const quantiles = sorted.length > 0 ? [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => quantile(sorted, share)) : []
    return { reason, queried: mine.length, alone: mine.filter(({ length }) => length === 1).length, quantiles }
  })
