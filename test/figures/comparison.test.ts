import { describe, expect, test } from 'vitest'
import { improvements, scores } from '../../lib/analysis/aggregate'
import type { Estimate } from '../../lib/analysis/bootstrap'
import type { Contest } from '../../lib/analysis/contests'
import { comparison } from '../../lib/figures/comparison'
import { colours } from '../../lib/figures/learning-curves'
import { type StrategyName, strategyNames } from '../../lib/strategies'
import { scattered, titleOf } from '../analysis/contest'

// four seeds of two tasks, so that the middle half of all is four
const tasks = {
  reacher: [1, 2, 3, 4].map((seed) => scattered(seed, 2)),
  hopper: [5, 6, 7, 8].map((seed) => scattered(seed, 3))
}
const drawn = comparison('title', tasks, 'random')

interface Panel {
  x: number[]
  y: string[]
  xaxis?: string
  yaxis?: string
  error_x: { symmetric: boolean; array: number[]; arrayminus: number[] }
  marker: { color: string[] }
  hovertemplate: string
}
const [left, right] = drawn.data as unknown as Panel[]

const losses = (contests: readonly Contest[], strategy: StrategyName): number[] =>
  contests.map(({ outcomes }) => outcomes[strategy].iterations[outcomes[strategy].iterations.length - 1].loss)
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

/** The share of Supervised's loss that a strategy avoids: the middle four of eight. */
function avoided(strategy: StrategyName): number {
  const shares = Object.values(tasks).flatMap((contests) =>
    losses(contests, strategy).map((loss) => 1 - loss / (total(losses(contests, 'supervised')) / 4))
  )
  return total(shares.sort((a, b) => a - b).slice(2, 6)) / 4
}

/** In how many of the 16 pairs of a task a strategy loses less than Random, mean of both tasks. */
function better(strategy: StrategyName): number {
  const wins = Object.values(tasks).map((contests) =>
    losses(contests, strategy).flatMap((own) =>
      losses(contests, 'random').map((other) => (own < other ? 1 : own > other ? 0 : 0.5))
    )
  )
  return (total(wins[0]) / 16 + total(wins[1]) / 16) / 2
}

const beside = improvements(tasks, 'random')

describe('the comparison', () => {
  test('has two panels of all strategies, the paper’s first uppermost, in their colours', () => {
    expect(drawn.data).toHaveLength(2)
    expect([left.xaxis, left.yaxis, right.xaxis, right.yaxis]).toEqual([undefined, undefined, 'x2', 'y2'])
    for (const { y, marker } of [left, right]) {
      // what is first on an axis is at its foot
      expect(y).toEqual(strategyNames.map(titleOf).reverse())
      expect(marker.color).toEqual(strategyNames.map((name) => colours[name]).reverse())
    }
  })

  test.each<[string, Panel, (strategy: StrategyName) => number, Record<StrategyName, Estimate>]>([
    ['the share of Supervised’s loss avoided', left, avoided, scores(tasks)],
    ['how probable it is to lose less', right, better, beside]
  ])('draws %s, with intervals', (_, { x, y, error_x }, reading, estimates) => {
    expect(error_x.symmetric).toBe(false)
    for (const strategy of strategyNames) {
      const i = y.indexOf(titleOf(strategy))
      expect(x[i]).toBeCloseTo(reading(strategy), 10)
      expect(x[i] + error_x.array[i]).toBeCloseTo(estimates[strategy].high, 10)
      expect(x[i] - error_x.arrayminus[i]).toBeCloseTo(estimates[strategy].low, 10)
      // none where there is nothing to estimate: Random over itself
      const wide = estimates[strategy].low < estimates[strategy].high
      expect(wide).toBe(estimates !== beside || strategy !== 'random')
      expect([error_x.array[i] > 0, error_x.arrayminus[i] > 0]).toEqual([wide, wide])
    }
  })

  test('marks where a strategy is as Supervised, and as the other', () => {
    const shapes = drawn.layout.shapes as { xref: string; x0: number; x1: number }[]
    expect(shapes.map(({ xref, x0, x1 }) => [xref, x0, x1])).toEqual([
      ['x', 0, 0],
      ['x2', 0.5, 0.5]
    ])
    expect(drawn.layout.xaxis2).toMatchObject({ title: { text: 'probability of losing less than Random' } })
  })

  test('tells algorithm and number under the pointer', () => {
    for (const { hovertemplate } of [left, right]) expect(hovertemplate).toBe('<b>%{y}</b><br>%{x:.2f}<extra></extra>')
  })

  test('is as it was', async () => {
    await expect(`${JSON.stringify(drawn, null, 1)}\n`).toMatchFileSnapshot('comparison.snapshot.json')
  })
})
