import { describe, expect, test } from 'vitest'
import {
  bestPerStrategy,
  bestWithin,
  lossDifferences,
  means,
  recordRows,
  summarizeRun,
  sweepPoints,
  withSeeds
} from '../../lib/analysis/sweep'
import { numericsVersion, type RecordedProtocol, type RunRecord } from '../../lib/record'
import { outcome } from './seed-results'
import { sweepPoint } from './sweep-point'

test('a run is summarized by the mean loss of its last five iterations and by all its queries', () => {
  const losses = [90, 80, 1, 2, 3, 4, 10]
  const run = outcome(losses.map((loss, i) => ({ loss, queries: 100 * (i + 1) })))
  expect(summarizeRun(run)).toEqual({ queries: 700, loss: 4 })
})

test('a run is summarized by its first trials where their number is given', () => {
  const made = outcome([{ loss: 0, queries: 100 }, ...Array(5).fill({ loss: 0, queries: 200 })])
  // The expert's returns are 10, 20 and 60: 15 on average in two trials, 30 in three.
  const run = {
    ...made,
    expertReturns: [10, 20, 60],
    iterations: made.iterations.map((iteration, i) => ({
      ...iteration,
      returns: i === 0 ? [-99, -99, -99] : [i, 2, 3]
    }))
  }
  // The policy's returns in the first trial are 1, 2, 3, 4 and 5: 3 on average.
  expect(summarizeRun(run, 1)).toEqual({ queries: 200, loss: 10 - 3 })
  expect(summarizeRun(run, 2)).toEqual({ queries: 200, loss: 15 - (3 + 2) / 2 })
  const all = summarizeRun(run)
  expect(all.loss).toBeCloseTo(30 - (3 + 2 + 3) / 3, 12)
  expect(summarizeRun(run, 3)).toEqual(all)
})

test('losses are compared seed by seed, of the seeds that both have', () => {
  const runs = (...losses: [seed: number, loss: number][]) => losses.map(([seed, loss]) => ({ seed, loss, queries: 1 }))
  expect(lossDifferences(runs([1, 5], [2, 3], [4, 9]), runs([3, 1], [2, 4], [1, 1]))).toEqual([4, -1])
})

describe('the points of a sweep', () => {
  const recordOf = (protocol: RecordedProtocol, seed: number): RunRecord => ({
    format: 'radgrad record',
    numerics: numericsVersion,
    protocol,
    seed,
    outcome: outcome([{ loss: seed, queries: 10 * seed }]),
    provenance: { seconds: [], machine: 'none' },
    checksum: 'unread'
  })
  const [low, high] = [0.1, 0.2].map((rate) => sweepPoint('random', { rate }, []).protocol)

  test('a sweep point has the runs of one protocol, by ascending seed', async () => {
    const found = await sweepPoints([recordOf(low, 10), recordOf(high, 1), recordOf(low, 2)])
    expect(found.map(({ protocol, runs }) => [protocol.rate, runs])).toEqual([
      [
        0.1,
        [
          { seed: 2, queries: 20, loss: 2 },
          { seed: 10, queries: 100, loss: 10 }
        ]
      ],
      [0.2, [{ seed: 1, queries: 10, loss: 1 }]]
    ])
  })

  test('two versions of one file’s strategy have their whole names in the rows, and others their titles', () => {
    const [old, changed] = (['a', 'b'] as const).map((digit) => ({
      ...low,
      strategy: `mine@${digit.repeat(64)}` as const
    }))
    const rows = recordRows([recordOf(old, 1), recordOf(changed, 1), recordOf(low, 1)])
    expect(rows.map(({ strategy }) => strategy)).toEqual([old.strategy, changed.strategy, 'Random'])
    expect(recordRows([recordOf(old, 1), recordOf(low, 1)]).map(({ strategy }) => strategy)).toEqual(['mine', 'Random'])
  })

  test('`withSeeds` keeps some seeds, and drops a point that has none of them', async () => {
    const found = await sweepPoints([recordOf(low, 10), recordOf(high, 1), recordOf(low, 2)])
    expect(withSeeds(found, (seed) => seed > 5).map(({ runs }) => runs.map(({ seed }) => seed))).toEqual([[10]])
  })
})

describe('the best within a budget', () => {
  const cheap = sweepPoint('loss', { rate: 0.1 }, [
    [100, 8],
    [300, 6]
  ])
  const fair = sweepPoint('loss', { rate: 0.2 }, [
    [400, 3],
    [600, 5]
  ])
  const dear = sweepPoint('loss', { rate: 0.3 }, [
    [900, 1],
    [900, 1]
  ])

  test('the best within a budget has the least mean loss of the points whose queries do not exceed it', () => {
    expect(means(fair)).toEqual({ queries: 500, loss: 4 })
    expect(bestWithin(500, [cheap, dear, fair])).toBe(fair)
    expect(bestWithin(499, [cheap, dear, fair])).toBe(cheap)
    expect(bestWithin(5000, [cheap, dear, fair])).toBe(dear)
  })

  test('the best of points that all exceed the budget has the least loss of them, and there is none of no points', () => {
    expect(bestWithin(50, [cheap, dear, fair])).toBe(dear)
    expect(bestWithin(50, [])).toBe(undefined)
  })

  test('`bestPerStrategy` gives the best point of each strategy, in the order in which strategies first appear', () => {
    const [few, many] = [0.1, 0.5].map((rate) => sweepPoint('random', { rate }, [[1000 * rate, 9 - rate]]))
    const only = sweepPoint('crsail', { rate: 0.3 }, [[9999, 0]])
    expect(bestPerStrategy(500, [few, cheap, only, many, dear, fair])).toEqual([many, fair, only])
    // A strategy without a point within the budget has the one of the least loss.
    expect(bestPerStrategy(99, [dear, fair, many, few])).toEqual([dear, many])
    expect(bestPerStrategy(500, [])).toEqual([])
  })
})
