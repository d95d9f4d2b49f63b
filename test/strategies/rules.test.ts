import { describe, expect, test } from 'vitest'
import { above, always, anyOf, coin, highest, random } from '../../lib/strategies'
import { atRate } from '../../lib/strategies/rules'
import { drawn, known, rngs } from './small'

const share = (bits: Uint8Array, bit: number) => bits.filter((b) => b & bit).length / bits.length
/** Four standard deviations of a share of n. */
const within = (p: number, n: number) => 4 * Math.sqrt((p * (1 - p)) / n)

describe('rules', () => {
  const scores = { discrepancy: Float32Array.of(0, 0.3, 0.5, 0.9), steepness: Float32Array.of(9, 0, 9, 0) }

  test('always asks in every state', () => {
    expect([...always.decide({}, rngs(3))]).toEqual([1, 1, 1])
  })

  test('random asks at its rate, by each row’s own generator', () => {
    const n = 20_000
    const asked = random(0.3).decide({}, rngs(n))
    expect(Math.abs(share(asked, 1) - 0.3)).toBeLessThan(within(0.3, n))
    expect([...random(0.3).decide({}, rngs(5))]).toEqual([...asked.slice(0, 5)])
    expect([...random(1).decide({}, rngs(2)), ...random(0).decide({}, rngs(2))]).toEqual([1, 1, 0, 0])
  })

  test('above asks where its score exceeds its threshold, and not at it', () => {
    expect([...above('discrepancy', 0.5).decide(scores, rngs(4))]).toEqual([0, 0, 0, 1])
  })

  test('anyOf asks where either does, and tells which', () => {
    const rule = anyOf(above('discrepancy', 0.4), above('steepness', 1))
    expect(rule.reasons).toEqual(['discrepancy', 'steepness'])
    expect([...rule.decide(scores, rngs(4))]).toEqual([2, 0, 3, 1])
  })

  test('coin lets either rule decide, in half of the states', () => {
    const n = 20_000
    const never = above('risk', 2)
    const risk = { risk: new Float32Array(n).fill(1) }
    expect(Math.abs(share(coin(always, never).decide(risk, rngs(n)), 1) - 0.5)).toBeLessThan(within(0.5, n))
    const hybrid = coin(anyOf(always, always), random(0.3))
    expect(hybrid.reasons).toEqual(['always', 'always', 'random'])
    const bits = hybrid.decide(risk, rngs(n))
    expect(Math.abs(share(bits, 1) - 0.5)).toBeLessThan(within(0.5, n))
    expect(Math.abs(share(bits, 4) - 0.15)).toBeLessThan(within(0.15, n))
    expect(bits.some((b) => b & 1 && b & 4)).toBe(false)
  })
})

describe('highest', () => {
  /** The scores of states seen, each in one of which another is asked about. */
  const asked = (share: number, scores: Record<string, number[]>) => {
    const seen = Object.fromEntries(Object.entries(scores).map(([name, values]) => [name, Float32Array.from(values)]))
    const rule = highest(share, ...Object.keys(scores)).calibrate!(seen)
    return [...rule.decide(seen, rngs(Object.values(scores)[0].length))]
  }
  const ten = [3, 100, 0, 7, 5, 1000, 2, 6, 1, 4]

  test('asks where the score was among the highest, in so large a share of states', () => {
    expect(asked(0.3, { a: ten })).toEqual([0, 1, 0, 1, 0, 1, 0, 0, 0, 0])
    for (const [share, count] of [
      [0, 0],
      [0.1, 1],
      [0.5, 5],
      [0.9, 9]
    ])
      expect(asked(share, { a: ten }).filter(Boolean), `${share}`).toHaveLength(count)
  })

  test('asks by chance in so many of the states that tie at the threshold as fill the share', () => {
    const n = 20_000
    const values = (of: (i: number) => number) => Array.from({ length: n }, (_, i) => of(i))
    const tied = values((i) => [5, 1, 5, 1, 5, 1, 1, 1, 1, 1][i % 10])
    expect(asked(0.3, { a: tied })).toEqual(tied.map((value) => Number(value === 5)))
    // of the three tenths that tie at the top, a third; of the seven below, a seventh beside all of those
    for (const [rate, top, rest] of [
      [0.1, 1 / 3, 0],
      [0.4, 1, 1 / 7]
    ]) {
      const bits = asked(rate, { a: tied })
      const part = (value: number) => bits.filter((bit, i) => bit && tied[i] === value).length
      expect(Math.abs(part(5) / (0.3 * n) - top)).toBeLessThan(within(top, 0.3 * n) + 1e-9)
      expect(Math.abs(part(1) / (0.7 * n) - rest)).toBeLessThan(within(rest, 0.7 * n) + 1e-9)
    }
    const same = asked(0.9, { a: values(() => 0.1), b: values(() => 0) })
    expect(Math.abs(same.filter(Boolean).length / n - 0.9)).toBeLessThan(within(0.9, n))
  })

  test('draws only for those that tie, and tells the reasons that they have', () => {
    const seen = { a: Float32Array.of(5, 5, 1, 1), b: Float32Array.of(7, 7, 2, 2) }
    // half of the states tie at the top, and half of those fill a quarter; they have either reason
    const rule = highest(0.25, 'a', 'b').calibrate!(seen)
    const met = { a: Float32Array.of(6, 5, 5, 1, 1), b: Float32Array.of(2, 2, 7, 7, 2) }
    const bits = (...draws: number[]) => [...rule.decide(met, [known(), ...draws.map((draw) => known(draw)), known()])]
    expect(bits(0.49, 0.49, 0.49)).toEqual([1, 1, 3, 2, 0])
    expect(bits(0.5, 0, 0.5)).toEqual([1, 0, 3, 0, 0])
  })

  test('takes several scores at one level, so that units do not matter and all ask in the share together', () => {
    const n = 400
    const a = [...drawn(n, 'a')]
    const b = a.map((value, i) => 1e6 * (value + drawn(n, 'b')[i]) ** 3) // related to it
    const rank = (of: number[]) => of.map((value) => of.filter((other) => other < value).length)
    const [ranksA, ranksB] = [rank(a), rank(b)]
    for (const share of [0.05, 0.2, 0.5]) {
      // the highest k of each, for the largest k by which no more than the share is asked about
      const top = (k: number) => ranksA.map((r, i) => Number(r >= n - k) + 2 * Number(ranksB[i] >= n - k))
      const count = (k: number) => top(k).filter(Boolean).length
      const k = [...Array(n).keys()].findLast((k) => count(k) <= share * n)!
      expect(k).toBeLessThan(share * n)
      // and by chance in one or two that come next
      const more = top(k + 1)
      const found = asked(share, { a, b })
      found.forEach((bits, i) => {
        expect([top(k)[i], more[i]]).toContain(bits)
      })
      expect(found.filter((bits, i) => bits !== top(k)[i]).length).toBeLessThanOrEqual(2)
    }
  })

  test('goes on asking above what it found, whatever is met then', () => {
    const rule = highest(0.2, 'a').calibrate!({ a: Float32Array.from(ten) })
    expect([...rule.decide({ a: Float32Array.of(6, 100, 2000, 101) }, rngs(4))].slice(0, 3)).toEqual([0, 1, 1])
    expect(rule.reasons).toEqual(['a'])
    expect(rule.calibrate).toBeUndefined()
  })

  test('cannot decide before it is calibrated', () => {
    const rule = highest(0.2, 'a', 'b')
    expect(rule.reasons).toEqual(['a', 'b'])
    expect(() => rule.decide({ a: new Float32Array(1), b: new Float32Array(1) }, rngs(1))).toThrow(
      /where a or b is highest, .* calibrate it first/
    )
  })
})

describe('two rules in one', () => {
  const seen = { a: Float32Array.of(1, 2, 3, 4), b: Float32Array.of(9, 0, 0, 0) }
  const half = highest(0.5, 'a')
  const b = above('b', 5)

  test('are calibrated where either is', () => {
    expect([...anyOf(half, b).calibrate!(seen).decide(seen, rngs(4))]).toEqual([2, 0, 1, 1])
    expect([...anyOf(b, half).calibrate!(seen).decide(seen, rngs(4))]).toEqual([1, 0, 2, 2])
    expect([...anyOf(anyOf(half, b), half).calibrate!(seen).decide(seen, rngs(4))]).toEqual([2, 0, 5, 5])
    expect(anyOf(b, b).calibrate).toBeUndefined()
    expect(coin(b, always).calibrate).toBeUndefined()
  })

  test('of which a coin picks one too', () => {
    const n = 20_000
    const many = { a: drawn(n, 'coin') }
    const bits = coin(highest(0.2, 'a'), random(0.2)).calibrate!(many).decide(many, rngs(n))
    expect(Math.abs(share(bits, 1) - 0.1)).toBeLessThan(within(0.1, n))
    expect(Math.abs(share(bits, 2) - 0.1)).toBeLessThan(within(0.1, n))
    expect(() => coin(half, random(0)).decide(seen, rngs(4))).toThrow(/calibrate/)
  })
})

describe('at a rate', () => {
  const byThresholds = anyOf(above('a', 2), above('b', 5))
  const seen = { a: Float32Array.of(1, 2, 3, 4), b: Float32Array.of(9, 0, 0, 6) }

  test('a rule asks where the scores are highest; without one, by its thresholds', () => {
    expect(atRate(undefined)(['a', 'b'], byThresholds)).toBe(byThresholds)
    const rule = atRate(0.5)(['a', 'b'], byThresholds)
    expect(rule.reasons).toEqual(['a', 'b'])
    // the highest of each is in the first and in the last state
    expect([...rule.calibrate!(seen).decide(seen, rngs(4))]).toEqual([2, 0, 0, 1])
  })
})
