import { describe, expect, test } from 'vitest'
import { episodeAnimation } from '../../lib/figures/episodes'
import type { EpisodeTrace } from '../../lib/trace'

/** Returns an episode of a rod that goes right by 0.1 m a step, and of a target; with `ground`, seen from the side. */
const scripted = (title: string, steps: number, ground?: number): EpisodeTrace => ({
  title,
  shapes: [
    { name: 'rod', radius: 0.02 },
    { name: 'target', radius: 0.01 }
  ],
  ground,
  poses: Array.from({ length: steps + 1 }, (_, t) =>
    Float64Array.of(0.1 * t, 0.1, 0.1 * t, 0.3, 0.05, -0.1, 0.05, -0.1)
  ),
  queries: Array.from({ length: steps }, (_, t) =>
    t === 2 ? ['lossGradient'] : t === 3 ? ['predictedLoss', 'lossGradient'] : []
  ),
  return: 1.5
})

interface Drawn {
  x: (number | null)[]
  y: (number | null)[]
  xaxis: string
  mode: string
  fillcolor?: string
}
const drawn = (data: unknown) => data as Drawn[]
const extent = (values: (number | null)[]) => {
  const numbers = values.filter((value) => value !== null)
  return [Math.min(...numbers), Math.max(...numbers)]
}

type Frame = Readonly<{ name: string; data: Drawn[]; traces: number[] }>
/** Returns the traces that a frame changes, as they then are. */
const shownBy = ({ data }: { data: unknown }, frame: Frame): Drawn[] =>
  frame.traces.map((trace, i) => ({ ...drawn(data)[trace], ...frame.data[i] }))

/** Half the side of the view, m, where the ground is at -1.2 and the rod's upper end at 0.3. */
const radius = 0.6 * 1.5 + 0.02

describe('an animation of episodes', () => {
  const episodes = [scripted('expert', 6), scripted('learner', 4)]
  const figure = episodeAnimation('title', episodes)
  const frames = figure.frames as readonly Frame[]

  test('an animation has a frame for each step and one for the end', () => {
    expect(frames.map(({ name }) => name)).toEqual(['0', '1', '2', '3', '4', '5', '6'])
  })

  test.each([0, 3, 6])(
    'frame %i shows each shape where it is at that step, or where it was when its episode ended',
    (step) => {
      const traces = shownBy(figure, frames[step])
      expect(frames[step].traces).toEqual(traces.map((_, i) => i))
      for (const [e, axis] of ['x', 'x2'].entries()) {
        const at = Math.min(step, episodes[e].poses.length - 1)
        const [target, rod] = traces.filter(({ xaxis }) => xaxis === axis)
        for (const [trace, x, [low, high], radius] of [
          [rod, 0.1 * at, [0.1, 0.3], 0.02],
          [target, 0.05, [-0.1, -0.1], 0.01]
        ] as const) {
          expect(extent(trace.x)[0]).toBeCloseTo(x - radius, 3)
          expect(extent(trace.x)[1]).toBeCloseTo(x + radius, 3)
          expect(extent(trace.y)[0]).toBeCloseTo(low - radius, 3)
          expect(extent(trace.y)[1]).toBeCloseTo(high + radius, 3)
        }
        expect(target.fillcolor).not.toBe(rod.fillcolor)
      }
      expect(traces.at(-1)?.x).toEqual([step, step])
    }
  )

  test('an animation marks the steps in which the expert would be queried, a row for each reason, and the step in which an episode ends early', () => {
    const marks = drawn(figure.data).filter(({ mode }) => mode === 'markers')
    expect(marks.map(({ x }) => x)).toEqual([[2, 3], [3], [2, 3], [3], [4]])
    const { ticktext } = (figure.layout as { yaxis99: { ticktext: string[] } }).yaxis99
    expect(ticktext).toEqual([
      'expert: loss gradient',
      'expert: predicted loss',
      'learner: loss gradient',
      'learner: predicted loss',
      'learner ends'
    ])
  })

  test('an animation opens where the first episode has ended, on earlier poses of a model that stays in view', () => {
    const opening = shownBy(figure, frames[4])
    expect(drawn(figure.data).slice(0, opening.length)).toEqual(opening)
    expect(figure.layout).toMatchObject({ sliders: [{ active: 4 }] })
    const pale = (shown: unknown) => (shown as { opacity?: number }[]).filter(({ opacity }) => opacity === 0.2)
    expect(pale(figure.data)).toHaveLength(14)
    expect(pale(episodeAnimation('title', [scripted('expert', 6, -1.2)]).data)).toEqual([])
  })

  test('an animation without a query, of episodes of one length, has no time line', () => {
    const quiet = [scripted('one', 6), scripted('another', 6)].map((episode) => ({ ...episode, queries: [] }))
    const { data, layout } = episodeAnimation('title', quiet)
    expect(new Set(drawn(data).map(({ xaxis }) => xaxis))).toEqual(new Set(['x', 'x2']))
    expect(layout).not.toHaveProperty('yaxis99')
  })

  test('the animation of a long episode leaves steps out and keeps the last one', () => {
    const long = episodeAnimation('title', [scripted('expert', 1000)]).frames as { name: string }[]
    expect(long.length).toBeLessThanOrEqual(126)
    expect(long.at(-1)?.name).toBe('1000')
  })

  test('a walker stays in the middle of the view while the ground moves', () => {
    const walking = episodeAnimation('title', [scripted('expert', 6, -1.2)])
    const walk = walking.frames as readonly Frame[]
    const [ground, rod] = shownBy(walking, walk[6])
    expect(extent(rod.x)[0]).toBeCloseTo(-0.02, 3)
    const notches = (frame: { data: unknown }) => {
      const { x, y } = drawn(frame.data)[0]
      return x.filter((_, i) => (y[i] ?? 0) < -1.2)
    }
    expect(notches(walk[0])).toEqual([-0.5, 0, 0.5])
    expect(notches(walk[6])).toEqual([-0.6, -0.1, 0.4, 0.9])
    expect(extent(ground.x)[0]).toBeCloseTo(-radius, 9)
    expect(extent(ground.x)[1]).toBeCloseTo(radius, 9)
  })
})
