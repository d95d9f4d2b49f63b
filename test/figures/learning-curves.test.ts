import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { learningCurves, type Run } from '../../lib/figures/learning-curves'
import { strategyColours } from '../../lib/figures/theme'
import { strategyNames } from '../../lib/strategies'
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
}
const curves = (drawn: Run[]) => learningCurves('title', drawn, 15).data as unknown as Curve[]

describe('learning curves', () => {
  test('learning curves show the records: loss at the left with a band of one deviation, queries at the right', () => {
    runs.forEach(({ strategy, records }, i) => {
      const [band, loss, queries] = curves(runs).slice(3 * i, 3 * i + 3)
      expect(loss.x).toEqual(records.map(({ iteration }) => iteration))
      expect(loss.y).toEqual(records.map((r) => r.loss))
      expect(queries.y).toEqual(records.map((r) => r.queries))
      expect([loss.yaxis, queries.yaxis]).toEqual([undefined, 'y2'])
      const upper = records.map((r) => r.loss + r.lossSd)
      const lower = records.map((r) => r.loss - r.lossSd)
      expect(band.y).toEqual([...upper, ...lower.reverse()])
      expect([loss.line.color, queries.line.color]).toEqual([strategyColours[strategy], strategyColours[strategy]])
    })
  })

  test('an arrow and a number stand for a loss beyond the axis', () => {
    const wild = [{ ...runs[0], records: [record(1, 250, 6, 2), record(2, 500, 40, 9), record(3, 750, 5, 1)] }]
    const { annotations, yaxis } = learningCurves('title', wild, 15).layout as {
      annotations: { x: number; y: number; text: string }[]
      yaxis: { range: number[] }
    }
    expect(annotations.map(({ x, y, text }) => [x, y, text])).toEqual([[2, yaxis.range[1], '↑ 40']])
    expect(learningCurves('title', runs, 15).layout.annotations).toEqual([])
  })

  test('the hover text of a curve names strategy, seed, iteration, queries and loss', () => {
    const { hovertemplate, customdata } = curves(runs)[4]
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

test('each strategy has its own colour', () => {
  expect(Object.keys(strategyColours).sort()).toEqual([...strategyNames].sort())
  expect(new Set(Object.values(strategyColours)).size).toBe(strategyNames.length)
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
