import { describe, expect, test } from 'vitest'
import {
  avoidedLoss,
  finalLosses,
  improvementProbabilities,
  interquartileMean,
  probabilityBelow
} from '../../lib/analysis/aggregate'
import { strategyNames } from '../../lib/strategies'
import { mean } from '../../lib/util/statistics'
import { scattered, withLosses } from './seed-results'

const point = (value: number) => ({ value, low: value, high: value })

describe('the interquartile mean', () => {
  test.each([
    ['four: the middle two', [4, 100, 1, 3], 3.5],
    ['eight: the middle four', [100, 9, 2, 10, -50, 3, 4, 5], 5.25],
    ['five: three quarters of the second and fourth', [50, 4, 2, 1, 0], (0.75 * 1 + 2 + 0.75 * 4) / 2.5],
    ['two: their mean', [1, 5], 3],
    ['one: itself', [8], 8]
  ])('the interquartile mean equals that by hand of %s', (_, values, expected) => {
    expect(interquartileMean(values)).toBeCloseTo(expected, 14)
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 9, 10, 11])(
    'the interquartile mean of %d numbers is the mean of the middle half with each number four times',
    (n) => {
      const values = Array.from({ length: n }, (_, i) => ((31 * i + 7) % 17) ** 2)
      const fourfold = values.flatMap((value) => [value, value, value, value]).sort((a, b) => a - b)
      expect(interquartileMean(values)).toBeCloseTo(mean(fourfold.slice(n, 3 * n)), 10)
    }
  )

  test('the interquartile mean leaves the numbers in their order', () => {
    const values = [3, 1, 2]
    interquartileMean(values)
    expect(values).toEqual([3, 1, 2])
  })
})

describe('the probability to be below', () => {
  test('the probability to be below counts pairs, ties half', () => {
    expect(probabilityBelow([1, 2], [2, 3])).toBe((1 + 1 + 0.5 + 1) / 4)
    expect(probabilityBelow([1], [0, 1, 2, 2])).toBe(2.5 / 4)
    expect(probabilityBelow([1, 1], [1, 1, 1])).toBe(0.5)
    expect(probabilityBelow([1, 2], [3])).toBe(1)
    expect(probabilityBelow([3], [1, 2])).toBe(0)
  })

  test('the probabilities to be below and to be above add up to 1', () => {
    const [a, b] = [
      [3, 1, 4, 1, 5],
      [2, 7, 1]
    ]
    expect(probabilityBelow(a, b) + probabilityBelow(b, a)).toBeCloseTo(1, 14)
  })
})

describe('the avoided loss', () => {
  test('the avoided loss is 0 as Supervised, 1 without loss and negative beyond Supervised, on every scale of losses', () => {
    const losses = (scale: number) => ({ supervised: scale, dagger: 0, random: scale / 2, loss: 1.5 * scale })
    const tasks = {
      reacher: [1, 2].map((seed) => withLosses(seed, losses(8), 8)),
      hopper: [1, 2].map((seed) => withLosses(seed, losses(2048), 2048))
    }
    const { supervised, dagger, random, loss, safedagger } = avoidedLoss(finalLosses(tasks))
    expect([supervised, safedagger, dagger, random, loss]).toEqual([0, 0, 1, 0.5, -0.5].map(point))
  })

  test('the avoided loss is a share of Supervised’s mean loss on the task, not of its loss with the seed', () => {
    const tasks = { reacher: [withLosses(1, { supervised: 5 }, 4), withLosses(2, { supervised: 11 }, 4)] }
    expect(avoidedLoss(finalLosses(tasks)).dagger).toEqual(point(0.5))
  })

  test('the avoided loss is the interquartile mean over the seeds of all tasks', () => {
    const run = (loss: number, seed: number) => withLosses(seed, { dagger: loss }, 100)
    const tasks = { reacher: [10, 20, 30, 4000].map(run), hopper: [40, 50, 1, 2].map(run) }
    // Sorted: 1 2 | 10 20 30 40 | 50 4000. The interquartile means of each task would be 25 and 21.
    expect(avoidedLoss(finalLosses(tasks)).dagger.value).toBeCloseTo(1 - 0.25, 14)
  })

  test('the interval of the avoided loss draws each task from its own seeds', () => {
    const run = (loss: number) => (seed: number) => withLosses(seed, { dagger: loss }, 100)
    const tasks = { reacher: [1, 2].map(run(0)), hopper: [1, 2].map(run(100)) }
    // With four seeds drawn from all, the middle two would often be of one task.
    expect(avoidedLoss(finalLosses(tasks)).dagger).toEqual(point(0.5))
    const unlike = { reacher: [withLosses(1, { dagger: 20 }, 100), withLosses(2, { dagger: 60 }, 100)] }
    const { value, low, high } = avoidedLoss(finalLosses(unlike)).dagger
    expect(value).toBeCloseTo(0.6, 14)
    // Both draws are the same seed in a quarter of the resamples.
    expect([low, high]).toEqual([1 - 0.6, 1 - 0.2])
  })
})

describe('the improvement probability', () => {
  test('the improvement is 1 over a strategy that always loses more, 0 over one that always loses less, a half over an equal', () => {
    const run = (seed: number) => withLosses(seed, { dagger: seed, random: 10 + seed, loss: 20 }, 15)
    const { dagger, random, loss, safedagger } = improvementProbabilities(
      finalLosses({ reacher: [1, 2].map(run) }),
      'safedagger'
    )
    expect([dagger, random, loss, safedagger]).toEqual([1, 1, 0, 0.5].map(point))
  })

  test('the improvement compares every run with every other run, not only with that of its seed', () => {
    const losses = [
      [1, 2],
      [3, 4],
      [5, 6]
    ]
    const tasks = { reacher: losses.map(([dagger, random], i) => withLosses(i, { dagger, random }, 0)) }
    expect(improvementProbabilities(finalLosses(tasks), 'random').dagger.value).toBeCloseTo((3 + 2 + 1) / 9, 14)
  })

  test('the improvement over an equal strategy has a wide interval, that of a strategy over itself none', () => {
    const tasks = { reacher: [withLosses(1, {}, 1), withLosses(2, {}, 2)] }
    // In 1/16 of the resamples one is all 1 and the other all 2.
    const { random, dagger } = improvementProbabilities(finalLosses(tasks), 'random')
    expect(dagger).toEqual({ value: 0.5, low: 0, high: 1 })
    expect(random).toEqual(point(0.5))
  })

  test('the improvement compares runs of the same task', () => {
    const tasks = { reacher: [withLosses(1, { dagger: 4 }, 5)], hopper: [withLosses(1, { dagger: 4000 }, 5000)] }
    expect(improvementProbabilities(finalLosses(tasks), 'random').dagger.value).toBe(1)
  })

  test('the improvement is a mean over tasks, however many seeds each has', () => {
    const run = (loss: number) => (seed: number) => withLosses(seed, { dagger: loss }, 50)
    const tasks = { reacher: [1, 2, 3].map(run(0)), hopper: [1, 2].map(run(100)) }
    expect(improvementProbabilities(finalLosses(tasks), 'random').dagger).toEqual(point(0.5))
  })

  test('of a single run on a task the interval of the improvement is the whole range', () => {
    const tasks = { hopper: [withLosses(1, { dagger: 4000 }, 5000)] }
    expect(improvementProbabilities(finalLosses(tasks), 'random').dagger).toEqual({ value: 1, low: 0, high: 1 })
  })
})

test('avoided losses and improvements are given for all strategies, within their intervals', () => {
  const tasks = { reacher: [1, 2].map((seed) => scattered(seed, 2)), hopper: [3, 4].map((seed) => scattered(seed, 2)) }
  for (const estimates of [avoidedLoss(finalLosses(tasks)), improvementProbabilities(finalLosses(tasks), 'random')]) {
    expect(Object.keys(estimates)).toEqual(strategyNames)
    for (const [strategy, { value, low, high }] of Object.entries(estimates)) {
      expect(low).toBeLessThanOrEqual(value)
      expect(value).toBeLessThanOrEqual(high)
      if (strategy !== 'random') expect(low).toBeLessThan(high)
    }
  }
})
