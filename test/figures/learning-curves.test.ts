import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { learningCurves, type Run } from '../../lib/figures/learning-curves'
import { paperFigure } from '../../lib/figures/nine'
import { lookOf, shortTitle } from '../../lib/figures/theme'
import { strategyNames } from '../../lib/strategies'
import { scattered } from '../analysis/seed-results'
import { expectSnapshot } from './snapshot'

const record = (iteration: number, queries: number, loss: number, lossSd: number) => ({
  iteration,
  queries,
  loss,
  lossSd,
  returns: [-loss],
  rules: [],
  constant: []
})
const runs: Run[] = [
  { strategy: 'dagger', seed: 3, records: [record(1, 250, 6, 2), record(2, 500, 4, 1)] },
  { strategy: 'random', seed: 3, records: [record(1, 250, 6, 2), record(2, 330, 5, 3), record(3, 400, 2, 0.5)] }
]

interface Curve {
  name?: string
  x: number[]
  y: number[]
  yaxis?: string
  line: { color?: string }
  hovertemplate?: string
  customdata?: number[][]
  fillcolor?: string
  mode: string
  text: string[]
}
const panel = (data: readonly unknown[], yaxis: string) => (data as Curve[]).filter((trace) => trace.yaxis === yaxis)
const curves = (drawn: Run[]) => learningCurves('title', drawn, 15).data as unknown as Curve[]

describe('learning curves', () => {
  test('learning curves show the records: loss at the left with a band of one deviation, queries at the right', () => {
    const [left, right] = ['y', 'y2'].map((yaxis) => panel(curves(runs), yaxis))
    runs.forEach(({ strategy, records }, i) => {
      const [band, loss, queries] = [...left.slice(2 * i, 2 * i + 2), right[i]]
      expect(loss.x).toEqual(records.map(({ iteration }) => iteration))
      expect(loss.y).toEqual(records.map((r) => r.loss))
      expect(queries.y).toEqual(records.map((r) => r.queries))
      const upper = records.map((r) => r.loss + r.lossSd)
      const lower = records.map((r) => r.loss - r.lossSd)
      expect(band.y).toEqual([...upper, ...lower.reverse()])
      const { color, dash, width } = lookOf(strategy)
      expect([loss.line, queries.line]).toEqual(Array(2).fill({ color, dash, width }))
    })
  })

  test('a curve has its strategy’s name at its end, and no legend', () => {
    const names = curves(runs).filter(({ mode }) => mode === 'text')
    expect(names.map(({ text, x }) => [text, x])).toEqual(
      Array(2).fill([
        [' DAgger', ' Random'],
        [2, 3]
      ])
    )
    expect(learningCurves('title', runs, 15).layout.showlegend).toBe(false)
  })

  test('an arrow and a number stand for a loss beyond the axis', () => {
    const wild = [{ ...runs[0], records: [record(1, 250, 6, 2), record(2, 500, 40, 9), record(3, 750, 5, 1)] }]
    const { annotations, yaxis } = learningCurves('title', wild, 15).layout as {
      annotations: { x: number; y: number; text: string }[]
      yaxis: { range: number[] }
    }
    expect(annotations.slice(2).map(({ x, y, text }) => [x, y, text])).toEqual([[2, yaxis.range[1], '↑ 40']])
    expect(learningCurves('title', runs, 15).layout.annotations).toHaveLength(2)
  })

  test('where a loss is below zero the axis reaches down to its band, and no end of a curve is cut', () => {
    const better = (...losses: number[]) => [
      { strategy: 'a', records: losses.map((loss, i) => record(i + 1, i + 1, loss, 1)) }
    ]
    const rangeOf = (drawn: Run[]) =>
      (learningCurves('title', drawn, 2).layout as { yaxis: { range: number[] } }).yaxis.range
    expect(rangeOf(better(5, 0.5))).toEqual([expect.closeTo(-0.05 * 8.4), expect.closeTo(1.05 * 8.4)])
    expect(rangeOf(better(5, -3))).toEqual([expect.closeTo(-4 - 0.05 * 8.4), expect.closeTo(1.05 * 8.4)])
    const [low, high] = rangeOf(better(-5, -8))
    expect([low < -9, high > 0]).toEqual([true, true])
    const [end] = curves(better(-5, -8)).filter(({ mode }) => mode === 'text')
    expect(end.y).toEqual([-8])
  })

  test('the axis of iterations reaches to records beyond the number given', () => {
    const xOf = (iterations: number) => learningCurves('title', runs, iterations).layout.xaxis
    expect(xOf(1)).toEqual(xOf(3))
  })

  test('where a strategy comes more than once, the names at the ends of lines and the hover texts tell the seeds apart', () => {
    const drawn = curves([runs[0], { ...runs[0], seed: 4 }, runs[1]])
    const named = drawn.filter(({ name }) => name).map(({ hovertemplate }) => hovertemplate?.split('<br>')[0])
    const told = ['DAgger, seed 3', 'DAgger, seed 4', 'Random']
    const hovered = ['<b>DAgger</b>, seed 3', '<b>DAgger</b>, seed 4', '<b>Random</b>, seed 3']
    expect(named).toEqual([0, 1].flatMap(() => hovered))
    const [end] = drawn.filter(({ mode }) => mode === 'text')
    expect(end.text).toEqual(told.map((name) => ` ${name}`))
  })

  test('the hover text of a curve names strategy, seed, iteration, queries and loss', () => {
    const { hovertemplate, customdata } = curves(runs)[3]
    expect(hovertemplate).toMatch(
      /Random.*seed 3.*iteration %{x}.*queries %{customdata\[0]}.*loss %{customdata\[1]:.3f} ± %{customdata\[2]:.3f}/
    )
    expect(customdata?.[1]).toEqual([330, 5, 3])
  })

  test('learning curves begin empty, on axes that stand still while runs go on', () => {
    const empty = learningCurves('title', [{ strategy: 'dagger', seed: 1, records: [] }], 15)
    expect(JSON.stringify(empty)).not.toMatch(/null|Infinity/)
    expect(empty.layout.xaxis).toEqual(learningCurves('title', runs, 15).layout.xaxis)
    const first = learningCurves(
      'title',
      runs.map((run) => ({ ...run, records: run.records.slice(0, 1) })),
      15
    )
    expect(first.layout).toEqual(learningCurves('title', runs, 15).layout)
  })

  test('learning curves of made-up records equal their snapshot', async () => {
    await expectSnapshot(learningCurves('Reacher', runs, 15), 'learning-curves')
  })
})

describe('the figure that is laid out as the paper’s', () => {
  const seeds = [3, 8].map((seed) => scattered(seed, 4))
  const { data, layout } = paperFigure('reacher', seeds, 'two seeds')

  test.each([
    ['loss', 'y'],
    ['queries', 'y2']
  ] as const)('its panel of %s has the mean of each strategy, with its name at the end', (field, yaxis) => {
    const traces = panel(data, yaxis)
    strategyNames.forEach((strategy, s) => {
      const means = [0, 1, 2, 3].map((i) => {
        const [a, b] = seeds.map(({ outcomes }) => outcomes[strategy].iterations[i][field])
        return expect.closeTo((a + b) / 2, 10)
      })
      expect(traces[s].y).toEqual(means)
      expect(traces[s].line).toMatchObject({ color: lookOf(strategy).color, dash: lookOf(strategy).dash })
    })
    expect(traces[9].text).toEqual(strategyNames.map((name) => ` ${shortTitle(name)}`))
  })

  test('names at the ends of lines are moved apart, and keep their order', () => {
    const { y } = panel(data, 'y')[9]
    const ends = strategyNames.map((_, s) => panel(data, 'y')[s].y[3])
    const [placed, ofEnds] = [y, ends].map((values) =>
      strategyNames.map((_, s) => s).sort((a, b) => values[a] - values[b])
    )
    expect(placed).toEqual(ofEnds)
    const places = y.map((value) => Math.log(value / 0.2) / Math.log(16 / 0.2)).sort((a, b) => a - b)
    for (let i = 1; i < places.length; i++) expect(places[i] - places[i - 1]).toBeGreaterThan(0.04)
  })

  test('the lines of a family share a colour, and none of them a dash', () => {
    const looks = strategyNames.map((name) => lookOf(name))
    expect(new Set(looks.map(({ color }) => color)).size).toBe(3)
    expect(new Set(looks.map(({ color, dash }) => color + dash)).size).toBe(9)
    expect(new Set(looks.map(({ color, symbol }) => color + symbol)).size).toBe(9)
    expect(layout.showlegend).toBe(false)
  })

  test('the figure that is laid out as the paper’s equals its snapshot', async () => {
    await expectSnapshot({ data, layout }, 'paper-figure')
  })
})

test('the paper’s Table 2 gives the efficiencies that it prints, but for three that rounding explains', async () => {
  const [, ...rows] = (await readFile('data/paper/table-2.csv', 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(','))
  expect(rows).toHaveLength(18)
  const off = rows.filter(([environment, , queries, loss, , efficiency]) => {
    const supervised = rows.find((row) => row[0] === environment && row[1] === 'supervised')
    const computed = (1e4 * (Number(supervised?.[3]) - Number(loss))) / Number(queries)
    const decimals = efficiency.split('.')[1]?.length ?? 0
    return Math.abs(computed - Number(efficiency)) > 0.5 * 10 ** -decimals
  })
  expect(off.map(([environment, strategy]) => `${environment} ${strategy}`)).toEqual([
    'reacher dagger',
    'reacher random',
    'hopper safedagger-gradient'
  ])
})
