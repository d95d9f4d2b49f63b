import { describe, expect, test } from 'vitest'
import { improvementFigure } from '../../lib/figures/improvement'
import { sweepPoint } from '../analysis/sweep-point'

interface Drawn {
  x: number[]
  y: string[]
}
const traces = ({ data }: { data: readonly unknown[] }) => data as Drawn[]

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
  const drawn = traces(improvementFigure('title', tasks, 'random'))

  test('an improvement is the share of pairs in which a rule’s run loses less, ties counting half, by task and in the mean', () => {
    // Reacher: 1 < 2, 1 < 4, 3 < 4 of four; Hopper: 5 = 5 and 5 < 6 of four
    expect(drawn.map(({ x }) => x)).toEqual([[3 / 4], [3 / 8], [(3 / 4 + 3 / 8) / 2]])
    for (const { y } of drawn) expect(y).toEqual(['Loss'])
  })

  test('a rule that one of the tasks lacks is left out', () => {
    const more = { ...tasks, reacher: [...tasks.reacher, sweepPoint('crsail', { rate: 0.3 }, [[1, 0]])] }
    for (const { y } of traces(improvementFigure('title', more, 'random'))) expect(y).toEqual(['Loss'])
  })

  test('one task has one panel', () => {
    expect(traces(improvementFigure('title', { reacher: tasks.reacher }, 'random'))).toHaveLength(1)
  })
})
