/** Rules: when the expert is queried. Each is a value; rules are combined into others. */
import { partialRuleSchema } from '../check'
import { isList } from '../util/json'
import { a, aFraction, aThreshold, check, text } from '../util/schema'
import { quantile } from '../util/statistics'
import { column, type Scores } from './scores'
import type { Mask, Rule } from './strategy'

/** Queries in every state, as Supervised and DAgger do. */
export const always: Rule = { reasons: ['always'], query: (_, rngs) => [new Uint8Array(rngs.length).fill(1)] }

/** Queries in no state. */
export const never: Rule = { reasons: [], query: () => [] }

/** Queries with a given probability, from 0 to 1, whatever the state (section 3.2, Algorithms). */
export function random(probability: number): Rule {
  check(aFraction, "random's probability", probability)
  return { reasons: ['random'], query: (_, rngs) => [Uint8Array.from(rngs, (rng) => Number(rng() < probability))] }
}

/**
 * Queries where a score exceeds a threshold (Algorithm 1, line 12).
 *
 * @param score the name that the strategy's critic gives it: `predictedLoss`
 * @param threshold in the score's units
 * @param rankedBy a score of the same order that does not saturate, for `topFraction`
 */
export function above(score: string, threshold: number, rankedBy = score): Rule {
  check(text, "above's score", score)
  check(text, "above's rankedBy", rankedBy)
  check(aThreshold, `the threshold of '${score}'`, threshold)
  const query: Rule['query'] = (scores) => [Uint8Array.from(column(scores, score), (x) => Number(x > threshold))]
  return { reasons: [score], rankedBy: [rankedBy], thresholds: { [score]: threshold }, query }
}

/** Queries where either rule does, for the reasons of both. RadGrad is one by the predicted loss or one by its gradient. */
export const anyOf = (a: Rule, b: Rule): Rule =>
  combination(anyOf, a, b, (...given) => [...masksOf(a, ...given), ...masksOf(b, ...given)])

/** Tosses a fair coin in each state for which of two rules decides there. */
export const coin = (a: Rule, b: Rule): Rule =>
  combination(coin, a, b, (scores, rngs, step) => {
    const heads = Uint8Array.from(rngs, (rng) => Number(rng() < 0.5))
    const first = masksOf(a, scores, rngs, step)
    const second = masksOf(b, scores, rngs, step)
    return [
      ...first.map((mask) => mask.map((yes, row) => (heads[row] ? yes : 0))),
      ...second.map((mask) => mask.map((yes, row) => (heads[row] ? 0 : yes)))
    ]
  })

/** Returns a rule for the reasons of two, which queries by the masks given. It is calibrated, where one of them wants it, by combining them anew. */
function combination(combine: (a: Rule, b: Rule) => Rule, a: Rule, b: Rule, query: Rule['query']): Rule {
  for (const [i, rule] of [a, b].entries()) check(partialRuleSchema, `rule ${i + 1}`, rule)
  const calibrated = (rule: Rule, visited: Scores): Rule => (rule.calibrate ? rule.calibrate(visited) : rule)
  const calibrate = (visited: Scores): Rule => combine(calibrated(a, visited), calibrated(b, visited))
  return {
    reasons: [...a.reasons, ...b.reasons],
    rankedBy: [...(a.rankedBy ?? []), ...(b.rankedBy ?? [])],
    thresholds: { ...a.thresholds, ...b.thresholds },
    query,
    ...((a.calibrate || b.calibrate) && { calibrate })
  }
}

/** Returns the masks of a part of a combination. */
function masksOf(rule: Rule, ...given: Parameters<Rule['query']>): readonly Mask[] {
  const [masks, { length }] = [rule.query(...given), rule.reasons]
  const schema = a(`${length} masks, one for each reason`, () => isList(masks) && masks.length === length)
  check(schema, `what a rule by ${rule.reasons} gives`, masks)
  return masks
}

/** Returns a rule by thresholds as it is or, given a rate, a rule that queries in that fraction of states by the same scores. */
export const orTopFraction = (rate: number | undefined, byThresholds: Rule): Rule =>
  rate === undefined ? byThresholds : topFraction(rate, ...(byThresholds.rankedBy ?? []))

/**
 * Queries in the given fraction of states: those in which one of some scores exceeds its quantile. All scores share one
 * quantile, chosen so that together they fill the fraction. Ties at the thresholds are broken at random. `imitate` sets the thresholds
 * before each iteration but the first.
 *
 * @param fraction of the states that the learner visits when it acts alone, from 0 to 1
 * @param names scores that the strategy's critic gives
 */
export function topFraction(fraction: number, ...names: readonly string[]): Rule {
  check(aFraction, "topFraction's fraction", fraction)
  for (const name of names) check(text, "topFraction's score", name)
  if (names.length === 0) throw new RangeError('topFraction needs the name of a score at least: by what is it the top?')
  return {
    reasons: names,
    rankedBy: names,
    query() {
      throw new Error(`a rule by the highest ${names.join(' or ')} has no thresholds yet: calibrate it first`)
    },
    calibrate(visited) {
      const { strict, loose, tieProbability } = calibrateThresholds(fraction, names, visited)
      const exceeding = (thresholds: readonly number[]): Rule =>
        names.map((name, i) => above(name, thresholds[i])).reduce(anyOf)
      const [high, low] = [exceeding(strict), exceeding(loose)]
      return {
        reasons: names,
        thresholds: high.thresholds,
        query(scores, rngs, step) {
          const [surely, possibly] = [high.query(scores, rngs, step), low.query(scores, rngs, step)]
          const certain = anyMask(surely, rngs.length)
          const possible = anyMask(possibly, rngs.length)
          const tied = rngs.map((rng, row) => !certain[row] && possible[row] && rng() < tieProbability)
          return surely.map((mask, i) => mask.map((yes, row) => (tied[row] ? possibly[i][row] : yes)))
        }
      }
    }
  }
}

/** Returns the rows in which any of some masks holds. */
export const anyMask = (masks: readonly Mask[], rows: number): Mask =>
  Uint8Array.from({ length: rows }, (_, row) => Number(masks.some((mask) => mask[row])))

/** Finds thresholds between whose query fractions the wanted one lies, and the probability to query in states that only the lower ones query. */
function calibrateThresholds(fraction: number, names: readonly string[], visited: Scores) {
  const columns = names.map((name) => column(visited, name))
  const sorted = columns.map((scores) => Float64Array.from(scores).sort())
  const atLevel = (level: number): number[] => sorted.map((scores) => quantile(scores, level))
  const queriedBy = (thresholds: readonly number[]): number =>
    columns[0].filter((_, row) => columns.some((scores, i) => scores[row] > thresholds[i])).length / columns[0].length
  // the higher the level, the fewer the queries
  let [loose, strict] = [names.map(() => Number.NEGATIVE_INFINITY), atLevel(1)]
  let [low, high] = [0, 1]
  for (let i = 0; i < 20; i++) {
    const middle = (low + high) / 2
    const thresholds = atLevel(middle)
    if (queriedBy(thresholds) > fraction) [low, loose] = [middle, thresholds]
    else [high, strict] = [middle, thresholds]
  }
  const [fewer, more] = [queriedBy(strict), queriedBy(loose)]
  return { strict, loose, tieProbability: more > fewer ? (fraction - fewer) / (more - fewer) : 0 }
}
