import { describe, expect, test } from 'vitest'
import { table2 } from '../../lib/analysis/table-2'
import { type StrategyName, strategyNames } from '../../lib/strategies'
import { type Point, scattered, seedResults } from './seed-results'

/** The last iterations of two seeds; earlier ones have 9 queries and a loss of 900, other strategies are as Supervised. */
const ends: Readonly<Partial<Record<StrategyName, readonly [Point, Point]>>> = {
  dagger: [
    { queries: 100, loss: 2 },
    { queries: 300, loss: 4 }
  ],
  random: [
    { queries: 50, loss: 12 },
    { queries: 50, loss: 20 }
  ]
}
const supervised = [
  { queries: 100, loss: 10 },
  { queries: 400, loss: 16 }
]
const seeds = [0, 1].map((seed) =>
  seedResults(seed, 3, (strategy, iteration) =>
    iteration === 3 ? (ends[strategy] ?? supervised)[seed] : { queries: 9, loss: 900 }
  )
)

describe('table 2', () => {
  const rows = table2(seeds)
  const rowOf = (strategy: StrategyName) => rows.find((row) => row.strategy === strategy)

  test('Table 2 has a row for each strategy, in the paper’s order', () => {
    expect(rows.map(({ strategy }) => strategy)).toEqual(strategyNames)
  })

  // With two seeds, both draws are the same seed in a quarter of the resamples: the interval goes from one to the other.
  test('queries and losses are those of last iterations, means over seeds', () => {
    expect(rowOf('dagger')).toMatchObject({
      queries: { value: 200, low: 100, high: 300 },
      loss: { value: 3, low: 2, high: 4 }
    })
    expect(rowOf('random')).toMatchObject({
      queries: { value: 50, low: 50, high: 50 },
      loss: { value: 16, low: 12, high: 20 }
    })
    expect(rowOf('supervised')).toMatchObject({
      queries: { value: 250, low: 100, high: 400 },
      loss: { value: 13, low: 10, high: 16 }
    })
  })

  test('the efficiency is computed within each seed, not from means', () => {
    // 8 less for 100 queries, 12 less for 300: 800 and 400 times 10^-4, where means would give 10 / 200, 500
    expect(rowOf('dagger')?.efficiency).toEqual({ value: 600, low: 400, high: 800 })
    expect(rowOf('random')?.efficiency).toEqual({ value: -600, low: -800, high: -400 })
    expect(rowOf('supervised')?.efficiency).toEqual({ value: 0, low: 0, high: 0 })
    expect(rowOf('loss')?.efficiency).toEqual({ value: 0, low: 0, high: 0 })
  })

  test('the intervals of one seed are points', () => {
    const [row] = table2([scattered(1, 4)]).filter(({ strategy }) => strategy === 'loss')
    const { queries, loss } = scattered(1, 4).outcomes.loss.iterations[3]
    expect(row.queries).toEqual({ value: queries, low: queries, high: queries })
    expect(row.loss).toEqual({ value: loss, low: loss, high: loss })
  })

  test('a table of no seeds is refused', () => {
    expect(() => table2([])).toThrow(RangeError)
  })
})
