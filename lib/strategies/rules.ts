import { quantile } from '../statistics'
import type { Scores } from './scores'
import type { Rule } from './strategy'

/** Asks in every state. */
export const always: Rule = { reasons: ['always'], decide: (_, rngs) => new Uint8Array(rngs.length).fill(1) }

/** Asks nowhere. */
export const never: Rule = { reasons: [], decide: (_, rngs) => new Uint8Array(rngs.length) }

/** Asks with a given probability, whatever the state (section 3.2, Algorithms). */
export const random = (probability: number): Rule => ({
  reasons: ['random'],
  decide: (_, rngs) => Uint8Array.from(rngs, (rng) => Number(rng() < probability))
})

/** Asks where a score is above a threshold. */
export const above = (score: string, threshold: number): Rule => ({
  reasons: [score],
  decide: (scores) => Uint8Array.from(scores[score], (value) => Number(value > threshold))
})

/**
 * Asks in the share of states in which one of some scores is highest: each is above the same quantile of its own, the one at
 * which they ask in that share together.
 *
 * @param share of the states that the learner meets when it acts alone, from 0 to 1
 */
export const highest = (share: number, ...scores: readonly string[]): Rule => ({
  reasons: scores,
  decide() {
    throw new Error(`to ask where ${scores.join(' or ')} is highest, a rule must know what is high: calibrate it first`)
  },
  calibrate: (seen) => thresholds(share, scores, seen).reduce((a, b) => anyOf(a, b))
})

/**
 * Asks where one of some scores is above its threshold; with a rate, in that share of states where they are highest.
 *
 * @param thresholds by the scores' names
 */
export const when = (thresholds: Readonly<Record<string, number>>, rate?: number): Rule =>
  rate === undefined
    ? Object.entries(thresholds)
        .map(([score, threshold]) => above(score, threshold))
        .reduce((a, b) => anyOf(a, b))
    : highest(rate, ...Object.keys(thresholds))

function thresholds(share: number, names: readonly string[], seen: Scores): Rule[] {
  const sorted = names.map((name) => Float64Array.from(seen[name]).sort())
  const at = (level: number): Rule[] => names.map((name, i) => above(name, quantile(sorted[i], level)))
  const asked = (level: number): number => {
    const rules = at(level)
    const reasons = rules.map((rule) => rule.decide(seen, []))
    return reasons[0].filter((_, row) => reasons.some((bits) => bits[row])).length / reasons[0].length
  }
  // the higher the level the less is asked: the lowest that asks in no more than the share lies between these
  let [low, high] = [0, 1]
  for (let i = 0; i < 20; i++) {
    const middle = (low + high) / 2
    if (asked(middle) > share) low = middle
    else high = middle
  }
  return at(high)
}

/** Asks where either rule does, and tells the reasons of both. */
export const anyOf = (a: Rule, b: Rule): Rule => ({
  reasons: [...a.reasons, ...b.reasons],
  decide(scores, rngs) {
    const [first, second] = [a.decide(scores, rngs), b.decide(scores, rngs)]
    return first.map((bits, row) => bits | (second[row] << a.reasons.length))
  },
  ...together(anyOf, a, b)
})

/** Tosses a fair coin in each state for which rule decides there. */
export const coin = (a: Rule, b: Rule): Rule => ({
  reasons: [...a.reasons, ...b.reasons],
  decide(scores, rngs) {
    const heads = rngs.map((rng) => rng() < 0.5)
    const [first, second] = [a.decide(scores, rngs), b.decide(scores, rngs)]
    return first.map((bits, row) => (heads[row] ? bits : second[row] << a.reasons.length))
  },
  ...together(coin, a, b)
})

/** Two rules in one are calibrated where one of them is. */
function together(join: (a: Rule, b: Rule) => Rule, a: Rule, b: Rule): Pick<Rule, 'calibrate'> {
  const set = (rule: Rule, seen: Scores): Rule => rule.calibrate?.(seen) ?? rule
  return a.calibrate || b.calibrate ? { calibrate: (seen) => join(set(a, seen), set(b, seen)) } : {}
}
