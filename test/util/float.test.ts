import { expect, test } from 'vitest'
import { exponential, logarithm, sigmoid } from '../../lib/util/float'

test('`exponential` agrees with Math.exp to a few units in the last place', () => {
  for (let x = -700; x <= 700; x += 0.37) expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(1e-14)
  expect([exponential(0), exponential(-800), exponential(800)]).toEqual([1, 0, Number.POSITIVE_INFINITY])
  expect(exponential(Number.NaN)).toBeNaN()
})

test('`sigmoid` is a half at zero, symmetric, and saturates without overflow', () => {
  expect(sigmoid(0)).toBe(0.5)
  expect(sigmoid(-1000)).toBe(0)
  expect(sigmoid(1000)).toBe(1)
  expect(sigmoid(2) + sigmoid(-2)).toBeCloseTo(1, 15)
})

test('`logarithm` agrees with Math.log to a few units in the last place', () => {
  for (const x of [1e-300, 1e-9, 0.2, 0.9999, 1, 1.0001, 2, 10, 4567, 1e5, 1e300])
    expect(Math.abs(logarithm(x) - Math.log(x))).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(Math.log(x))))
  expect(logarithm(1)).toBe(0)
})
