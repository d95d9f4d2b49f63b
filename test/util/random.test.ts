import { describe, expect, test } from 'vitest'
import { generator, integer, normal, permutation, uniform } from '../../lib/util/random'

const draws = (key: (string | number)[], n = 4) => {
  const rng = generator(...key)
  return Array.from({ length: n }, rng)
}

describe('a generator', () => {
  test('a generator’s stream depends on its whole key, in order', () => {
    expect(draws([1, 'collect', 2])).toEqual(draws([1, 'collect', 2]))
    const others = [
      [2, 'collect', 2],
      [1, 'collect', 3],
      [1, 'collect'],
      [1, 2, 'collect'],
      [1, 'collec', 't', 2],
      [-1, 'collect', 2]
    ]
    for (const key of others) expect(draws(key)).not.toEqual(draws([1, 'collect', 2]))
  })

  test('a generator tells seeds apart beyond 32 bits, and refuses fractions', () => {
    expect(draws([2 ** 40])).not.toEqual(draws([2 ** 41]))
    expect(() => generator(0.5)).toThrow(/whole numbers and names, not by 0.5/)
  })

  test('a generator tells neighbouring and distant seeds apart', () => {
    // two seeds that an earlier mixing took for one, and a hundred thousand in a row
    expect(draws([6274887])).not.toEqual(draws([19435788]))
    const first = Array.from({ length: 100_000 }, (_, i) => generator(2 ** 24 + i)())
    expect(new Set(first).size).toBe(first.length)
  })

  test('draws are uniform in [0, 1), of one generator and across keys', () => {
    for (const values of [draws([1], 100_000), Array.from({ length: 100_000 }, (_, i) => generator(i)())]) {
      const tenths = new Array(10).fill(0)
      for (const value of values) tenths[Math.floor(value * 10)] += 1
      // chi-square with nine degrees of freedom: above 33.7 once in ten thousand
      expect(tenths.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(33.7)
    }
  })
})

test('`uniform`, `integer` and `permutation` keep their ranges', () => {
  const rng = generator(3)
  for (let i = 0; i < 1000; i++) {
    expect(Math.abs(uniform(rng, -2, 3) - 0.5)).toBeLessThanOrEqual(2.5)
    expect([0, 1, 2]).toContain(integer(rng, 3))
  }
  expect([...permutation(rng, 50)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  expect(permutation(rng, 0)).toHaveLength(0)
})

test('`permutation` gives every order of three equally often', () => {
  const rng = generator(4)
  const counts = new Map<string, number>()
  for (let i = 0; i < 6000; i++) {
    const order = permutation(rng, 3).join('')
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  expect(counts.size).toBe(6)
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
})

test('`normal` has the mean, the variance and the tails of the normal distribution', () => {
  const rng = generator(5)
  const values = Array.from({ length: 50_000 }, () => normal(rng))
  const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length
  expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(50_000))
  expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / 50_000))
  expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / 50_000))
  expect(Math.max(...Array.from({ length: 1000 }, () => Math.abs(normal(rng, 2))))).toBeLessThanOrEqual(2)
})
