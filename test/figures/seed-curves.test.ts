import { describe, expect, test } from 'vitest'
import { bootstrap } from '../../lib/analysis/bootstrap'
import { faded } from '../../lib/figures/figure'
import { colours, paperFigure, seedCurves } from '../../lib/figures/learning-curves'
import { generator } from '../../lib/random'
import { type StrategyName, strategyNames } from '../../lib/strategies'
import { contest, scattered, titleOf } from '../analysis/contest'

const seeds = [3, 8, 11].map((seed) => scattered(seed, 4))
const drawn = seedCurves('title', seeds)

interface Drawn {
  name?: string
  legendgroup: string
  x: number[]
  y: number[]
  xaxis?: string
  yaxis?: string
  line: { color?: string }
  fillcolor?: string
  showlegend?: boolean
  hoverinfo?: string
  hovertemplate: string
  customdata: number[][]
}
const all = drawn.data as unknown as Drawn[]
const side = { loss: undefined, queries: 'y2' } as const
type What = keyof typeof side
const whats = ['loss', 'queries'] as const

const lineOf = (strategy: StrategyName, what: What): Drawn => {
  const found = all.filter(({ name, yaxis }) => name === titleOf(strategy) && yaxis === side[what])
  expect(found).toHaveLength(1)
  return found[0]
}
/** A band is tied to its line by the legend. */
const bandsOf = (strategy: StrategyName, what: What): Drawn[] =>
  all.filter(
    ({ name, legendgroup, yaxis }) =>
      name === undefined && legendgroup === lineOf(strategy, what).legendgroup && yaxis === side[what]
  )
const recorded = (strategy: StrategyName, what: What, i: number): number[] =>
  seeds.map(({ outcomes }) => outcomes[strategy].iterations[i][what])
const always = (strategy: StrategyName) => strategy === 'supervised' || strategy === 'dagger'

describe('curves over seeds', () => {
  test.each(strategyNames)('draw means and intervals of the records of %s', (strategy) => {
    for (const what of whats) {
      const { x, y, xaxis, customdata } = lineOf(strategy, what)
      expect(x).toEqual([1, 2, 3, 4])
      expect(xaxis).toBe(what === 'loss' ? undefined : 'x2')
      const ends = x.map((_, i) => {
        const [a, b, c] = recorded(strategy, what, i)
        expect(y[i]).toBeCloseTo((a + b + c) / 3, 10)
        const [value, low, high] = customdata[i].slice(what === 'queries' ? 0 : 3).slice(0, 3)
        expect(value).toBe(y[i])
        expect(low).toBeLessThanOrEqual(value)
        expect(value).toBeLessThanOrEqual(high)
        const sum = ([[first, second, third]]: readonly (readonly number[])[]) => (first + second + third) / 3
        const again = bootstrap([[a, b, c]], sum, generator(0, 'curve', strategy, what, i))
        expect(low).toBeCloseTo(again.low, 10)
        expect(high).toBeCloseTo(again.high, 10)
        return { low, high }
      })
      const bands = bandsOf(strategy, what)
      // nothing is to be shaded about counts that no seed changes
      expect(bands).toHaveLength(what === 'queries' && always(strategy) ? 0 : 1)
      for (const band of bands) {
        expect(band.x).toEqual([1, 2, 3, 4, 4, 3, 2, 1])
        expect(band.y).toEqual([...ends.map(({ high }) => high), ...ends.map(({ low }) => low).reverse()])
      }
    }
  })

  test('have bands wide enough to hold, of three seeds, all of them', () => {
    // a resample of one seed alone is 1 in 27, more often than 2.5 %
    const band = bandsOf('loss', 'loss')[0].y
    const losses = recorded('loss', 'loss', 0)
    expect(band[0]).toBeCloseTo(Math.max(...losses), 10)
    expect(band[7]).toBeCloseTo(Math.min(...losses), 10)
  })

  test('have one colour a strategy, and one entry in the legend', () => {
    for (const strategy of strategyNames) {
      const group = all.filter(({ legendgroup }) => legendgroup === lineOf(strategy, 'loss').legendgroup)
      expect(group.filter(({ showlegend }) => showlegend !== false)).toEqual([lineOf(strategy, 'loss')])
      for (const { line, fillcolor } of group)
        if (fillcolor === undefined) expect(line.color).toBe(colours[strategy])
        else expect(fillcolor).toBe(faded(colours[strategy], 0.07))
    }
    expect(new Set(all.map(({ legendgroup }) => legendgroup)).size).toBe(strategyNames.length)
  })

  test('tell algorithm, seeds, iteration, queries and loss under the pointer, but not of a band', () => {
    for (const strategy of strategyNames)
      for (const what of whats) {
        const { hovertemplate } = lineOf(strategy, what)
        expect(hovertemplate).toContain(`<b>${titleOf(strategy)}</b>, seeds 3, 8, 11<br>iteration %{x}<br>`)
        expect(hovertemplate).toMatch(/queries %{customdata\[0]:.0f} \(%{customdata\[1].* … %{customdata\[2]/)
        expect(hovertemplate).toMatch(/loss %{customdata\[3]:.3f} \(%{customdata\[4].* … %{customdata\[5]/)
        for (const band of bandsOf(strategy, what)) expect(band.hoverinfo).toBe('skip')
      }
    const { customdata, y } = lineOf('random', 'queries')
    expect(customdata.map(([queries]) => queries)).toEqual(y)
    expect(customdata.map(([, , , loss]) => loss)).toEqual(lineOf('random', 'loss').y)
  })

  test('are as they were', async () => {
    const figure = seedCurves(
      'Reacher',
      [1, 2].map((seed) => scattered(seed, 2))
    )
    await expect(`${JSON.stringify(figure, null, 1)}\n`).toMatchFileSnapshot('seed-curves.snapshot.json')
  })
})

describe('axes of whole runs', () => {
  const layoutOf = (layout: object) =>
    layout as Record<'xaxis' | 'xaxis2' | 'yaxis', { range: [number, number] }> & { annotations: object[] }

  test('hold all iterations, and the second half of all losses', () => {
    const { xaxis, xaxis2, yaxis, annotations } = layoutOf(drawn.layout)
    expect([xaxis.range, xaxis2.range]).toEqual([
      [0.5, 4.5],
      [0.5, 4.5]
    ])
    const highest = Math.max(
      ...strategyNames.flatMap((strategy) => lineOf(strategy, 'loss').customdata.slice(2)).map((data) => data[5])
    )
    expect(yaxis.range[1]).toBeGreaterThan(highest)
    expect(yaxis.range[1]).toBeLessThan(1.2 * highest)
    expect(annotations).toEqual([])
  })

  test('hold the intervals too', () => {
    const apart = [1, 9].map((loss, seed) => contest(seed, 4, (_, iteration) => ({ queries: iteration, loss })))
    expect(layoutOf(seedCurves('title', apart).layout).yaxis.range[1]).toBeGreaterThan(9)
  })

  test('do not go by the first losses, however great', () => {
    const wild = (early: number) =>
      [1, 2].map((seed) =>
        contest(seed, 4, (_, iteration) => ({ queries: iteration, loss: iteration < 3 ? early : iteration }))
      )
    expect(layoutOf(seedCurves('title', wild(1e9)).layout).yaxis).toEqual(
      layoutOf(seedCurves('title', wild(5)).layout).yaxis
    )
  })
})

test('the paper’s figure is of one seed: what its records hold, a band of a deviation, and the seed’s name', () => {
  const [one] = seeds
  const traces = paperFigure('title', one).data as unknown as Drawn[]
  // of each strategy a band, losses and queries
  expect(traces).toHaveLength(3 * strategyNames.length)
  strategyNames.forEach((strategy, s) => {
    const { iterations } = one.outcomes[strategy]
    const [band, loss, queries] = traces.slice(3 * s, 3 * s + 3)
    expect(loss.y).toEqual(iterations.map((r) => r.loss))
    expect(queries.y).toEqual(iterations.map((r) => r.queries))
    const upper = iterations.map((r) => r.loss + r.lossSd)
    const lower = iterations.map((r) => r.loss - r.lossSd)
    expect(band.y).toEqual([...upper, ...lower.reverse()])
    expect([loss.line.color, queries.line.color]).toEqual([colours[strategy], colours[strategy]])
    expect(loss.hovertemplate).toContain(`<b>${titleOf(strategy)}</b>, seed 3<br>iteration %{x}<br>queries`)
  })
})
