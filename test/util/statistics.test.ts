import { mean as meanByMathjs, quantileSeq, std } from 'mathjs'
import { expect, test } from 'vitest'
import { mean, quantile, standardDeviation } from '../../lib/util/statistics'

const values = Array.from({ length: 100 }, (_, i) => Math.sin(i) * 3 - 7)

test('`mean` and `standardDeviation` are what one computes by hand', () => {
  expect(mean([1, 2, 6])).toBe(3)
  expect(standardDeviation([1, 2, 6])).toBeCloseTo(Math.sqrt((4 + 1 + 9) / 2), 14)
  expect(standardDeviation([5])).toBe(0)
})

test('`mean` and `standardDeviation` agree with mathjs', () => {
  expect(mean(values)).toBeCloseTo(meanByMathjs(values), 12)
  expect(standardDeviation(values)).toBeCloseTo(Number(std(values)), 12)
})

test('`quantile` interpolates between the nearest values, as mathjs does', () => {
  expect([0, 0.25, 0.5, 1].map((share) => quantile([1, 2, 4], share))).toEqual([1, 1.5, 2, 4])
  const sorted = Float64Array.from(values).sort()
  for (const share of [0.05, 1 / 3, 0.95])
    expect(quantile(sorted, share)).toBeCloseTo(Number(quantileSeq(values, share)), 12)
})
