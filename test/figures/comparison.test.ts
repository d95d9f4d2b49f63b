import { describe, expect, test } from 'vitest'
import { avoidedLoss, improvementProbabilities } from '../../lib/analysis/aggregate'
import type { Estimate } from '../../lib/analysis/bootstrap'
import type { SeedResults } from '../../lib/analysis/results-by-seed'
import { comparison } from '../../lib/figures/comparison'
import { strategyColours } from '../../lib/figures/theme'
import { type StrategyName, strategyNames, titleOf } from '../../lib/strategies'
import { scattered } from '../analysis/seed-results'
import { expectSnapshot } from './snapshot'

// Four seeds of two tasks: the middle half of all results is four.
const tasks = {
  reacher: [1, 2, 3, 4].map((seed) => scattered(seed, 2)),
  hopper: [5, 6, 7, 8].map((seed) => scattered(seed, 3))
}
const figure = comparison('title', tasks, 'random')

interface Panel {
  x: number[]
  y: string[]
  xaxis?: string
  yaxis?: string
  error_x: { symmetric: boolean; array: number[]; arrayminus: number[] }
  marker: { color: string[] }
  hovertemplate: string
}
const [left, right] = figure.data as unknown as Panel[]

const losses = (results: readonly SeedResults[], strategy: StrategyName): number[] =>
  results.map(({ outcomes }) => outcomes[strategy].iterations[outcomes[strategy].iterations.length - 1].loss)
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

/** Returns the share of Supervised's loss that a strategy avoids: the middle four of eight. */
function avoided(strategy: StrategyName): number {
  const shares = Object.values(tasks).flatMap((results) =>
    losses(results, strategy).map((loss) => 1 - loss / (total(losses(results, 'supervised')) / 4))
  )
  return total(shares.sort((a, b) => a - b).slice(2, 6)) / 4
}

/** Returns the share of a task's 16 pairs in which a strategy loses less than Random, mean of both tasks. */
function better(strategy: StrategyName): number {
  const wins = Object.values(tasks).map((results) =>
    losses(results, strategy).flatMap((own) =>
      losses(results, 'random').map((other) => (own < other ? 1 : own > other ? 0 : 0.5))
    )
  )
  return (total(wins[0]) / 16 + total(wins[1]) / 16) / 2
}

const improvements = improvementProbabilities(tasks, 'random')

describe('the figure that compares strategies', () => {
  test('the comparison has two panels of all strategies, the paper’s first at the top, in their colours', () => {
    expect(figure.data).toHaveLength(2)
    expect([left.xaxis, left.yaxis, right.xaxis, right.yaxis]).toEqual([undefined, undefined, 'x2', 'y2'])
    for (const { y, marker } of [left, right]) {
      // The first entry of an axis stands at its foot.
      expect(y).toEqual(strategyNames.map(titleOf).reverse())
      expect(marker.color).toEqual(strategyNames.map((name) => strategyColours[name]).reverse())
    }
  })

  test.each<[string, Panel, (strategy: StrategyName) => number, Record<StrategyName, Estimate>]>([
    ['the share of Supervised’s loss that it avoids', left, avoided, avoidedLoss(tasks)],
    ['the probability that it loses less', right, better, improvements]
  ])('the comparison draws for each strategy %s, with intervals', (_, { x, y, error_x }, reading, estimates) => {
    expect(error_x.symmetric).toBe(false)
    for (const strategy of strategyNames) {
      const i = y.indexOf(titleOf(strategy))
      expect(x[i]).toBeCloseTo(reading(strategy), 10)
      expect(x[i] + error_x.array[i]).toBeCloseTo(estimates[strategy].high, 10)
      expect(x[i] - error_x.arrayminus[i]).toBeCloseTo(estimates[strategy].low, 10)
      // There is nothing to estimate about Random beside itself.
      const wide = estimates[strategy].low < estimates[strategy].high
      expect(wide).toBe(estimates !== improvements || strategy !== 'random')
      expect([error_x.array[i] > 0, error_x.arrayminus[i] > 0]).toEqual([wide, wide])
    }
  })

  test('dotted lines stand where a strategy equals Supervised, and where it equals the baseline', () => {
    const shapes = figure.layout.shapes as { xref: string; x0: number; x1: number }[]
    expect(shapes.map(({ xref, x0, x1 }) => [xref, x0, x1])).toEqual([
      ['x', 0, 0],
      ['x2', 0.5, 0.5]
    ])
    expect(figure.layout.xaxis2).toMatchObject({ title: { text: 'probability of losing less than Random' } })
  })

  test('the hover text of the comparison names the strategy and its number', () => {
    for (const { hovertemplate } of [left, right]) expect(hovertemplate).toBe('<b>%{y}</b><br>%{x:.2f}<extra></extra>')
  })

  test('the comparison of made-up results equals its snapshot', async () => {
    await expectSnapshot(figure, 'comparison')
  })
})
