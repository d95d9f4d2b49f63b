import { describe, expect, test } from 'vitest'
import { improvementFigure } from '../../lib/figures/improvement'
import { sweepPoint } from '../analysis/sweep-point'

interface Drawn {
  x: number[]
  y: number[]
}
interface Figure {
  readonly data: readonly unknown[]
  readonly layout: Readonly<Record<string, unknown>>
}
/** Returns the dots of a figure, without the points of seeds. */
const traces = ({ data }: Figure) => (data as (Drawn & { error_x?: object })[]).filter(({ error_x }) => error_x)
const names = ({ layout }: Figure) =>
  (layout.yaxis as { ticktext: string[] }).ticktext.map((text) => text.replace(/<[^>]*>/g, ''))

describe('the figure of improvement probabilities', () => {
  const of = (environment: 'reacher' | 'hopper', random: number[], loss: number[]) => [
    sweepPoint(
      'random',
      { rate: 0.3 },
      random.map((one) => [1, one] as const),
      { environment }
    ),
    sweepPoint(
      'loss',
      { rate: 0.3 },
      loss.map((one) => [1, one] as const),
      { environment }
    )
  ]
  const tasks = { reacher: of('reacher', [2, 4], [1, 3]), hopper: of('hopper', [5, 6], [7, 5]) }
  const figure = improvementFigure('it', tasks, 'random')
  const drawn = traces(figure)

  test('an improvement is the share of pairs in which a rule’s run loses less, ties counting half, by task and in the mean', () => {
    // Reacher: 1 < 2, 1 < 4, 3 < 4 of four; Hopper: 5 = 5 and 5 < 6 of four
    expect(drawn.map(({ x }) => x)).toEqual([[3 / 4], [3 / 8], [(3 / 4 + 3 / 8) / 2]])
    expect(names(figure)).toEqual(['Loss'])
  })

  test('a rule that one of the tasks lacks is left out', () => {
    const more = { ...tasks, reacher: [...tasks.reacher, sweepPoint('crsail', { rate: 0.3 }, [[1, 0]])] }
    expect(names(improvementFigure('it', more, 'random'))).toEqual(['Loss'])
  })

  test('one task has one panel', () => {
    expect(traces(improvementFigure('title', { reacher: tasks.reacher }, 'random'))).toHaveLength(1)
  })

  test('rules are sorted by their share over tasks, and the title names those whose interval lies above one half', () => {
    const crsail = sweepPoint(
      'crsail',
      { rate: 0.3 },
      [0.5, 0.4, 0.3].map((loss) => [1, loss] as const)
    )
    const more = improvementFigure('it', { reacher: [...of('reacher', [2, 4, 3], [1, 3, 5]), crsail] }, 'random')
    expect(names(more)).toEqual(['CRSAIL', 'Loss'])
    expect(more.layout.title).toMatchObject({ text: 'Significantly better than Random: CRSAIL' })
    expect(figure.layout.title).toMatchObject({ text: 'Significantly better than Random: none of 1 rules' })
  })
})
