import { describe, expect, test } from 'vitest'
import { type Dataset, emptyDataset } from '../../lib/experiments/dataset'
import { shares, weightedExamples } from '../../lib/experiments/weighted'
import { generator } from '../../lib/random'
import type { Met } from '../../lib/strategies'

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

  test('are drawn in proportion to their shares, as many as there were', () => {
    const { rows: drawn, inputs } = weightedExamples(
      data,
      withShares((i) => i % 3),
      generator(1)
    )
    expect(drawn).toBe(rows)
    for (const side of [true, false]) {
      const states = [...inputs].filter((state) => held(state) === side)
      const n = states.length
      expect(n).toBe(side ? rows / 5 : (4 * rows) / 5)
      expect(states.some((state) => state % 3 === 0)).toBe(false)
      // of shares 0, 1 and 2 there are as many each
      const twos = states.filter((state) => state % 3 === 2).length
      expect(Math.abs(twos / n - 2 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / n))
    }
  })

  test('are never of a state without a share, not even by the least of draws', () => {
    const { inputs } = weightedExamples(
      data,
      withShares((i) => i % 3),
      () => 0
    )
    expect(new Set(inputs)).toEqual(new Set([1, 5]))
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
    const of = (side: boolean) => [...inputs].filter((_, row) => (data.validation[row] === 1) === side)
    expect(new Set(of(false))).toEqual(new Set([7, 8]))
    expect(of(true).every(held)).toBe(true)
    const n = of(true).length
    const mean = of(true).reduce((sum, state) => sum + state, 0) / n
    expect(Math.abs(mean - 1495 / 2)).toBeLessThan(4 * (rows / Math.sqrt(12 * n)))
  })

  test('need nothing to be held out', () => {
    const open = { ...data, validation: new Uint8Array(rows) }
    const { inputs } = weightedExamples(
      open,
      withShares((i) => Number(i < 2)),
      generator(1)
    )
    expect(new Set(inputs)).toEqual(new Set([0, 1]))
  })

  test('are drawn by the generator given', () => {
    const inputs = (seed: number) =>
      weightedExamples(
        data,
        withShares(() => 1),
        generator(seed)
      ).inputs
    expect(inputs(1)).toEqual(inputs(1))
    expect(inputs(2)).not.toEqual(inputs(1))
  })
})
