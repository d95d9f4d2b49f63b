/**
 * The reader's hand on Reacher's arm: a point where the tip should go becomes the two torques of a proportional-derivative controller.
 *
 * The joint angles that put the tip there come of the law of cosines, with the elbow always bent to one side: a hand that chose the side would
 * give two answers in states that are alike, and be hard to imitate. The torque at each joint is then `stiffness * (wanted angle - angle) - damping * velocity`, clamped to what the motor takes. Only the four operations and
 * square roots are used, for sines and their like differ between browsers.
 */

/** A point in the plane of the arm, m. */
export type Point = readonly [x: number, y: number]

/** The controller's gains: torque, in units of an action, for each rad and for each rad/s. Of those tried, a hand at the target loses least. */
export const gains = { stiffness: 0.25, damping: 0.045 } as const

/** Lengths of the upper arm and of the forearm up to the tip, m, as in `reacherModel`. */
export const [upper, fore] = [0.1, 0.11]

/** Cosine of the widest angle at which the elbow is held: its joint ends at 3 rad. */
const widest = -0.98

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value))

/** Returns the elbow, the tip and the target in a state of Reacher, an observation of it. */
export function pointsOf(state: ArrayLike<number>): {
  readonly elbow: Point
  readonly tip: Point
  readonly target: Point
} {
  const [cos0, cos1, sin0, sin1, x, y] = Array.from(state)
  const elbow: Point = [upper * cos0, upper * sin0]
  const [cos01, sin01] = [cos0 * cos1 - sin0 * sin1, sin0 * cos1 + cos0 * sin1]
  return { elbow, tip: [elbow[0] + fore * cos01, elbow[1] + fore * sin01], target: [x, y] }
}

/** Returns the torques, [2], that bring the tip to where the hand shows. A point out of reach stands for the nearest in reach. */
export function torques(state: ArrayLike<number>, [x, y]: Point): Float32Array {
  const [cos0, cos1, sin0, sin1] = Array.from(state)
  const cosine = clamp((x * x + y * y - upper * upper - fore * fore) / (2 * upper * fore), widest, 1)
  const sine = Math.sqrt(1 - cosine * cosine)
  // the direction to the point, less that to the tip of an arm whose upper part lies along x
  const [along, across] = [upper + fore * cosine, fore * sine]
  const [c, s] = [x * along + y * across, y * along - x * across]
  const norm = Math.sqrt(c * c + s * s) || 1
  const errors = [chordBetween(cos0, sin0, c / norm, s / norm), chordBetween(cos1, sin1, cosine, sine)]
  const { stiffness, damping } = gains
  return Float32Array.from(errors, (error, i) => clamp(stiffness * error - damping * state[6 + i], -1, 1))
}

/** Returns the chord from one direction to another, which for small angles is the angle, rad, and has its sign. */
function chordBetween(cosA: number, sinA: number, cosB: number, sinB: number): number {
  const [cos, sin] = [cosA * cosB + sinA * sinB, cosA * sinB - sinA * cosB]
  return (2 * sin) / Math.sqrt(Math.max(2 * (1 + cos), 1e-6))
}
