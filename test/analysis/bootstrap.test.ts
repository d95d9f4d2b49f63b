import { describe, expect, test } from 'vitest'
import { bootstrap, formatEstimate } from '../../lib/analysis/bootstrap'
import { generator, normal } from '../../lib/util/random'
import { mean, standardDeviation } from '../../lib/util/statistics'

const meanOf = ([sample]: readonly (readonly number[])[]) => mean(sample)

/** Returns a statistic of every resample of n numbers; all resamples are equally likely. */
function enumerated(values: readonly number[], statistic: (sample: readonly number[]) => number): number[] {
  const n = values.length
  return Array.from({ length: n ** n }, (_, resample) =>
    statistic(values.map((_, i) => values[Math.floor(resample / n ** i) % n]))
  )
}

/** Expects a number to be a quantile of equally likely ones, within the error of 10,000 draws: four deviations. */
function expectQuantile(found: number, all: readonly number[], share: number): void {
  const error = 4 * Math.sqrt((share * (1 - share)) / 10_000)
  const below = all.filter((value) => value < found - 1e-9).length / all.length
  const notAbove = all.filter((value) => value < found + 1e-9).length / all.length
  expect(below).toBeLessThan(share + error)
  expect(notAbove).toBeGreaterThan(share - error)
}

test('`formatEstimate` gives the value, and the interval unless it is a point', () => {
  expect(formatEstimate({ value: 0.8149, low: 0.736, high: 0.892 }, 2)).toBe('0.81 (0.74 … 0.89)')
  expect(formatEstimate({ value: -0.04, low: -12.04, high: 0.04 }, 1)).toBe('0.0 (-12.0 … 0.0)')
  expect(formatEstimate({ value: -0.4, low: -10, high: -0.5 }, 0)).toBe('0 (-10 … -1)')
  expect(formatEstimate({ value: 3750, low: 3750, high: 3750 }, 0)).toBe('3750')
})

describe('a bootstrap interval', () => {
  test('the interval is a point where the observations do not vary', () => {
    expect(bootstrap([[2.5, 2.5, 2.5]], meanOf, generator(1))).toEqual({ value: 2.5, low: 2.5, high: 2.5 })
    expect(bootstrap([[7]], meanOf, generator(1))).toEqual({ value: 7, low: 7, high: 7 })
  })

  test('the interval of a share is that of the binomial distribution', () => {
    // Of ten draws with 4/10 none is 1 in 0.6 % and at most one in 4.6 %; 8 and more are in 1.2 %, 7 and more in 5.5 %
    const sample = [1, 0, 0, 1, 0, 1, 0, 0, 1, 0]
    expect(bootstrap([sample], meanOf, generator(1))).toEqual({ value: 0.4, low: 0.1, high: 0.7 })
  })

  test.each([
    ['the mean of three', [1, 5, 6], mean],
    ['the mean of four', [0, 1, 10, 100], mean],
    ['the mean of five', [-3, 0.5, 2, 7, 20], mean],
    ['the greatest of four', [3, 1, 4, 2], (sample: readonly number[]) => Math.max(...sample)]
  ])('the interval of %s is that of all possible resamples', (_, values, statistic) => {
    const { value, low, high } = bootstrap([values], ([sample]) => statistic(sample), generator(2))
    const all = enumerated(values, statistic)
    expect(value).toBe(statistic(values))
    expectQuantile(low, all, 0.025)
    expectQuantile(high, all, 0.975)
  })

  test('the interval of a mean of many reaches 1.96 standard errors on either side', () => {
    const rng = generator(3)
    const sample = Array.from({ length: 200 }, () => normal(rng))
    const { value, low, high } = bootstrap([sample], meanOf, generator(4))
    const error = standardDeviation(sample) / Math.sqrt(200)
    for (const end of [value - low, high - value]) expect(Math.abs(end / error - 1.96)).toBeLessThan(0.12)
  })

  test('the interval holds the true mean of normal numbers about as often as it says', () => {
    const rng = generator(5)
    const trials = Array.from({ length: 100 }, (_, trial) => {
      const sample = Array.from({ length: 15 }, () => 3 + 2 * normal(rng))
      const { low, high } = bootstrap([sample], ([drawn]) => drawn.reduce((a, b) => a + b) / 15, generator(6, trial))
      return Number(low <= 3 && 3 <= high)
    })
    // With 15 numbers the interval is some 2 % too narrow; the share of 100 trials has an error of 2 % more.
    expect(mean(trials)).toBeGreaterThan(0.86)
    expect(mean(trials)).toBeLessThan(1)
  })
})

describe('the strata of a bootstrap', () => {
  test('each stratum is drawn from itself, as many observations as it has', () => {
    const strata = [[1, 2, 3], [10, 20], [100]]
    const mixed = (drawn: readonly (readonly number[])[]) =>
      drawn.filter((sample, s) => sample.length !== strata[s].length || !sample.every((x) => strata[s].includes(x)))
        .length + Math.abs(drawn.length - strata.length)
    expect(bootstrap(strata, mixed, generator(1))).toEqual({ value: 0, low: 0, high: 0 })
  })

  test('a difference between strata does not widen the interval', () => {
    const difference = ([a, b]: readonly (readonly number[])[]) => mean(b) - mean(a)
    const apart = [
      [1, 1, 1],
      [5, 5]
    ]
    expect(bootstrap(apart, difference, generator(1))).toEqual({ value: 4, low: 4, high: 4 })
  })

  test('strata are drawn independently of each other', () => {
    // A difference of -1 has 1/16 of the resamples, and so has 1. Strata drawn alike would never differ.
    const difference = ([a, b]: readonly (readonly number[])[]) => mean(a) - mean(b)
    const alike = [
      [0, 1],
      [0, 1]
    ]
    expect(bootstrap(alike, difference, generator(1))).toEqual({ value: 0, low: -1, high: 1 })
  })

  test('a stratum may hold observations of any type', () => {
    const words = [['a', 'bb', 'cccc']]
    const longest = ([drawn]: readonly (readonly string[])[]) => Math.max(...drawn.map((word) => word.length))
    expect(bootstrap(words, longest, generator(1))).toEqual({ value: 4, low: 1, high: 4 })
  })

  test('a stratum without observations is refused', () => {
    for (const strata of [[], [[]], [[1, 2], []]])
      expect(() => bootstrap(strata, () => 0, generator(1))).toThrow(/^there is nothing to estimate from/)
    expect(() => bootstrap([[]], () => 0, generator(1))).toThrow(RangeError)
  })
})

test('the same generator gives the same interval, another generator another', () => {
  const sample = Array.from({ length: 12 }, (_, i) => Math.sqrt(i))
  const estimate = (seed: number) => bootstrap([sample], meanOf, generator(seed, 'same'))
  expect(estimate(1)).toEqual(estimate(1))
  expect(estimate(2)).not.toEqual(estimate(1))
  expect(estimate(2).value).toBe(estimate(1).value)
})
