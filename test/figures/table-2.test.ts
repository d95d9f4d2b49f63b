import { describe, expect, test } from 'vitest'
import { bootstrap } from '../../lib/analysis/bootstrap'
import type { PaperEnds } from '../../lib/figures/scales'
import { table2Figure } from '../../lib/figures/table-2'
import { ink, shortTitle } from '../../lib/figures/theme'
import { type StrategyName, strategyNames, titleOf } from '../../lib/strategies'
import { generator } from '../../lib/util/random'
import { byStrategy, scattered } from '../analysis/seed-results'
import { expectSnapshot } from './snapshot'

const seeds = { 'our expert': [3, 8, 11], 'their expert': [4, 5, 6] }
const byExpert = {
  'our expert': seeds['our expert'].map((seed) => scattered(seed, 4)),
  'their expert': seeds['their expert'].map((seed) => scattered(seed, 4))
}
type Expert = keyof typeof byExpert
const last = (expert: Expert, strategy: StrategyName, field: 'loss' | 'queries'): number[] =>
  byExpert[expert].map(({ outcomes }) => outcomes[strategy].iterations[3][field])
// the paper's loss is one of ours, but for two strategies
const paper: PaperEnds = byStrategy((name) => ({
  queries: 100,
  loss: name === 'loss' || name === 'random' ? 1e6 : last('our expert', name, 'loss')[0],
  lossSd: 1
}))
const figure = table2Figure('hopper', byExpert, paper)

interface Drawn {
  x: number[]
  y: number[]
  xaxis: string
  error_x: { array: number[]; arrayminus: number[] }
  marker: { symbol?: string; line?: { color: string } }
  hovertemplate?: string
}
const traces = figure.data as unknown as Drawn[]
const mean = ([[a, b, c]]: readonly (readonly number[])[]) => (a + b + c) / 3

describe('Table 2 as a figure', () => {
  test.each(strategyNames)(
    'the rows of %s hold the means of its last iterations with intervals, among the seeds',
    (strategy) => {
      for (const [field, axis] of [
        ['loss', 'x'],
        ['queries', 'x2']
      ] as const)
        for (const expert of ['our expert', 'their expert'] as const) {
          const at = traces.findIndex(
            ({ xaxis, hovertemplate }) =>
              xaxis === axis && hovertemplate?.startsWith(`<b>${titleOf(strategy)}</b>, ${expert}`)
          )
          const { x, error_x, marker } = traces[at]
          const values = last(expert, strategy, field)
          const { low, high } = bootstrap([values], mean, generator(0, 'table 2', strategy, field))
          expect(x[0]).toBeCloseTo(mean([values]), 10)
          expect(x[0] + error_x.array[0]).toBeCloseTo(high, 10)
          expect(x[0] - error_x.arrayminus[0]).toBeCloseTo(low, 10)
          expect(marker.symbol).toBe(expert === 'our expert' ? 'circle' : 'circle-open')
          expect(traces[at - 1].x).toEqual(values)
        }
    }
  )

  test('the rows are sorted by our loss, and a cross in each is the paper’s run', () => {
    const { ticktext } = (figure.layout as { yaxis: { ticktext: string[] } }).yaxis
    const order = [...strategyNames].sort(
      (a, b) => mean([last('our expert', a, 'loss')]) - mean([last('our expert', b, 'loss')])
    )
    expect(ticktext.map((text) => text.replace(/<[^>]*>/g, ''))).toEqual(order.map(shortTitle))
    const crosses = traces.filter(({ marker }) => marker.symbol === 'x-thin')
    expect(crosses.map(({ x, y, marker }) => [x, y, marker.line?.color])).toEqual(
      (['loss', 'queries'] as const).map((field) => [
        order.map((name) => paper[name][field]),
        order.map((_, i) => i),
        ink
      ])
    )
  })

  test('the title counts the strategies of which the paper’s loss lies between those of our seeds', () => {
    const within = strategyNames.filter((name) => {
      const losses = last('their expert', name, 'loss')
      return Math.min(...losses) <= paper[name].loss && paper[name].loss <= Math.max(...losses)
    })
    const { text } = figure.layout.title as { text: string }
    expect(text.replaceAll('<br>', ' ')).toBe(
      `Hopper: of 9 strategies the paper’s loss lies within our seeds’ for 7 with our expert and ${within.length} with their expert`
    )
  })

  test('Table 2 of made-up results as a figure equals its snapshot', async () => {
    await expectSnapshot(figure, 'table-2')
  })
})
