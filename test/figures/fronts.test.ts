import { describe, expect, test } from 'vitest'
import { bootstrap } from '../../lib/analysis/bootstrap'
import type { SweepPoints } from '../../lib/analysis/sweep'
import { frontCurves } from '../../lib/figures/fronts'
import { strategyLooks } from '../../lib/figures/theme'
import { type AnyStrategyName, relatedNames, titleOf } from '../../lib/strategies'
import { generator } from '../../lib/util/random'
import { sweepPoint } from '../analysis/sweep-point'
import { expectSnapshot } from './snapshot'

interface Drawn {
  mode: string
  fill?: string
  x: number[]
  y: number[]
  xaxis: string
  line?: { color: string; dash: string }
  error_x: { array: number[]; arrayminus: number[] }
  error_y: { array: number[]; arrayminus: number[] }
  text?: string[]
  hovertemplate?: string
}
const traces = ({ data }: { data: readonly unknown[] }) => data as Drawn[]

const swept = [
  sweepPoint(
    'random',
    { rate: 0.1 },
    [
      [100, 4],
      [120, 6]
    ],
    { first: 101 }
  ),
  sweepPoint(
    'loss',
    { rate: 0.3 },
    [
      [300, 2],
      [500, 3]
    ],
    { first: 101 }
  ),
  sweepPoint(
    'loss',
    { rate: 0.1 },
    [
      [100, 5],
      [200, 7]
    ],
    { first: 101 }
  ),
  sweepPoint('crsail', { rate: 0.1 }, [[90, 9]], { first: 101 })
]
const best = [
  sweepPoint('loss', { rate: 0.3 }, [
    [310, 1],
    [330, 3],
    [350, 2]
  ])
]

describe('the figure of loss against queries by thresholds', () => {
  const figure = frontCurves('title', swept, best, { DAgger: 2 })
  const panel = (xaxis: string) => traces(figure).filter((trace) => trace.xaxis === xaxis)

  test('a line leads through a rule’s thresholds by ascending queries, with a band from the least to the most of seeds', () => {
    const at = panel('x').findIndex(({ mode, text }) => mode === 'lines+markers' && text?.[0].startsWith('<b>Loss</b>'))
    const [band, line] = panel('x').slice(at - 1, at + 1)
    expect([line.x, line.y]).toEqual([
      [150, 400],
      [6, 2.5]
    ])
    expect(line.text?.map((text) => text.replace(/.*<br>/, ''))).toEqual(['rate 0.1', 'rate 0.3'])
    expect(line.line).toMatchObject({ color: strategyLooks.loss.color, dash: strategyLooks.loss.dash })
    expect([band.fill, band.y]).toEqual(['toself', [7, 3, 2, 5]])
  })

  test('every family that was swept has a panel that shows Random, too, and every related rule has a family', () => {
    const axes = new Set(traces(figure).map(({ xaxis }) => xaxis))
    expect(axes.size).toBe(2)
    for (const axis of axes)
      expect(panel(axis).some(({ mode, text }) => mode === 'text' && text?.[0] === ' Random')).toBe(true)
    const each = relatedNames.map((name) => sweepPoint(name, {}, [[10, 1]], { first: 101 }))
    const shown = traces(frontCurves('title', [swept[0], ...each], [], {})).flatMap(({ text = [] }) => text)
    for (const name of relatedNames) expect(shown.some((text) => text.includes(`<b>${titleOf(name)}</b>`))).toBe(true)
  })

  test('the title counts the rules that lose significantly less than Random, seed by seed and at its cost', () => {
    const titled = (points: SweepPoints) => (frontCurves('it', swept, points, {}).layout.title as { text: string }).text
    const at = (rule: AnyStrategyName, queries: number, ...losses: number[]) =>
      sweepPoint(
        rule,
        {},
        losses.map((loss) => [queries, loss])
      )
    const random = at('random', 100, 5, 9, 7)
    const significant = 'significantly less than Random at its cost'
    // lower on every seed, but less than the seeds differ; lower by the mean alone; at too high a cost; of one seed
    const rules = [
      at('loss', 105, 4, 8, 6),
      at('crsail', 105, 2, 8, 9),
      at('bagger', 120, 1, 1, 1),
      at('lazydagger', 90, 1)
    ]
    expect(titled([random, ...rules])).toBe(`Reacher: 1 of 4 rules loses ${significant}`)
    expect(titled([random, at('loss', 105, 4, 10, 7)])).toBe(`Reacher: none of 1 rules loses ${significant}`)
    expect(titled(best)).toBe('Reacher')
  })

  test('a line stands at each level in every panel, and the subtitle names them', () => {
    const levels = figure.layout.shapes as { y0: number; yref: string }[]
    expect(levels.map(({ y0, yref }) => [y0, yref])).toEqual([
      [2, 'y'],
      [2, 'y2']
    ])
    expect(JSON.stringify(figure.layout.title)).toContain('dotted: DAgger (2.00).')
  })

  test('a rule’s best threshold is a marker with intervals of queries and loss', () => {
    const [point] = panel('x').filter(({ mode }) => mode === 'markers')
    expect([point.x, point.y]).toEqual([[330], [2]])
    const losses = [1, 3, 2]
    const { low, high } = bootstrap(
      [losses],
      ([[a, b, c]]) => (a + b + c) / 3,
      generator(0, 'best', 'reacher', 'loss', 'loss')
    )
    expect(point.error_y.array[0]).toBeCloseTo(high - 2, 12)
    expect(point.error_y.arrayminus[0]).toBeCloseTo(2 - low, 12)
  })

  test('the fronts of made-up sweeps equal their snapshot', async () => {
    await expectSnapshot(figure, 'fronts')
  })
})
