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
 * Asks in the share of states in which one of some scores is highest: each beyond the same quantile of its own, the one at which they
 * ask in that share together. Of equal scores at that quantile, which a network that is flat there gives to many states, it asks by
 * chance in as many as fill the share.
 *
 * @param share of the states that the learner meets when it acts alone, from 0 to 1
 */
export const highest = (share: number, ...scores: readonly string[]): Rule => ({
  reasons: scores,
  decide() {
    throw new Error(`to ask where ${scores.join(' or ')} is highest, a rule must know what is high: calibrate it first`)
  },
  calibrate(seen) {
    const { surely, perhaps, filling } = bracket(share, scores, seen)
    return {
      reasons: scores,
      decide(met, rngs) {
        const more = perhaps.decide(met, rngs)
        return surely.decide(met, rngs).map((bits, row) => {
          if (bits || !more[row]) return bits
          return rngs[row]() < filling ? more[row] : 0
        })
      }
    }
  }
})

/** A rule by thresholds; where a rate is given, one that asks in that share of the states in which some scores are highest. */
export const atRate =
  (rate: number | undefined) =>
  (scores: readonly string[], byThresholds: Rule): Rule =>
    rate === undefined ? byThresholds : highest(rate, ...scores)

/** Two rules between which the share lies, and the part of the states between them that fills it. */
function bracket(share: number, names: readonly string[], seen: Scores) {
  const sorted = names.map((name) => Float64Array.from(seen[name]).sort())
  const beyond = (thresholds: readonly number[]): Rule =>
    names.map((name, i) => above(name, thresholds[i])).reduce((a, b) => anyOf(a, b))
  const at = (level: number): Rule => beyond(sorted.map((scores) => quantile(scores, level)))
  const asked = (rule: Rule): number => {
    const bits = rule.decide(seen, [])
    return bits.filter(Boolean).length / bits.length
  }
  // the higher the level the less is asked
  let [perhaps, surely] = [beyond(names.map(() => Number.NEGATIVE_INFINITY)), at(1)]
  let [low, high] = [0, 1]
  for (let i = 0; i < 20; i++) {
    const middle = (low + high) / 2
    const rule = at(middle)
    if (asked(rule) > share) [low, perhaps] = [middle, rule]
    else [high, surely] = [middle, rule]
  }
  const [less, more] = [asked(surely), asked(perhaps)]
  return { surely, perhaps, filling: more > less ? (share - less) / (more - less) : 0 }
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
