import { describe, expect, test } from 'vitest'
import { above, always, anyOf, coin, never, type Rule, random, topFraction } from '../../lib/strategies'
import { orTopFraction } from '../../lib/strategies/rules'
import { drawn, known, queriedBy, reasonsOf, rngs, scoresOf, stepOf } from './small'

/** The fraction of rows for which something holds. */
const fraction = <T>(rows: readonly T[], holds: (row: T) => boolean) => rows.filter(holds).length / rows.length
/** Four standard deviations of a fraction of n. */
const within = (p: number, n: number) => 4 * Math.sqrt((p * (1 - p)) / n)

const n = 20_000
/** One generator a row: to make so many in each test would take seconds. */
const generators = rngs(n)

describe('rules', () => {
  const scores = scoresOf({ loss: [0, 0.3, 0.5, 0.9], gradient: [9, 0, 9, 0] })

  test('`always` queries in every state', () => {
    expect(queriedBy(always, {}, rngs(3))).toEqual([1, 1, 1])
  })

  test('`never` queries in no state, and has no reason to', () => {
    expect(never.reasons).toEqual([])
    expect(queriedBy(never, {}, rngs(3))).toEqual([0, 0, 0])
  })

  test('`random` queries with its probability, by each row’s own generator', () => {
    const queried = queriedBy(random(0.3), {}, rngs(n))
    expect(Math.abs(fraction(queried, Boolean) - 0.3)).toBeLessThan(within(0.3, n))
    expect(queriedBy(random(0.3), {}, rngs(5))).toEqual(queried.slice(0, 5))
    expect(queriedBy(random(1), {}, rngs(2))).toEqual([1, 1])
    expect(queriedBy(random(0), {}, rngs(2))).toEqual([0, 0])
  })

  test('`above` queries where its score exceeds its threshold, and not where it equals it', () => {
    expect(queriedBy(above('loss', 0.5), scores, rngs(4))).toEqual([0, 0, 0, 1])
  })

  test('`anyOf` queries where either rule does, for the reasons of both', () => {
    const rule = anyOf(above('loss', 0.4), above('gradient', 1))
    expect(rule.reasons).toEqual(['loss', 'gradient'])
    expect(reasonsOf(rule, scores, rngs(4))).toEqual(['gradient', '', 'loss gradient', 'loss'])
  })

  test('`coin` lets each of two rules decide in half of the states, never both', () => {
    const half = queriedBy(coin(always, never), {}, generators)
    expect(Math.abs(fraction(half, Boolean) - 0.5)).toBeLessThan(within(0.5, n))
    const hybrid = coin(anyOf(always, always), random(0.3))
    expect(hybrid.reasons).toEqual(['always', 'always', 'random'])
    const reasons = reasonsOf(hybrid, {}, generators)
    expect(new Set(reasons)).toEqual(new Set(['', 'always always', 'random']))
    expect(Math.abs(fraction(reasons, (why) => why === 'always always') - 0.5)).toBeLessThan(within(0.5, n))
    expect(Math.abs(fraction(reasons, (why) => why === 'random') - 0.15)).toBeLessThan(within(0.15, n))
  })

  test('a rule of ten reasons queries for each of them, and for all of them at once', () => {
    const names = Array.from({ length: 10 }, (_, i) => `score ${i}`)
    const ten = names.map((name) => above(name, 0)).reduce(anyOf)
    // in row i only score i is high; in the last row all are
    const columns = names.map((name, i) => [name, [...names.map((_, row) => Number(row === i)), 1]] as const)
    expect(ten.reasons).toEqual(names)
    expect(reasonsOf(ten, scoresOf(Object.fromEntries(columns)), rngs(11))).toEqual([...names, names.join(' ')])
  })

  test.each<[string, Rule, string]>([
    ['above', above('risk', 1), 'risk'],
    ['anyOf', anyOf(above('loss', 1), above('doubt', 1)), 'doubt'],
    ['coin', coin(above('toString', 1), always), 'toString']
  ])('`%s` on a score that the critic does not give is an error that names the scores', (_, rule, name) => {
    const message = `the critic gives loss, gradient; the rule queries by '${name}'`
    expect(() => rule.query(scores, rngs(4), stepOf(4))).toThrow(new RangeError(message))
  })

  test('a rule on a score without any critic is an error that says so', () => {
    expect(() => above('risk', 1).query({}, rngs(1), stepOf(1))).toThrow(
      "the critic gives no scores; the rule queries by 'risk'"
    )
    expect(() => topFraction(0.1, 'risk').calibrate!({})).toThrow('the critic gives no scores')
  })
})

describe('a rule by the top fraction of scores', () => {
  /** The reasons to query in each of the states that the rule was calibrated on. */
  const reasons = (fraction: number, columns: Record<string, number[]>) => {
    const visited = scoresOf(columns)
    const rule = topFraction(fraction, ...Object.keys(columns)).calibrate!(visited)
    return reasonsOf(rule, visited, generators.slice(0, Object.values(columns)[0].length))
  }
  const ten = [3, 100, 0, 7, 5, 1000, 2, 6, 1, 4]

  test('`topFraction` queries in the states of the highest scores, as many as the fraction says', () => {
    expect(reasons(0.3, { a: ten })).toEqual(['', 'a', '', 'a', '', 'a', '', '', '', ''])
    for (const [fraction, count] of [
      [0, 0],
      [0.1, 1],
      [0.5, 5],
      [0.9, 9]
    ])
      expect(reasons(fraction, { a: ten }).filter(Boolean), `${fraction}`).toHaveLength(count)
  })

  test('`topFraction` breaks ties at random so that the fraction is exact', () => {
    const values = (of: (i: number) => number) => Array.from({ length: n }, (_, i) => of(i))
    const tied = values((i) => [5, 1, 5, 1, 5, 1, 1, 1, 1, 1][i % 10])
    expect(reasons(0.3, { a: tied })).toEqual(tied.map((value) => (value === 5 ? 'a' : '')))
    // of the three tenths that tie at the top, a third; of the seven below, a seventh beside all of those
    for (const [rate, top, rest] of [
      [0.1, 1 / 3, 0],
      [0.4, 1, 1 / 7]
    ]) {
      const queried = reasons(rate, { a: tied })
      const part = (value: number) => queried.filter((why, i) => why && tied[i] === value).length
      expect(Math.abs(part(5) / (0.3 * n) - top)).toBeLessThan(within(top, 0.3 * n) + 1e-9)
      expect(Math.abs(part(1) / (0.7 * n) - rest)).toBeLessThan(within(rest, 0.7 * n) + 1e-9)
    }
    const same = reasons(0.9, { a: values(() => 0.1), b: values(() => 0) })
    expect(Math.abs(fraction(same, Boolean) - 0.9)).toBeLessThan(within(0.9, n))
  })

  test('`topFraction` draws in tied states only, and gives the reasons that hold there', () => {
    // half of the states tie at the top, and half of those fill a quarter; they have either reason
    const rule = topFraction(0.25, 'a', 'b').calibrate!(scoresOf({ a: [5, 5, 1, 1], b: [7, 7, 2, 2] }))
    const later = scoresOf({ a: [6, 5, 5, 1, 1], b: [2, 2, 7, 7, 2] })
    const queried = (...draws: number[]) =>
      reasonsOf(rule, later, [known(), ...draws.map((draw) => known(draw)), known()])
    expect(queried(0.49, 0.49, 0.49)).toEqual(['a', 'a', 'a b', 'b', ''])
    expect(queried(0.5, 0, 0.5)).toEqual(['a', '', 'a b', '', ''])
  })

  test('`topFraction` takes several scores at one quantile, so that units do not matter and together they fill the fraction', () => {
    const n = 400
    const a = [...drawn(n, 'a')]
    const b = a.map((value, i) => 1e6 * (value + drawn(n, 'b')[i]) ** 3) // related to it
    const rank = (of: number[]) => of.map((value) => of.filter((other) => other < value).length)
    const [ranksA, ranksB] = [rank(a), rank(b)]
    for (const fraction of [0.05, 0.2, 0.5]) {
      // the highest k of each, for the largest k by which no more than the fraction is queried
      const top = (k: number) =>
        ranksA.map((r, i) => [...(r >= n - k ? ['a'] : []), ...(ranksB[i] >= n - k ? ['b'] : [])].join(' '))
      const count = (k: number) => top(k).filter(Boolean).length
      const k = [...Array(n).keys()].findLast((k) => count(k) <= fraction * n)!
      expect(k).toBeLessThan(fraction * n)
      // and by chance in one or two that come next
      const [least, most] = [top(k), top(k + 1)]
      const found = reasons(fraction, { a, b })
      found.forEach((why, i) => {
        expect([least[i], most[i]]).toContain(why)
      })
      expect(found.filter((why, i) => why !== least[i]).length).toBeLessThanOrEqual(2)
    }
  })

  test('a calibrated rule keeps its thresholds, whatever is visited later', () => {
    const rule = topFraction(0.2, 'a').calibrate!(scoresOf({ a: ten }))
    expect(queriedBy(rule, scoresOf({ a: [6, 100, 2000, 101] }), rngs(4)).slice(0, 3)).toEqual([0, 1, 1])
    expect(rule.reasons).toEqual(['a'])
    expect(rule.calibrate).toBeUndefined()
  })

  test('a rule by the top fraction refuses to decide before it is calibrated', () => {
    const rule = topFraction(0.2, 'a', 'b')
    expect(rule.reasons).toEqual(['a', 'b'])
    expect(() => rule.query(scoresOf({ a: [0], b: [0] }), rngs(1), stepOf(1))).toThrow(
      /highest a or b .* calibrate it first/
    )
  })
})

describe('combinations of rules to be calibrated', () => {
  const visited = scoresOf({ a: [1, 2, 3, 4], b: [9, 0, 0, 0] })
  const half = topFraction(0.5, 'a')
  const b = above('b', 5)
  const calibrated = (rule: Rule) => reasonsOf(rule.calibrate!(visited), visited, rngs(4))

  test('`anyOf` is calibrated where one of its rules is, and only then', () => {
    expect(calibrated(anyOf(half, b))).toEqual(['b', '', 'a', 'a'])
    expect(calibrated(anyOf(b, half))).toEqual(['b', '', 'a', 'a'])
    expect(calibrated(anyOf(anyOf(half, b), half))).toEqual(['b', '', 'a a', 'a a'])
    expect(anyOf(b, b).calibrate).toBeUndefined()
  })

  test('`coin` is calibrated where one of its rules is, and only then', () => {
    const many = scoresOf({ a: drawn(n, 'coin') })
    const reasons = reasonsOf(coin(topFraction(0.2, 'a'), random(0.2)).calibrate!(many), many, generators)
    for (const reason of ['a', 'random'])
      expect(Math.abs(fraction(reasons, (why) => why === reason) - 0.1)).toBeLessThan(within(0.1, n))
    expect(() => coin(half, random(0)).query(visited, rngs(4), stepOf(4))).toThrow(/calibrate/)
    expect(coin(b, always).calibrate).toBeUndefined()
  })
})

describe('a rule set to a rate', () => {
  const byThresholds = anyOf(above('a', 2), above('b', 5))
  const visited = scoresOf({ a: [1, 2, 3, 4], b: [9, 0, 0, 6] })

  test('`orTopFraction` keeps a rule by its thresholds where no rate is given', () => {
    expect(orTopFraction(undefined, byThresholds)).toBe(byThresholds)
  })

  test('`orTopFraction` replaces a rule by the top fraction of its scores where a rate is given', () => {
    const rule = orTopFraction(0.5, byThresholds)
    expect(rule.reasons).toEqual(['a', 'b'])
    // the highest of each is in the first and in the last state
    expect(reasonsOf(rule.calibrate!(visited), visited, rngs(4))).toEqual(['b', '', '', 'a'])
  })

  test('`orTopFraction` ranks by the score that a rule names for that, of a combination too', () => {
    const saturating = above('risk', 0.5, 'riskLogit')
    expect(orTopFraction(0.5, saturating).reasons).toEqual(['riskLogit'])
    expect(orTopFraction(0.5, anyOf(saturating, above('b', 5))).reasons).toEqual(['riskLogit', 'b'])
    expect(orTopFraction(0.5, coin(above('a', 2), saturating)).reasons).toEqual(['a', 'riskLogit'])
  })
})
