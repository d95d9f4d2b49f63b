import { describe, expect, test } from 'vitest'
import { type Dataset, emptyDataset } from '../lib/dataset'
import type { VisitedStates } from '../lib/strategies'
import { generator } from '../lib/util/random'
import { nearestCounts, weightedExamples } from '../lib/weighting'
import { known } from './strategies/small'

/** Visited states, each a list of its entries. */
const visited = (...states: number[][]): VisitedStates => {
  const rows = states.length
  return { rows, observations: Float32Array.from(states.flat()), actions: new Float32Array(rows), lengths: [rows] }
}

describe('`nearestCounts`', () => {
  test('`nearestCounts` counts for a labelled state the visited states to which it is nearest', () => {
    const states = [0, 1, 3, 5, 8, 10, 11].map((x) => [x])
    expect([...nearestCounts(Float32Array.of(0, 9, 4), 3, visited(...states))]).toEqual([2, 3, 2])
    expect([...nearestCounts(Float32Array.of(0, -99), 2, visited(...states))]).toEqual([7, 0])
  })

  test('`nearestCounts` measures distances in standard deviations of the visited states', () => {
    // the second entry is about a thousand times as wide: unscaled, it alone would decide, and the counts would be 3 and 2
    const states = [
      [0, 0],
      [1, 1000],
      [0, 1000],
      [1, 0],
      [1, 0]
    ]
    expect([...nearestCounts(Float32Array.of(0, 0, 1, 600), 2, visited(...states))]).toEqual([2, 3])
  })

  test('`nearestCounts` ignores an entry that is the same in all visited states', () => {
    expect([...nearestCounts(Float32Array.of(0, 7, 2, 99), 2, visited([0, 7], [1.5, 7], [2, 7]))]).toEqual([1, 2])
  })
})

describe('`weightedExamples`', () => {
  const rows = 1500
  /** State i is labelled with -i; every fifth is held out. */
  const data: Dataset = {
    ...emptyDataset,
    rows,
    observations: Float32Array.from({ length: rows }, (_, i) => i),
    expertActions: Float32Array.from({ length: rows }, (_, i) => -i),
    validation: Uint8Array.from({ length: rows }, (_, i) => Number(i % 5 === 0))
  }
  const held = (state: number) => data.validation[state] === 1
  /** Visited states, to so many of which row i is nearest. */
  const withCounts = (count: (row: number) => number) =>
    visited(...[...Array(rows).keys()].flatMap((i) => Array.from({ length: count(i) }, () => [i])))

  const ofSide = (side: number) => [...data.observations].filter((state) => Number(held(state)) === side)
  /** Counts the draws of each state of a side. */
  const times = (inputs: Float32Array, side: number) => {
    const counts = new Map(ofSide(side).map((state) => [state, 0]))
    inputs.forEach((state, row) => {
      if (data.validation[row] === side) counts.set(state, counts.get(state)! + 1)
    })
    return counts
  }

  test('`weightedExamples` draws as many rows as there are, in proportion to their counts, rounded either way', () => {
    const count = (i: number) => (3 * i) % 7
    const uneven = withCounts(count)
    // the least of draws and nearly the greatest among others
    for (const rng of [() => 0, () => 1 - 1e-9, generator(1), generator(2)]) {
      const { rows: drawn, inputs } = weightedExamples(data, uneven, rng)
      expect([drawn, inputs.length]).toEqual([rows, rows])
      for (const side of [0, 1]) {
        const counts = times(inputs, side)
        const n = side ? rows / 5 : (4 * rows) / 5
        expect(counts.size).toBe(n)
        const total = [...counts.keys()].reduce((sum, state) => sum + count(state), 0)
        for (const [state, times] of counts) {
          const exact = (count(state) * n) / total
          expect([Math.floor(exact), Math.ceil(exact)], `${state}`).toContain(times)
        }
      }
    }
  })

  test('`weightedExamples` draws a row exactly as often as its weight says where that is a whole number', () => {
    const thirds = withCounts((i) => i % 3)
    // there are as many rows of each count: 0, 1 and 2
    for (const rng of [() => 0, () => 1 - 1e-9, generator(1)]) {
      const { inputs } = weightedExamples(data, thirds, rng)
      for (const side of [0, 1]) for (const [state, count] of times(inputs, side)) expect(count).toBe(state % 3)
    }
  })

  test('`weightedExamples` draws each row once, in order, where all have one count', () => {
    for (const seed of [1, 2, 3]) {
      const { inputs, targets } = weightedExamples(
        data,
        withCounts(() => 2),
        generator(seed)
      )
      expect(inputs).toEqual(data.observations)
      expect(targets).toEqual(data.expertActions)
    }
  })

  describe('of six states, of which the first and the fourth are held out', () => {
    const six: Dataset = {
      ...emptyDataset,
      rows: 6,
      observations: Float32Array.of(0, 1, 2, 3, 4, 5),
      expertActions: Float32Array.of(0, 1, 2, 3, 4, 5),
      validation: Uint8Array.of(1, 0, 0, 1, 0, 0)
    }
    // to be drawn 2.5, 0, 1 and 0.5 times; of those held out 1.5 and 0.5 times
    const visits = [3, 5, 0, 1, 2, 1]
    const states = visited(...visits.flatMap((count, i) => Array.from({ length: count }, () => [i])))
    const inputs = (...draws: number[]) => [...weightedExamples(six, states, known(...draws)).inputs]

    test('`weightedExamples` resamples systematically, by one draw for the rows to train on and one for those held out', () => {
      // at 0.3, 1.3, 2.3 and 3.3, the bounds being 2.5, 2.5, 3.5 and 4; then at 0.2 and 1.2, the bounds being 1.5 and 2
      expect(inputs(0.3, 0.2)).toEqual([0, 1, 1, 0, 1, 4])
      expect(inputs(0.6, 0.2)).toEqual([0, 1, 1, 0, 4, 5])
      expect(inputs(0.3, 0.7)).toEqual([0, 1, 1, 3, 1, 4])
    })

    test('`weightedExamples` draws a row, in the mean, as often as its weight says', () => {
      const evenly = Array.from({ length: 10 }, (_, i) => (i + 0.5) / 10)
      const all = evenly.flatMap((draw) => inputs(draw, draw))
      expect(visits.map((_, i) => all.filter((state) => state === i).length)).toEqual([15, 25, 0, 5, 10, 5])
    })
  })

  test('a weighted example keeps its label, and stays held out if it was', () => {
    const { inputs, targets, validation } = weightedExamples(
      data,
      withCounts((i) => i % 3),
      generator(1)
    )
    expect(validation).toEqual(data.validation)
    inputs.forEach((state, row) => {
      expect(targets[row]).toBe(-state)
      expect(held(state)).toBe(validation![row] === 1)
    })
  })

  test('`weightedExamples` draws each row once among those held out where all their counts are 0', () => {
    const { inputs } = weightedExamples(
      data,
      withCounts((i) => Number(i === 7 || i === 8)),
      generator(1)
    )
    expect([...times(inputs, 0)].filter(([, count]) => count > 0)).toEqual([
      [7, 600],
      [8, 600]
    ])
    expect([...inputs].filter((_, row) => held(row))).toEqual(ofSide(1))
  })

  test('`weightedExamples` works where nothing is held out', () => {
    const open = { ...data, validation: new Uint8Array(rows) }
    const { inputs } = weightedExamples(
      open,
      withCounts((i) => Number(i < 2)),
      generator(1)
    )
    expect([...inputs]).toEqual(Array.from({ length: rows }, (_, row) => Number(row >= rows / 2)))
  })

  test('`weightedExamples` draws by the generator given', () => {
    const inputs = (seed: number) =>
      weightedExamples(
        data,
        withCounts((i) => i % 4),
        generator(seed)
      ).inputs
    expect(inputs(1)).toEqual(inputs(1))
    expect(inputs(2)).not.toEqual(inputs(1))
  })
})
