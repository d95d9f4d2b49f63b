import { describe, expect, test } from 'vitest'
import { bestWithin, means, ofSeeds, settings, settled } from '../../lib/analysis/settings'
import { numerics, type RecordedProtocol, type RunRecord } from '../../lib/experiments/record'
import { outcome } from './contest'
import { settingOf } from './setting'

test('a run is settled by its last five iterations, and costs all its queries', () => {
  const losses = [90, 80, 1, 2, 3, 4, 10]
  const run = outcome(losses.map((loss, i) => ({ loss, queries: 100 * (i + 1) })))
  expect(settled(run)).toEqual({ queries: 700, loss: 4 })
})

describe('settings', () => {
  const recordOf = (protocol: RecordedProtocol, seed: number): RunRecord => ({
    format: 'radgrad record',
    numerics,
    protocol,
    seed,
    outcome: outcome([{ loss: seed, queries: 10 * seed }]),
    made: { seconds: [], machine: 'none' },
    checksum: 'unread'
  })
  const [low, high] = [0.1, 0.2].map((rate) => settingOf('random', { rate }, []).protocol)

  test('are the runs of one protocol, by seed in numbers’ order', async () => {
    const found = await settings([recordOf(low, 10), recordOf(high, 1), recordOf(low, 2)])
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
    const found = await settings([recordOf(low, 10), recordOf(high, 1), recordOf(low, 2)])
    expect(ofSeeds(found, (seed) => seed > 5).map(({ runs }) => runs.map(({ seed }) => seed))).toEqual([[10]])
  })
})

describe('the best within a budget', () => {
  const cheap = settingOf('loss', { rate: 0.1 }, [
    [100, 8],
    [300, 6]
  ])
  const fair = settingOf('loss', { rate: 0.2 }, [
    [400, 3],
    [600, 5]
  ])
  const dear = settingOf('loss', { rate: 0.3 }, [
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
})
