import { describe, expect, test } from 'vitest'
import { avoidedLoss, avoidedShares, finalLosses, improvementProbabilities } from '../../lib/analysis/aggregate'
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
const otherTasks = {
  reacher: [1, 2].map((seed) => withLosses(seed, { dagger: 50, random: 10 }, 100)),
  hopper: [1, 2].map((seed) => withLosses(seed, { dagger: 50, random: 10 }, 100))
}
const losses = finalLosses(tasks)
const others = finalLosses(otherTasks)
const figure = comparison('Both tasks', { 'our experts': losses, 'their experts': others }, 'dagger')

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

const finals = (results: readonly SeedResults[], strategy: StrategyName): number[] =>
  results.map(({ outcomes }) => outcomes[strategy].iterations[outcomes[strategy].iterations.length - 1].loss)
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

/** Returns the shares of Supervised's loss that a strategy's runs avoid, in ascending order. */
const shares = (strategy: StrategyName): number[] =>
  Object.values(tasks)
    .flatMap((results) =>
      finals(results, strategy).map((loss) => 1 - loss / (total(finals(results, 'supervised')) / 4))
    )
    .sort((a, b) => a - b)

/** Returns the share of a task's 16 pairs in which a strategy loses less than DAgger, mean of both tasks. */
function better(strategy: StrategyName): number {
  const wins = Object.values(tasks).map((results) =>
    finals(results, strategy).flatMap((own) =>
      finals(results, 'dagger').map((other) => (own < other ? 1 : own > other ? 0 : 0.5))
    )
  )
  return (total(wins[0]) / 16 + total(wins[1]) / 16) / 2
}

describe('the figure that compares strategies', () => {
  test('the comparison draws for each strategy the share of Supervised’s loss that it avoids, among its runs', () => {
    const estimates = avoidedLoss(losses)
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
    const estimates = improvementProbabilities(losses, 'dagger')
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
    const estimates = avoidedLoss(losses)
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
    const titleOf = (groups: Parameters<typeof comparison>[1]) =>
      (comparison('', groups, 'dagger').layout.title as { text: string }).text.replaceAll('<br>', ' ')
    expect(titleOf({ 'their experts': others, ours: others })).toBe(
      'Significantly better than DAgger: Random, and 7 worse (their experts); Random, and 7 worse (ours)'
    )
    const alike = finalLosses({ reacher: otherTasks.reacher.map((seed) => withLosses(seed.seed, {}, 100)) })
    expect(titleOf({ ours: alike })).toBe('Significantly better than DAgger: no strategy, and 0 worse (ours)')
  })

  test('nothing is called significant of a strategy, or beside a baseline, that has a single run on one of the tasks', () => {
    const [none, all] = ['no strategy, and 0 worse', 'x, and 1 worse']
    const [few, more] = [
      { supervised: [4], dagger: [2], x: [1] },
      { supervised: [4, 5], dagger: [2, 3], x: [1, 1] }
    ]
    const cases = { few: { reacher: few }, more: { reacher: more }, mixed: { reacher: more, hopper: few } }
    const { text } = comparison('', cases, 'dagger').layout.title as { text: string }
    expect(text.replaceAll('<br>', ' ')).toBe(
      `Significantly better than DAgger: ${none} (few); ${all} (more); ${none} (mixed)`
    )
    const alone = { reacher: { ...more, dagger: [2] } }
    expect(JSON.stringify(comparison('', { alone }, 'dagger').layout.title)).toContain(`${none} (alone)`)
  })

  test('a loss that is not finite is refused with its group, task and strategy, and so is an empty list', () => {
    const withX = (x: number[]) => () =>
      comparison('', { ours: { reacher: { supervised: [4], dagger: [2], x } } }, 'dagger')
    expect(withX([1, Number.NaN])).toThrow('ours has NaN of x on reacher: give lists of numbers')
    expect(withX([])).toThrow('ours has no loss of x on reacher: give lists of numbers')
  })

  test('strategies of any names can be compared, and one that a task lacks is left out', () => {
    const of = (random: number[], mine: number[]) => ({ supervised: [9, 9], random, mine })
    const groups = {
      Reacher: { reacher: of([2, 4], [1, 3]) },
      'both tasks': { reacher: { ...of([2, 4], [1, 3]), loss: [1] }, hopper: of([5, 6], [7, 5]) }
    }
    const { data, layout } = comparison('It', groups, 'random')
    const { ticktext } = layout.yaxis as { ticktext: string[] }
    expect(ticktext.map((text) => text.replace(/<[^>]*>/g, ''))).toEqual(['mine', 'Random', 'Supervised'])
    const drawn = (data as unknown as Drawn[]).filter(
      ({ xaxis, hovertemplate }) => xaxis === 'x2' && hovertemplate?.startsWith('<b>mine')
    )
    // Reacher: 1 < 2, 1 < 4, 3 < 4 of four; Hopper: 5 = 5 and 5 < 6 of four
    expect(drawn.map(({ x }) => x)).toEqual([[3 / 4], [(3 / 4 + 3 / 8) / 2]])
    expect(new Set(drawn.map(({ marker }) => marker.symbol)).size).toBe(2)
  })

  test('the comparison refuses losses without those that it compares with, and names the group and the task', () => {
    const some = { hopper: { random: [1], supervised: [2] } }
    expect(() => comparison('', { ours: some }, 'dagger')).toThrow('ours has no loss of dagger on hopper')
    expect(() => comparison('', { ours: { hopper: { random: [1] } } }, 'random')).toThrow(
      'ours has no loss of supervised on hopper'
    )
  })

  test('the comparison of made-up results equals its snapshot', async () => {
    await expectSnapshot(figure, 'comparison')
  })
})

test('the shares of Supervised’s loss that its own runs avoid are none on average', () => {
  for (const of of avoidedShares(losses, 'supervised')) expect(total(of)).toBeCloseTo(0, 10)
})
