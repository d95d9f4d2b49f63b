import { describe, expect, test } from 'vitest'
import { bootstrap, inWords } from '../../lib/analysis/bootstrap'
import { generator, normal } from '../../lib/random'
import { mean, standardDeviation } from '../../lib/statistics'

const meanOf = ([sample]: readonly (readonly number[])[]) => mean(sample)

/** What a statistic comes to for every resample of n numbers that there is, all of them equally likely. */
function enumerated(values: readonly number[], statistic: (sample: readonly number[]) => number): number[] {
  const n = values.length
  return Array.from({ length: n ** n }, (_, which) =>
    statistic(values.map((_, place) => values[Math.floor(which / n ** place) % n]))
  )
}

/** That a number is a quantile of equally likely ones, but for what 10,000 draws can be off by: four deviations. */
function expectQuantile(found: number, all: readonly number[], share: number): void {
  const error = 4 * Math.sqrt((share * (1 - share)) / 10_000)
  const below = all.filter((value) => value < found - 1e-9).length / all.length
  const notAbove = all.filter((value) => value < found + 1e-9).length / all.length
  expect(below).toBeLessThan(share + error)
  expect(notAbove).toBeGreaterThan(share - error)
}

test('an estimate in words', () => {
  expect(inWords({ value: 0.8149, low: 0.736, high: 0.892 }, 2)).toBe('0.81 (0.74 … 0.89)')
  expect(inWords({ value: -0.04, low: -12.04, high: 0.04 }, 1)).toBe('0.0 (-12.0 … 0.0)')
  expect(inWords({ value: -0.4, low: -10, high: -0.5 }, 0)).toBe('0 (-10 … -1)')
  expect(inWords({ value: 3750, low: 3750, high: 3750 }, 0)).toBe('3750')
})

describe('an interval', () => {
  test('is a point for what does not vary', () => {
    expect(bootstrap([[2.5, 2.5, 2.5]], meanOf, generator(1))).toEqual({ value: 2.5, low: 2.5, high: 2.5 })
    expect(bootstrap([[7]], meanOf, generator(1))).toEqual({ value: 7, low: 7, high: 7 })
  })

  test('is, for shares, that of the binomial distribution', () => {
    // of ten draws with 4/10 none is 1 in 0.6 % and at most one in 4.6 %; 8 and more are in 1.2 %, 7 and more in 5.5 %
    const sample = [1, 0, 0, 1, 0, 1, 0, 0, 1, 0]
    expect(bootstrap([sample], meanOf, generator(1))).toEqual({ value: 0.4, low: 0.1, high: 0.7 })
  })

  test.each([
    ['the mean of three', [1, 5, 6], mean],
    ['the mean of four', [0, 1, 10, 100], mean],
    ['the mean of five', [-3, 0.5, 2, 7, 20], mean],
    ['the greatest of four', [3, 1, 4, 2], (sample: readonly number[]) => Math.max(...sample)]
  ])('is that of all resamples there are: %s', (_, values, statistic) => {
    const { value, low, high } = bootstrap([values], ([sample]) => statistic(sample), generator(2))
    const all = enumerated(values, statistic)
    expect(value).toBe(statistic(values))
    expectQuantile(low, all, 0.025)
    expectQuantile(high, all, 0.975)
  })

  test('is 1.96 standard errors wide on either side, for the mean of many', () => {
    const rng = generator(3)
    const sample = Array.from({ length: 200 }, () => normal(rng))
    const { value, low, high } = bootstrap([sample], meanOf, generator(4))
    const error = standardDeviation(sample) / Math.sqrt(200)
    for (const end of [value - low, high - value]) expect(Math.abs(end / error - 1.96)).toBeLessThan(0.12)
  })

  test('holds the true mean of normal numbers about as often as it says', () => {
    const rng = generator(5)
    const trials = Array.from({ length: 100 }, (_, trial) => {
      const sample = Array.from({ length: 15 }, () => 3 + 2 * normal(rng))
      const { low, high } = bootstrap([sample], ([drawn]) => drawn.reduce((a, b) => a + b) / 15, generator(6, trial))
      return Number(low <= 3 && 3 <= high)
    })
    // with 15 numbers it is some 2 % too narrow; the share of 100 trials is off by 2 % more
    expect(mean(trials)).toBeGreaterThan(0.86)
    expect(mean(trials)).toBeLessThan(1)
  })
})

describe('strata', () => {
  test('are drawn each from itself, as many as it has', () => {
    const strata = [[1, 2, 3], [10, 20], [100]]
    const mixed = (drawn: readonly (readonly number[])[]) =>
      drawn.filter((sample, s) => sample.length !== strata[s].length || !sample.every((x) => strata[s].includes(x)))
        .length + Math.abs(drawn.length - strata.length)
    expect(bootstrap(strata, mixed, generator(1))).toEqual({ value: 0, low: 0, high: 0 })
  })

  test('that differ do not widen the interval of what is within them', () => {
    const difference = ([a, b]: readonly (readonly number[])[]) => mean(b) - mean(a)
    const apart = [
      [1, 1, 1],
      [5, 5]
    ]
    expect(bootstrap(apart, difference, generator(1))).toEqual({ value: 4, low: 4, high: 4 })
  })

  test('are drawn independently of each other', () => {
    // a difference of -1, and one of 1, is in 1/16 of the resamples; drawn alike, strata that are alike never differ
    const difference = ([a, b]: readonly (readonly number[])[]) => mean(a) - mean(b)
    const alike = [
      [0, 1],
      [0, 1]
    ]
    expect(bootstrap(alike, difference, generator(1))).toEqual({ value: 0, low: -1, high: 1 })
  })

  test('may be of anything', () => {
    const words = [['a', 'bb', 'cccc']]
    const longest = ([drawn]: readonly (readonly string[])[]) => Math.max(...drawn.map((word) => word.length))
    expect(bootstrap(words, longest, generator(1))).toEqual({ value: 4, low: 1, high: 4 })
  })

  test('without observations are refused', () => {
    for (const strata of [[], [[]], [[1, 2], []]])
      expect(() => bootstrap(strata, () => 0, generator(1))).toThrow(/^there is nothing to estimate from/)
    expect(() => bootstrap([[]], () => 0, generator(1))).toThrow(RangeError)
  })
})

test('the same generator gives the same interval, another another', () => {
  const sample = Array.from({ length: 12 }, (_, i) => Math.sqrt(i))
  const estimate = (seed: number) => bootstrap([sample], meanOf, generator(seed, 'same'))
  expect(estimate(1)).toEqual(estimate(1))
  expect(estimate(2)).not.toEqual(estimate(1))
  expect(estimate(2).value).toBe(estimate(1).value)
})
