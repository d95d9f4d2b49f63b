import { quantile } from '../statistics'
import type { Scores } from '../strategies'

/** What one reason to ask came to in an iteration. */
export interface RuleRecord {
  readonly reason: string
  /** States in which it asked, and in which no other reason did. */
  readonly asked: number
  readonly alone: number
  /** The 5, 25, 50, 75 and 95 % quantiles of its score over all states met; empty for a rule without one. */
  readonly quantiles: readonly number[]
}

export interface RuleTally {
  /** Counts a batch: the scores that the rule saw, and its answers. */
  add(scores: Scores, reasons: Uint8Array): void
  records(): RuleRecord[]
}

export function ruleTally(names: readonly string[]): RuleTally {
  const asked = names.map(() => 0)
  const alone = names.map(() => 0)
  const seen = names.map(() => [] as number[])
  return {
    add(scores, reasons) {
      for (const bits of reasons)
        names.forEach((_, bit) => {
          if (bits & (1 << bit)) asked[bit] += 1
          if (bits === 1 << bit) alone[bit] += 1
        })
      names.forEach((name, bit) => {
        for (const score of scores[name] ?? []) seen[bit].push(score)
      })
    },
    records: () =>
      names.map((reason, bit) => {
        const sorted = Float64Array.from(seen[bit]).sort()
        const quantiles = sorted.length > 0 ? [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => quantile(sorted, share)) : []
        return { reason, asked: asked[bit], alone: alone[bit], quantiles }
      })
  }
}
