import { describe, expect, test } from 'vitest'
import { bootstrap } from '../../lib/analysis/bootstrap'
import { frontCurves, improvementFigure } from '../../lib/figures/fronts'
import { generator } from '../../lib/random'
import { relatedNames, titleOf } from '../../lib/strategies'
import { sampleOf } from '../analysis/sample'

interface Drawn {
  name: string
  mode: string
  fill?: string
  x: number[]
  y: (number | string)[]
  xaxis: string
  error_x: { array: number[]; arrayminus: number[] }
  error_y: { array: number[]; arrayminus: number[] }
  text?: string[]
}
const traces = ({ data }: { data: readonly unknown[] }) => data as Drawn[]

const swept = [
  sampleOf(
    'random',
    { rate: 0.1 },
    [
      [100, 4],
      [120, 6]
    ],
    { first: 101 }
  ),
  sampleOf(
    'loss',
    { rate: 0.3 },
    [
      [300, 2],
      [500, 3]
    ],
    { first: 101 }
  ),
  sampleOf(
    'loss',
    { rate: 0.1 },
    [
      [100, 5],
      [200, 7]
    ],
    { first: 101 }
  ),
  sampleOf('crsail', { rate: 0.1 }, [[90, 9]], { first: 101 })
]
const best = [
  sampleOf('loss', { rate: 0.3 }, [
    [310, 1],
    [330, 3],
    [350, 2]
  ])
]

describe('fronts', () => {
  const figure = frontCurves('title', swept, best, { DAgger: 1 })
  const panel = (xaxis: string) => traces(figure).filter((trace) => trace.xaxis === xaxis)

  test('have a line through a rule’s thresholds by what they cost, banded from the least to the most of seeds', () => {
    const line = panel('x').find(({ name, mode }) => name === 'the rule' && mode === 'lines+markers')
    expect([line?.x, line?.y]).toEqual([
      [150, 400],
      [6, 2.5]
    ])
    expect(line?.text?.map((text) => text.replace(/.*<br>/, ''))).toEqual(['rate 0.1', 'rate 0.3'])
    const band = panel('x').find(({ name, fill }) => name === 'the rule' && fill)
    expect(band?.y).toEqual([7, 3, 2, 5])
  })

  test('have Random in every panel, and a panel for every related rule', () => {
    const axes = new Set(traces(figure).map(({ xaxis }) => xaxis))
    expect(axes.size).toBe(8)
    for (const axis of axes) expect(panel(axis).some(({ name }) => name === 'Random')).toBe(true)
    const each = relatedNames.map((name) => sampleOf(name, {}, [[10, 1]], { first: 101 }))
    const shown = traces(frontCurves('title', [swept[0], ...each], [], {})).flatMap(({ text = [] }) => text)
    for (const name of relatedNames) expect(shown.some((text) => text.includes(`<b>${titleOf(name)}</b>`))).toBe(true)
  })

  test('mark a rule’s best with intervals of both', () => {
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

  test('are what they were', async () => {
    await expect(`${JSON.stringify(figure, null, 1)}\n`).toMatchFileSnapshot('fronts.snapshot.json')
  })
})

describe('improvements', () => {
  const of = (environment: 'reacher' | 'hopper', random: number[], loss: number[]) => [
    sampleOf(
      'random',
      { rate: 0.3 },
      random.map((one) => [1, one] as const),
      { environment }
    ),
    sampleOf(
      'loss',
      { rate: 0.3 },
      loss.map((one) => [1, one] as const),
      { environment }
    )
  ]
  const tasks = { reacher: of('reacher', [2, 4], [1, 3]), hopper: of('hopper', [5, 6], [7, 5]) }
  const drawn = traces(improvementFigure('title', tasks, 'random'))

  test('are shares of pairs in which a rule’s run loses less, ties counting half, by task and in the mean', () => {
    // Reacher: 1 < 2, 1 < 4, 3 < 4 of four; Hopper: 5 = 5 and 5 < 6 of four
    expect(drawn.map(({ x }) => x)).toEqual([[3 / 4], [3 / 8], [(3 / 4 + 3 / 8) / 2]])
    for (const { y } of drawn) expect(y).toEqual(['Loss'])
  })

  test('leave out what a task lacks', () => {
    const more = { ...tasks, reacher: [...tasks.reacher, sampleOf('crsail', { rate: 0.3 }, [[1, 0]])] }
    for (const { y } of traces(improvementFigure('title', more, 'random'))) expect(y).toEqual(['Loss'])
  })

  test('are of one panel with one task', () => {
    expect(traces(improvementFigure('title', { reacher: tasks.reacher }, 'random'))).toHaveLength(1)
  })
})
