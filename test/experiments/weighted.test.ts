import { describe, expect, test } from 'vitest'
import { type Dataset, emptyDataset } from '../../lib/experiments/dataset'
import { shares, weightedExamples } from '../../lib/experiments/weighted'
import { generator } from '../../lib/random'
import type { Met } from '../../lib/strategies'
import { known } from '../strategies/small'

/** States met, each a list of its entries. */
const met = (...states: number[][]): Met => {
  const rows = states.length
  return { rows, observations: Float32Array.from(states.flat()), actions: new Float32Array(rows), lengths: [rows] }
}

describe('a labelled state’s share', () => {
  test('is how many of the states met it is the nearest of', () => {
    const states = [0, 1, 3, 5, 8, 10, 11].map((x) => [x])
    expect([...shares(Float32Array.of(0, 9, 4), 3, met(...states))]).toEqual([2, 3, 2])
    expect([...shares(Float32Array.of(0, -99), 2, met(...states))]).toEqual([7, 0])
  })

  test('is measured in standard deviations of what was met', () => {
    // the second entry is about a thousand times as wide: unscaled, it alone would decide, and the shares would be 3 and 2
    const states = [
      [0, 0],
      [1, 1000],
      [0, 1000],
      [1, 0],
      [1, 0]
    ]
    expect([...shares(Float32Array.of(0, 0, 1, 600), 2, met(...states))]).toEqual([2, 3])
  })

  test('does not depend on an entry that was always the same', () => {
    expect([...shares(Float32Array.of(0, 7, 2, 99), 2, met([0, 7], [1.5, 7], [2, 7]))]).toEqual([1, 2])
  })
})

describe('weighted examples', () => {
  const rows = 1500
  /** Row i is labelled in state i, with -i; every fifth is held out. */
  const data: Dataset = {
    ...emptyDataset,
    rows,
    observations: Float32Array.from({ length: rows }, (_, i) => i),
    actions: Float32Array.from({ length: rows }, (_, i) => -i),
    validation: Uint8Array.from({ length: rows }, (_, i) => Number(i % 5 === 0))
  }
  const held = (state: number) => data.validation[state] === 1
  /** The states met in which row i has a given share. */
  const withShares = (share: (row: number) => number) =>
    met(...[...Array(rows).keys()].flatMap((i) => Array.from({ length: share(i) }, () => [i])))

  const ofSide = (side: number) => [...data.observations].filter((state) => Number(held(state)) === side)
  /** How often each state of a side was drawn. */
  const times = (inputs: Float32Array, side: number) => {
    const counts = new Map(ofSide(side).map((state) => [state, 0]))
    inputs.forEach((state, row) => {
      if (data.validation[row] === side) counts.set(state, counts.get(state)! + 1)
    })
    return counts
  }

  test('are drawn in proportion to their shares, as many as there were, to the nearest whole number either way', () => {
    const share = (i: number) => (3 * i) % 7
    const uneven = withShares(share)
    // the least of draws and nearly the greatest among others
    for (const rng of [() => 0, () => 1 - 1e-9, generator(1), generator(2)]) {
      const { rows: drawn, inputs } = weightedExamples(data, uneven, rng)
      expect([drawn, inputs.length]).toEqual([rows, rows])
      for (const side of [0, 1]) {
        const counts = times(inputs, side)
        const n = side ? rows / 5 : (4 * rows) / 5
        expect(counts.size).toBe(n)
        const total = [...counts.keys()].reduce((sum, state) => sum + share(state), 0)
        for (const [state, count] of counts) {
          const exact = (share(state) * n) / total
          expect([Math.floor(exact), Math.ceil(exact)], `${state}`).toContain(count)
        }
      }
    }
  })

  test('are drawn just so often where that is a whole number', () => {
    const thirds = withShares((i) => i % 3)
    // of shares 0, 1 and 2 there are as many each
    for (const rng of [() => 0, () => 1 - 1e-9, generator(1)]) {
      const { inputs } = weightedExamples(data, thirds, rng)
      for (const side of [0, 1]) for (const [state, count] of times(inputs, side)) expect(count).toBe(state % 3)
    }
  })

  test('are each state once where all stand for as many', () => {
    for (const seed of [1, 2, 3]) {
      const { inputs, targets } = weightedExamples(
        data,
        withShares(() => 2),
        generator(seed)
      )
      expect(inputs).toEqual(data.observations)
      expect(targets).toEqual(data.actions)
    }
  })

  describe('of six states, of which the first and the fourth are held out', () => {
    const six: Dataset = {
      ...emptyDataset,
      rows: 6,
      observations: Float32Array.of(0, 1, 2, 3, 4, 5),
      actions: Float32Array.of(0, 1, 2, 3, 4, 5),
      validation: Uint8Array.of(1, 0, 0, 1, 0, 0)
    }
    // to be drawn 2.5, 0, 1 and 0.5 times; of those held out 1.5 and 0.5 times
    const shares = [3, 5, 0, 1, 2, 1]
    const states = met(...shares.flatMap((share, i) => Array.from({ length: share }, () => [i])))
    const inputs = (...draws: number[]) => [...weightedExamples(six, states, known(...draws)).inputs]

    test('are drawn by evenly spaced steps from one draw a side', () => {
      // steps at 0.3, 1.3, 2.3 and 3.3, the bounds being 2.5, 2.5, 3.5 and 4; then at 0.2 and 1.2, the bounds being 1.5 and 2
      expect(inputs(0.3, 0.2)).toEqual([0, 1, 1, 0, 1, 4])
      expect(inputs(0.6, 0.2)).toEqual([0, 1, 1, 0, 4, 5])
      expect(inputs(0.3, 0.7)).toEqual([0, 1, 1, 3, 1, 4])
    })

    test('are in the mean of draws drawn as often as they are to be', () => {
      const evenly = Array.from({ length: 10 }, (_, i) => (i + 0.5) / 10)
      const all = evenly.flatMap((draw) => inputs(draw, draw))
      expect(shares.map((_, i) => all.filter((state) => state === i).length)).toEqual([15, 25, 0, 5, 10, 5])
    })
  })

  test('keep their labels, and their side', () => {
    const { inputs, targets, validation } = weightedExamples(
      data,
      withShares((i) => i % 3),
      generator(1)
    )
    expect(validation).toEqual(data.validation)
    inputs.forEach((state, row) => {
      expect(targets[row]).toBe(-state)
      expect(held(state)).toBe(validation![row] === 1)
    })
  })

  test('are drawn evenly on a side on which none has a share', () => {
    const { inputs } = weightedExamples(
      data,
      withShares((i) => Number(i === 7 || i === 8)),
      generator(1)
    )
    expect([...times(inputs, 0)].filter(([, count]) => count > 0)).toEqual([
      [7, 600],
      [8, 600]
    ])
    expect([...inputs].filter((_, row) => held(row))).toEqual(ofSide(1))
  })

  test('need nothing to be held out', () => {
    const open = { ...data, validation: new Uint8Array(rows) }
    const { inputs } = weightedExamples(
      open,
      withShares((i) => Number(i < 2)),
      generator(1)
    )
    expect([...inputs]).toEqual(Array.from({ length: rows }, (_, row) => Number(row >= rows / 2)))
  })

  test('are drawn by the generator given', () => {
    const inputs = (seed: number) =>
      weightedExamples(
        data,
        withShares((i) => i % 4),
        generator(seed)
      ).inputs
    expect(inputs(1)).toEqual(inputs(1))
    expect(inputs(2)).not.toEqual(inputs(1))
  })
})
