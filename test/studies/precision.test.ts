import { describe, expect, test } from 'vitest'
import { generator } from '../../lib/util/random'
import { averagePrecision, precisionAndRecall } from '../../tools/studies/beyond/precision.ts'

describe('average precision', () => {
  test('the average precision is the mean of the precisions at which the relevant rows are found', () => {
    // Found at ranks 1, 3 and 4: precisions 1, 2/3 and 3/4
    expect(averagePrecision([0.9, 0.8, 0.7, 0.6, 0.5], [1, 0, 1, 1, 0])).toBeCloseTo((1 + 2 / 3 + 3 / 4) / 3, 12)
  })

  test('the average precision does not depend on the order of rows: those of equal scores are found together', () => {
    expect(averagePrecision([1, 1, 1, 1], [0, 0, 0, 1])).toBe(1 / 4)
    expect(averagePrecision([1, 1, 1, 1], [1, 0, 0, 0])).toBe(1 / 4)
    // One of two at the upper score, then one of two at the lower: (1/2 + 2/4) / 2
    expect(averagePrecision([2, 1, 2, 1], [1, 0, 0, 1])).toBe(1 / 2)
  })

  test('the average precision is 1 when all relevant rows come first, and by chance about their share', () => {
    expect(averagePrecision([3, 2, 1], [1, 1, 0])).toBe(1)
    const rng = generator(1, 'chance')
    const rows = 20_000
    const scores = Float32Array.from({ length: rows }, rng)
    const relevant = Uint8Array.from({ length: rows }, () => Number(rng() < 0.2))
    expect(Math.abs(averagePrecision(scores, relevant) - 0.2)).toBeLessThan(0.02)
  })

  test('the average precision ranks infinite scores and refuses NaN', () => {
    const infinite = Number.POSITIVE_INFINITY
    expect(averagePrecision([infinite, 0, -infinite], [1, 0, 1])).toBeCloseTo((1 + 2 / 3) / 2, 12)
    expect(() => averagePrecision([1, Number.NaN], [1, 0])).toThrow(/the score of row 1 is NaN/)
  })

  test('the average precision of no relevant rows is refused', () => {
    expect(() => averagePrecision([1, 2], [0, 0])).toThrow(/nothing to find/)
  })
})

test('precision is a share of the queried rows, recall one of the relevant rows', () => {
  expect(precisionAndRecall([1, 1, 1, 0], [1, 0, 0, 1])).toEqual({ precision: 1 / 3, recall: 1 / 2 })
  expect(precisionAndRecall([0, 0], [1, 1])).toEqual({ precision: Number.NaN, recall: 0 })
  expect(precisionAndRecall([0, 1], [0, 0])).toEqual({ precision: 0, recall: Number.NaN })
})
