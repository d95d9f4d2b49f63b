import { describe, expect, test } from 'vitest'
import { bootstrap } from '../../lib/analysis/bootstrap'
import { lossAgainstQueries } from '../../lib/figures/queries'
import { strategyColours } from '../../lib/figures/theme'
import { type StrategyName, strategyNames, titleOf } from '../../lib/strategies'
import { generator } from '../../lib/util/random'
import { scattered } from '../analysis/seed-results'
import { expectSnapshot } from './snapshot'

const seeds = [3, 8, 11].map((seed) => scattered(seed, 4))
const drawn = lossAgainstQueries('title', seeds)

interface ErrorBar {
  array: number[]
  arrayminus: number[]
}
interface Drawn {
  name: string
  mode: 'lines' | 'markers'
  legendgroup: string
  x: number[]
  y: number[]
  error_x: ErrorBar
  error_y: ErrorBar
  line: { color: string }
  marker?: { color: string }
  showlegend?: boolean
  hovertemplate: string
  customdata: number[]
}
const all = drawn.data as unknown as Drawn[]
const traceOf = (strategy: StrategyName, mode: Drawn['mode']): Drawn => {
  const found = all.filter((trace) => trace.name === titleOf(strategy) && trace.mode === mode)
  expect(found).toHaveLength(1)
  return found[0]
}
const recorded = (strategy: StrategyName, what: 'loss' | 'queries', i: number): number[] =>
  seeds.map(({ outcomes }) => outcomes[strategy].iterations[i][what])
const third = ([[a, b, c]]: readonly (readonly number[])[]) => (a + b + c) / 3

describe('loss against queries', () => {
  test.each(strategyNames)('the line of %s leads from iteration to iteration by means over seeds', (strategy) => {
    const { x, y, customdata } = traceOf(strategy, 'lines')
    expect(customdata).toEqual([1, 2, 3, 4])
    expect([x.length, y.length]).toEqual([4, 4])
    customdata.forEach((_, i) => {
      expect(x[i]).toBeCloseTo(third([recorded(strategy, 'queries', i)]), 10)
      expect(y[i]).toBeCloseTo(third([recorded(strategy, 'loss', i)]), 10)
    })
  })

  test.each(strategyNames)(
    'the marker of %s stands at the last iteration, with intervals of queries and loss',
    (strategy) => {
      const [line, { x, y, error_x, error_y }] = [traceOf(strategy, 'lines'), traceOf(strategy, 'markers')]
      expect([x, y]).toEqual([line.x.slice(-1), line.y.slice(-1)])
      for (const [what, [value], bar] of [
        ['queries', x, error_x],
        ['loss', y, error_y]
      ] as const) {
        const { low, high } = bootstrap([recorded(strategy, what, 3)], third, generator(0, 'table 2', strategy, what))
        expect(bar.array).toHaveLength(1)
        expect(bar.arrayminus).toHaveLength(1)
        expect(value + bar.array[0]).toBeCloseTo(high, 10)
        expect(value - bar.arrayminus[0]).toBeCloseTo(low, 10)
        for (const length of [...bar.array, ...bar.arrayminus]) expect(length).toBeGreaterThanOrEqual(0)
      }
      // An interval is a point where all seeds query as often.
      const always = strategy === 'supervised' || strategy === 'dagger'
      expect(error_x.array[0] > 0).toBe(!always)
      expect(error_y.array[0]).toBeGreaterThan(0)
    }
  )

  test('each strategy has one colour and one entry in the legend of loss against queries', () => {
    expect(all).toHaveLength(2 * strategyNames.length)
    for (const strategy of strategyNames) {
      const [line, point] = [traceOf(strategy, 'lines'), traceOf(strategy, 'markers')]
      expect([line.line.color, point.line.color, point.marker?.color]).toEqual(Array(3).fill(strategyColours[strategy]))
      expect(line.legendgroup).toBe(point.legendgroup)
      expect([line.showlegend, point.showlegend]).toEqual([false, undefined])
    }
  })

  test('the hover text of loss against queries names strategy, seeds, iteration, queries and loss', () => {
    for (const strategy of strategyNames) {
      const algorithm = `<b>${titleOf(strategy)}</b>, 3 seeds<br>`
      const numbers = '<br>queries %{x:.0f}<br>loss %{y:.3f}<extra></extra>'
      expect(traceOf(strategy, 'lines').hovertemplate).toBe(`${algorithm}iteration %{customdata}${numbers}`)
      expect(traceOf(strategy, 'markers').hovertemplate).toBe(`${algorithm}last iteration${numbers}`)
    }
  })

  test('loss against queries of made-up results equals its snapshot', async () => {
    const two = [1, 2].map((seed) => scattered(seed, 2))
    await expectSnapshot(lossAgainstQueries('Reacher', two), 'queries')
  })
})
