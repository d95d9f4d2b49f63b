import { describe, expect, test } from 'vitest'
import { bestOfEach, bestWithin, means, ofSeeds, samples, settled } from '../../lib/analysis/samples'
import { numerics, type RecordedProtocol, type RunRecord } from '../../lib/experiments/record'
import { outcome } from './contest'
import { sampleOf } from './sample'

test('a run is settled by its last five iterations, and costs all its queries', () => {
  const losses = [90, 80, 1, 2, 3, 4, 10]
  const run = outcome(losses.map((loss, i) => ({ loss, queries: 100 * (i + 1) })))
  expect(settled(run)).toEqual({ queries: 700, loss: 4 })
})

test('a run is settled by its first trials, where another has no more', () => {
  const made = outcome([{ loss: 0, queries: 100 }, ...Array(5).fill({ loss: 0, queries: 200 })])
  // the expert earns 10, 20 and 60: 15 in two trials, 30 in three
  const run = {
    ...made,
    expertReturns: [10, 20, 60],
    iterations: made.iterations.map((iteration, i) => ({
      ...iteration,
      returns: i === 0 ? [-99, -99, -99] : [i, 2, 3]
    }))
  }
  // over iterations of 1, 2, 3, 4 and 5 in the first trial, 3 on average
  expect(settled(run, 1)).toEqual({ queries: 200, loss: 10 - 3 })
  expect(settled(run, 2)).toEqual({ queries: 200, loss: 15 - (3 + 2) / 2 })
  const all = settled(run)
  expect(all.loss).toBeCloseTo(30 - (3 + 2 + 3) / 3, 12)
  expect(settled(run, 3)).toEqual(all)
})

describe('samples', () => {
  const recordOf = (protocol: RecordedProtocol, seed: number): RunRecord => ({
    format: 'radgrad record',
    numerics,
    protocol,
    seed,
    outcome: outcome([{ loss: seed, queries: 10 * seed }]),
    made: { seconds: [], machine: 'none' },
    checksum: 'unread'
  })
  const [low, high] = [0.1, 0.2].map((rate) => sampleOf('random', { rate }, []).protocol)

  test('are the runs of one protocol, by seed in numbers’ order', async () => {
    const found = await samples([recordOf(low, 10), recordOf(high, 1), recordOf(low, 2)])
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

  test('can be had by some of their seeds', async () => {
    const found = await samples([recordOf(low, 10), recordOf(high, 1), recordOf(low, 2)])
    expect(ofSeeds(found, (seed) => seed > 5).map(({ runs }) => runs.map(({ seed }) => seed))).toEqual([[10]])
  })
})

describe('the best within a budget', () => {
  const cheap = sampleOf('loss', { rate: 0.1 }, [
    [100, 8],
    [300, 6]
  ])
  const fair = sampleOf('loss', { rate: 0.2 }, [
    [400, 3],
    [600, 5]
  ])
  const dear = sampleOf('loss', { rate: 0.3 }, [
    [900, 1],
    [900, 1]
  ])

  test('is that of the least mean loss among those that cost no more', () => {
    expect(means(fair)).toEqual({ queries: 500, loss: 4 })
    expect(bestWithin(500, [cheap, dear, fair])).toBe(fair)
    expect(bestWithin(499, [cheap, dear, fair])).toBe(cheap)
    expect(bestWithin(5000, [cheap, dear, fair])).toBe(dear)
  })

  test('is that of the least loss where all cost more, and nothing of none', () => {
    expect(bestWithin(50, [cheap, dear, fair])).toBe(dear)
    expect(bestWithin(50, [])).toBe(undefined)
  })

  test('is to be had of each rule, in the order in which they come', () => {
    const [few, many] = [0.1, 0.5].map((rate) => sampleOf('random', { rate }, [[1000 * rate, 9 - rate]]))
    const only = sampleOf('crsail', { rate: 0.3 }, [[9999, 0]])
    expect(bestOfEach(500, [few, cheap, only, many, dear, fair])).toEqual([many, fair, only])
    // the one of the least loss where a rule has none that costs no more
    expect(bestOfEach(99, [dear, fair, many, few])).toEqual([dear, many])
    expect(bestOfEach(500, [])).toEqual([])
  })
})
