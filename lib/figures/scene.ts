/** One pose of an episode as lines in the plane of its environment. */
import type { EpisodeTrace } from '../trace'
import { line } from './marks'
import { panelAxes } from './panels'
import { crimson, ink, type Trace } from './theme'

/** Returns half the side of the square in which all episodes stay, m: around the origin, or above the ground. */
export const viewRadius = (episodes: readonly EpisodeTrace[]): number =>
  Math.max(
    ...episodes.map(({ ground, shapes, poses }) => {
      const distance = (x: number, y: number): number =>
        ground === undefined ? 1.1 * Math.max(Math.abs(x), Math.abs(y)) : 0.6 * (y - ground)
      const farthest = (pose: Float64Array): number =>
        Math.max(...shapes.flatMap((_, s) => ends(pose, s).map(([x, y]) => distance(x, y))))
      const farthestOfAll = poses.reduce((most, pose) => Math.max(most, farthest(pose)), -Infinity)
      return farthestOfAll + Math.max(...shapes.map(({ radius }) => radius))
    })
  )

/** Returns both ends of a shape's axis, m. */
const ends = (pose: Float64Array, shape: number): [Point, Point] => [
  [pose[4 * shape], pose[4 * shape + 1]],
  [pose[4 * shape + 2], pose[4 * shape + 3]]
]

/**
 * Returns the lines of one pose: the target or the ground, and the model.
 *
 * @param panel where the episode is drawn
 * @param step that of the pose; the last pose stands for later steps
 */
export function scene({ shapes, ground, poses }: EpisodeTrace, panel: number, step: number, radius: number): Trace[] {
  const pose = poses[Math.min(step, poses.length - 1)]
  // The view follows a walker, by the middle of its first shape.
  const centre = ground === undefined ? 0 : (pose[0] + pose[2]) / 2
  const look = { ...panelAxes(panel), hoverinfo: 'skip' }
  const filled = (colour: string, isDrawn: (name: string) => boolean): Trace => {
    const outlines = shapes.flatMap((shape, s) =>
      isDrawn(shape.name) ? [...outline(ends(pose, s), shape.radius, centre), [null, null] as const] : []
    )
    const [x, y] = [0, 1].map((axis) => outlines.map((point) => point[axis]))
    return line(x, y, { color: colour, width: 1.5 }, { ...look, fill: 'toself', fillcolor: `${colour}55` })
  }
  const model = filled(ink, (name) => name !== 'target')
  const hasTarget = shapes.some(({ name }) => name === 'target')
  if (ground === undefined) return hasTarget ? [filled(crimson, (name) => name === 'target'), model] : [model]
  return [line(...groundLine(ground, centre, radius), { color: ink, width: 1.5 }, look), model]
}

/** Returns the ground with a notch every half metre, so that the model is seen to move over it. */
function groundLine(ground: number, centre: number, radius: number): [x: number[], y: number[]] {
  const spacing = 0.5
  const first = Math.ceil((centre - radius) / spacing)
  const count = Math.floor((centre + radius) / spacing) - first + 1
  const notches = Array.from({ length: count }, (_, k) => (first + k) * spacing - centre)
  return [
    [-radius, ...notches.flatMap((x) => [x, x, x]), radius].map(rounded),
    [ground, ...notches.flatMap(() => [ground, ground - 0.05, ground]), ground]
  ]
}

type Point = readonly [x: number, y: number]

/** Cosine and sine of -90° to 90° in steps of 22.5°, as constants: Math.cos differs between JavaScript engines. */
const [c1, c2, c3] = [0.9238795325112867, Math.SQRT1_2, 0.38268343236508984]
const cosines = [0, c3, c2, c1, 1, c1, c2, c3, 0]
const sines = [-1, -c1, -c2, -c3, 0, c3, c2, c1, 1]

/** Returns the outline of a capsule, from one end around to the other and back. */
function outline([[x0, y0], [x1, y1]]: readonly [Point, Point], radius: number, centre: number): Point[] {
  const length = Math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0))
  const [dx, dy] = length > 0 ? [(radius * (x1 - x0)) / length, (radius * (y1 - y0)) / length] : [radius, 0]
  const halfCircle = (x: number, y: number, sign: 1 | -1) =>
    cosines.map((cos, i): Point => {
      const sin = sines[i]
      return [rounded(x - centre + sign * (cos * dx - sin * dy)), rounded(y + sign * (cos * dy + sin * dx))]
    })
  const around = [...halfCircle(x1, y1, 1), ...halfCircle(x0, y0, -1)]
  return [...around, around[0]]
}

/** Returns metres rounded to a tenth of a millimetre, which keeps notebooks small. */
const rounded = (metres: number): number => Math.round(metres * 1e4) / 1e4
