import { mean as meanByMathjs, std } from 'mathjs'
import { expect, test } from 'vitest'
import { mean, standardDeviation } from '../../lib/statistics'

test('by hand', () => {
  expect(mean([1, 2, 6])).toBe(3)
  expect(standardDeviation([1, 2, 6])).toBeCloseTo(Math.sqrt((4 + 1 + 9) / 2), 14)
  expect(standardDeviation([5])).toBe(0)
})

test('as mathjs has them', () => {
  const values = Array.from({ length: 100 }, (_, i) => Math.sin(i) * 3 - 7)
  expect(mean(values)).toBeCloseTo(meanByMathjs(values), 12)
  expect(standardDeviation(values)).toBeCloseTo(Number(std(values)), 12)
})
