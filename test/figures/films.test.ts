import { describe, expect, test } from 'vitest'
import type { Film } from '../../lib/experiments/film'
import { animation, strip } from '../../lib/figures/films'

/** A rod and a ball that go right by a tenth a step; with `ground`, watched from the side. */
const scripted = (title: string, steps: number, ground?: number): Film => ({
  title,
  shapes: [
    { name: 'rod', radius: 0.02 },
    { name: 'target', radius: 0.01 }
  ],
  ground,
  places: Array.from({ length: steps + 1 }, (_, t) =>
    Float64Array.of(0.1 * t, 0.1, 0.1 * t, 0.3, 0.05, -0.1, 0.05, -0.1)
  ),
  asked: Array.from({ length: steps }, (_, t) =>
    t === 2 ? ['steepness'] : t === 3 ? ['discrepancy', 'steepness'] : []
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

/** Half of what is seen of one that goes over ground at -1.2, in which the rod is highest, at 0.3. */
const far = 0.6 * 1.5 + 0.02

describe('an animation', () => {
  const films = [scripted('expert', 6), scripted('learner', 4)]
  const figure = animation('both', films)
  const frames = figure.frames as { name: string; data: unknown; traces: number[] }[]

  test('has a frame for each step, and one for the end', () => {
    expect(frames.map(({ name }) => name)).toEqual(['0', '1', '2', '3', '4', '5', '6'])
  })

  test.each([0, 3, 6])('shows each shape where it is at step %i, or was when its film ended', (step) => {
    const traces = drawn(frames[step].data)
    expect(frames[step].traces).toEqual(traces.map((_, i) => i))
    for (const [f, axis] of ['x', 'x2'].entries()) {
      const at = Math.min(step, films[f].places.length - 1)
      const [target, rod] = traces.filter(({ xaxis }) => xaxis === axis)
      for (const [shown, x, [low, high], radius] of [
        [rod, 0.1 * at, [0.1, 0.3], 0.02],
        [target, 0.05, [-0.1, -0.1], 0.01]
      ] as const) {
        expect(extent(shown.x)[0]).toBeCloseTo(x - radius, 3)
        expect(extent(shown.x)[1]).toBeCloseTo(x + radius, 3)
        expect(extent(shown.y)[0]).toBeCloseTo(low - radius, 3)
        expect(extent(shown.y)[1]).toBeCloseTo(high + radius, 3)
      }
      expect(target.fillcolor).not.toBe(rod.fillcolor)
    }
    expect(traces.at(-1)?.x).toEqual([step, step])
  })

  test('marks the steps in which the expert is asked, by reason', () => {
    const marks = drawn(figure.data).filter(({ mode }) => mode === 'markers')
    expect(marks.map(({ x }) => x)).toEqual([[2, 3], [3], [2, 3], [3]])
    const { ticktext } = (figure.layout as { yaxis99: { ticktext: string[] } }).yaxis99
    expect(ticktext).toEqual(['expert: steepness', 'expert: discrepancy', 'learner: steepness', 'learner: discrepancy'])
  })

  test('a long film leaves steps out, and keeps its length', () => {
    const long = animation('long', [scripted('expert', 1000)]).frames as { name: string }[]
    expect(long.length).toBeLessThanOrEqual(126)
    expect(long.at(-1)?.name).toBe('1000')
  })

  test('what walks stays in view, and the ground goes by', () => {
    const walk = animation('walk', [scripted('expert', 6, -1.2)]).frames as { data: unknown }[]
    const [ground, rod] = drawn(walk[6].data)
    expect(extent(rod.x)[0]).toBeCloseTo(-0.02, 3)
    const notches = (frame: { data: unknown }) => {
      const { x, y } = drawn(frame.data)[0]
      return x.filter((_, i) => (y[i] ?? 0) < -1.2)
    }
    expect(notches(walk[0])).toEqual([-0.5, 0, 0.5])
    expect(notches(walk[6])).toEqual([-0.6, -0.1, 0.4, 0.9])
    expect(extent(ground.x)[0]).toBeCloseTo(-far, 9)
    expect(extent(ground.x)[1]).toBeCloseTo(far, 9)
  })
})

test('a strip shows seven poses of each film, the first and the last among them', () => {
  const films = [scripted('expert', 14, -1.2), scripted('learner', 7, -1.2)]
  const rods = drawn(strip('both', films).data).filter(({ fillcolor }) => fillcolor)
  expect(rods.filter(({ xaxis }) => xaxis === 'x')).toHaveLength(7)
  const middles = rods.filter(({ xaxis }) => xaxis === 'x2').map(({ x }) => (extent(x)[0] + extent(x)[1]) / 2)
  middles.forEach((middle, j) => {
    expect(middle).toBeCloseTo(2 * far * j, 3)
  })
})
