import { describe, expect, test } from 'vitest'
import { avoidedLoss, avoidedShares, improvementProbabilities } from '../../lib/analysis/aggregate'
import type { SeedResults } from '../../lib/analysis/results-by-seed'
import { comparison } from '../../lib/figures/comparison'
import { shortTitle, strategyLooks } from '../../lib/figures/theme'
import { type StrategyName, strategyNames, titleOf } from '../../lib/strategies'
import { scattered, withLosses } from '../analysis/seed-results'
import { expectSnapshot } from './snapshot'

// Four seeds of two tasks: the middle half of all results is four.
const tasks = {
  reacher: [1, 2, 3, 4].map((seed) => scattered(seed, 2)),
  hopper: [5, 6, 7, 8].map((seed) => scattered(seed, 3))
}
const others = {
  reacher: [1, 2].map((seed) => withLosses(seed, { dagger: 50, random: 10 }, 100)),
  hopper: [1, 2].map((seed) => withLosses(seed, { dagger: 50, random: 10 }, 100))
}
const experts = { 'our experts': tasks, 'their experts': others }
const figure = comparison(experts, 'dagger')

interface Drawn {
  x: number[]
  y: number[]
  xaxis: string
  error_x?: { array: number[]; arrayminus: number[] }
  marker: { color: string; symbol?: string }
  hovertemplate?: string
}
const traces = figure.data as unknown as Drawn[]
/** Returns the dot of a strategy in a panel, and the points of its seeds. */
const row = (panel: 'x' | 'x2', strategy: StrategyName, expert: string): Drawn => {
  const found = traces.filter(
    ({ xaxis, hovertemplate }) => xaxis === panel && hovertemplate?.startsWith(`<b>${titleOf(strategy)}</b>, ${expert}`)
  )
  expect(found).toHaveLength(1)
  return found[0]
}
const seedsOf = (panel: 'x' | 'x2', strategy: StrategyName, expert: string): number[] =>
  traces[traces.indexOf(row(panel, strategy, expert)) - 1].x

const losses = (results: readonly SeedResults[], strategy: StrategyName): number[] =>
  results.map(({ outcomes }) => outcomes[strategy].iterations[outcomes[strategy].iterations.length - 1].loss)
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

/** Returns the shares of Supervised's loss that a strategy's runs avoid, in ascending order. */
const shares = (strategy: StrategyName): number[] =>
  Object.values(tasks)
    .flatMap((results) =>
      losses(results, strategy).map((loss) => 1 - loss / (total(losses(results, 'supervised')) / 4))
    )
    .sort((a, b) => a - b)

/** Returns the share of a task's 16 pairs in which a strategy loses less than DAgger, mean of both tasks. */
function better(strategy: StrategyName): number {
  const wins = Object.values(tasks).map((results) =>
    losses(results, strategy).flatMap((own) =>
      losses(results, 'dagger').map((other) => (own < other ? 1 : own > other ? 0 : 0.5))
    )
  )
  return (total(wins[0]) / 16 + total(wins[1]) / 16) / 2
}

describe('the figure that compares strategies', () => {
  test('the comparison draws for each strategy the share of Supervised’s loss that it avoids, among its runs', () => {
    const estimates = avoidedLoss(tasks)
    for (const strategy of strategyNames) {
      const { x, error_x, marker } = row('x', strategy, 'our experts')
      // the middle four of eight
      expect(x[0]).toBeCloseTo(total(shares(strategy).slice(2, 6)) / 4, 10)
      expect(x[0] + error_x!.array[0]).toBeCloseTo(estimates[strategy].high, 10)
      expect(x[0] - error_x!.arrayminus[0]).toBeCloseTo(estimates[strategy].low, 10)
      const drawn = [...seedsOf('x', strategy, 'our experts')].sort((a, b) => a - b)
      expect(drawn).toEqual(shares(strategy).map((share) => expect.closeTo(share, 10)))
      expect(marker).toMatchObject({ color: strategyLooks[strategy].color, symbol: 'circle' })
      expect(row('x', strategy, 'their experts').marker.symbol).toBe('circle-open')
    }
  })

  test('the comparison draws for each strategy the probability that it loses less than the baseline', () => {
    const estimates = improvementProbabilities(tasks, 'dagger')
    for (const strategy of strategyNames) {
      const { x, error_x } = row('x2', strategy, 'our experts')
      expect(x[0]).toBeCloseTo(better(strategy), 10)
      expect(x[0] + error_x!.array[0]).toBeCloseTo(estimates[strategy].high, 10)
      expect(x[0] - error_x!.arrayminus[0]).toBeCloseTo(estimates[strategy].low, 10)
      // There is nothing to estimate about DAgger beside itself.
      expect(estimates[strategy].low < estimates[strategy].high).toBe(strategy !== 'dagger')
    }
  })

  test('the rows of the comparison are sorted by the loss that our experts’ runs avoid, in both panels, the first expert’s above', () => {
    const { ticktext, range } = (figure.layout as { yaxis: { ticktext: string[]; range: number[] } }).yaxis
    expect(range[0]).toBeGreaterThan(range[1])
    const estimates = avoidedLoss(tasks)
    const order = [...strategyNames].sort((a, b) => estimates[b].value - estimates[a].value)
    expect(ticktext.map((text) => text.replace(/<[^>]*>/g, ''))).toEqual(order.map(shortTitle))
    order.forEach((strategy, i) => {
      for (const panel of ['x', 'x2'] as const) {
        const [ours, theirs] = ['our experts', 'their experts'].map((expert) => row(panel, strategy, expert).y[0])
        expect([ours < i, theirs > i, ours + theirs]).toEqual([true, true, 2 * i])
      }
    })
  })

  test('dotted lines stand where a strategy equals Supervised, and where it equals the baseline', () => {
    const shapes = figure.layout.shapes as { xref: string; x0: number; x1: number }[]
    expect(shapes.map(({ xref, x0, x1 }) => [xref, x0, x1])).toEqual([
      ['x', 0, 0],
      ['x2', 0.5, 0.5]
    ])
  })

  test('the title of the comparison names the strategies whose interval lies above one half, with each expert', () => {
    const { text } = comparison({ 'their experts': others, ours: others }, 'dagger').layout.title as { text: string }
    expect(text.replaceAll('<br>', ' ')).toBe(
      'Significantly better than DAgger: Random with their experts; Random with ours'
    )
    const alike = { reacher: others.reacher.map((seed) => withLosses(seed.seed, {}, 100)), hopper: others.hopper }
    const none = comparison({ ours: { ...alike, hopper: alike.reacher } }, 'dagger').layout.title as { text: string }
    expect(none.text).toBe('Significantly better than DAgger: no strategy with ours')
  })

  test('the comparison of made-up results equals its snapshot', async () => {
    await expectSnapshot(figure, 'comparison')
  })
})

test('the shares of Supervised’s loss that its own runs avoid are none on average', () => {
  for (const of of avoidedShares(tasks, 'supervised')) expect(total(of)).toBeCloseTo(0, 10)
})
