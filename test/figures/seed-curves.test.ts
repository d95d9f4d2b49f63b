import { describe, expect, test } from 'vitest'
import { bootstrap } from '../../lib/analysis/bootstrap'
import { paperFigure, seedCurves } from '../../lib/figures/learning-curves'
import { strategyColours, withOpacity } from '../../lib/figures/theme'
import { type StrategyName, strategyNames, titleOf } from '../../lib/strategies'
import { generator } from '../../lib/util/random'
import { scattered, seedResults } from '../analysis/seed-results'
import { expectSnapshot } from './snapshot'

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
type Field = keyof typeof side
const fields = ['loss', 'queries'] as const

const lineOf = (strategy: StrategyName, field: Field): Drawn => {
  const found = all.filter(({ name, yaxis }) => name === titleOf(strategy) && yaxis === side[field])
  expect(found).toHaveLength(1)
  return found[0]
}
/** Returns the bands that the legend ties to a line. */
const bandsOf = (strategy: StrategyName, field: Field): Drawn[] =>
  all.filter(
    ({ name, legendgroup, yaxis }) =>
      name === undefined && legendgroup === lineOf(strategy, field).legendgroup && yaxis === side[field]
  )
const recorded = (strategy: StrategyName, field: Field, i: number): number[] =>
  seeds.map(({ outcomes }) => outcomes[strategy].iterations[i][field])
const always = (strategy: StrategyName) => strategy === 'supervised' || strategy === 'dagger'

describe('curves over several seeds', () => {
  test.each(strategyNames)('seed curves show means and intervals of the records of %s', (strategy) => {
    for (const field of fields) {
      const { x, y, xaxis, customdata } = lineOf(strategy, field)
      expect(x).toEqual([1, 2, 3, 4])
      expect(xaxis).toBe(field === 'loss' ? undefined : 'x2')
      const ends = x.map((_, i) => {
        const [a, b, c] = recorded(strategy, field, i)
        expect(y[i]).toBeCloseTo((a + b + c) / 3, 10)
        const [value, low, high] = customdata[i].slice(field === 'queries' ? 0 : 3).slice(0, 3)
        expect(value).toBe(y[i])
        expect(low).toBeLessThanOrEqual(value)
        expect(value).toBeLessThanOrEqual(high)
        const sum = ([[first, second, third]]: readonly (readonly number[])[]) => (first + second + third) / 3
        const again = bootstrap([[a, b, c]], sum, generator(0, 'curve', strategy, field, i))
        expect(low).toBeCloseTo(again.low, 10)
        expect(high).toBeCloseTo(again.high, 10)
        return { low, high }
      })
      const bands = bandsOf(strategy, field)
      // Queries that no seed changes have no band.
      expect(bands).toHaveLength(field === 'queries' && always(strategy) ? 0 : 1)
      for (const band of bands) {
        expect(band.x).toEqual([1, 2, 3, 4, 4, 3, 2, 1])
        expect(band.y).toEqual([...ends.map(({ high }) => high), ...ends.map(({ low }) => low).reverse()])
      }
    }
  })

  test('the band of three seeds holds all of them', () => {
    // One resample in 27 is of one seed alone: more than 2.5 %.
    const band = bandsOf('loss', 'loss')[0].y
    const losses = recorded('loss', 'loss', 0)
    expect(band[0]).toBeCloseTo(Math.max(...losses), 10)
    expect(band[7]).toBeCloseTo(Math.min(...losses), 10)
  })

  test('each strategy has one colour and one entry in the legend of seed curves', () => {
    for (const strategy of strategyNames) {
      const group = all.filter(({ legendgroup }) => legendgroup === lineOf(strategy, 'loss').legendgroup)
      expect(group.filter(({ showlegend }) => showlegend !== false)).toEqual([lineOf(strategy, 'loss')])
      for (const { line, fillcolor } of group)
        if (fillcolor === undefined) expect(line.color).toBe(strategyColours[strategy])
        else expect(fillcolor).toBe(withOpacity(strategyColours[strategy], 0.07))
    }
    expect(new Set(all.map(({ legendgroup }) => legendgroup)).size).toBe(strategyNames.length)
  })

  test('the hover text of seed curves names strategy, seeds, iteration, queries and loss, and bands have none', () => {
    for (const strategy of strategyNames)
      for (const field of fields) {
        const { hovertemplate } = lineOf(strategy, field)
        expect(hovertemplate).toContain(`<b>${titleOf(strategy)}</b>, seeds 3, 8, 11<br>iteration %{x}<br>`)
        expect(hovertemplate).toMatch(/queries %{customdata\[0]:.0f} \(%{customdata\[1].* … %{customdata\[2]/)
        expect(hovertemplate).toMatch(/loss %{customdata\[3]:.3f} \(%{customdata\[4].* … %{customdata\[5]/)
        for (const band of bandsOf(strategy, field)) expect(band.hoverinfo).toBe('skip')
      }
    const { customdata, y } = lineOf('random', 'queries')
    expect(customdata.map(([queries]) => queries)).toEqual(y)
    expect(customdata.map(([, , , loss]) => loss)).toEqual(lineOf('random', 'loss').y)
  })

  test('seed curves of made-up results equal their snapshot', async () => {
    const two = [1, 2].map((seed) => scattered(seed, 2))
    await expectSnapshot(seedCurves('Reacher', two), 'seed-curves')
  })
})

describe('axes of whole runs', () => {
  const layoutOf = (layout: object) =>
    layout as Record<'xaxis' | 'xaxis2' | 'yaxis', { range: [number, number] }> & { annotations: object[] }

  test('the axes hold all iterations, and the losses of the second half', () => {
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

  test('the axis of loss holds the intervals of the second half', () => {
    const apart = [1, 9].map((loss, seed) => seedResults(seed, 4, (_, iteration) => ({ queries: iteration, loss })))
    expect(layoutOf(seedCurves('title', apart).layout).yaxis.range[1]).toBeGreaterThan(9)
  })

  test('the first losses do not change the axes, however great', () => {
    const wild = (early: number) =>
      [1, 2].map((seed) =>
        seedResults(seed, 4, (_, iteration) => ({ queries: iteration, loss: iteration < 3 ? early : iteration }))
      )
    expect(layoutOf(seedCurves('title', wild(1e9)).layout).yaxis).toEqual(
      layoutOf(seedCurves('title', wild(5)).layout).yaxis
    )
  })
})

test('the paper’s figure shows the records of one seed, with a band of one deviation and the seed in the hover text', () => {
  const [one] = seeds
  const traces = paperFigure('title', one).data as unknown as Drawn[]
  // Each strategy has a band, a line of losses and a line of queries.
  expect(traces).toHaveLength(3 * strategyNames.length)
  strategyNames.forEach((strategy, s) => {
    const { iterations } = one.outcomes[strategy]
    const [band, loss, queries] = traces.slice(3 * s, 3 * s + 3)
    expect(loss.y).toEqual(iterations.map((r) => r.loss))
    expect(queries.y).toEqual(iterations.map((r) => r.queries))
    const upper = iterations.map((r) => r.loss + r.lossSd)
    const lower = iterations.map((r) => r.loss - r.lossSd)
    expect(band.y).toEqual([...upper, ...lower.reverse()])
    expect([loss.line.color, queries.line.color]).toEqual([strategyColours[strategy], strategyColours[strategy]])
    expect(loss.hovertemplate).toContain(`<b>${titleOf(strategy)}</b>, seed 3<br>iteration %{x}<br>queries`)
  })
})
