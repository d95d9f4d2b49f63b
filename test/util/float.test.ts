import { expect, test } from 'vitest'
import { exponential, sigmoid } from '../../lib/util/float'

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
