/**
 * Capsules, the limbs of all tasks, and their masses.
 *
 * MuJoCo 2.1.1 made the inertia of a capsule exact. All versions before, hence all that the paper can have used, gave a capsule
 * the mass of a cylinder longer by half a radius at each end: up to 4.4 % less.
 * Source: MuJoCo's changelog, version 2.1.1 (16 December 2021).
 */

/** Masses of capsules: as in MuJoCo up to 2.1.0 (`legacy`), or as in MuJoCo since (`current`). */
export type Masses = 'legacy' | 'current'

export interface Capsule {
  /** Axis of the body along which the capsule lies, or the angle, rad, by which it is turned from z about y. */
  readonly along: 'x' | 'z' | number
  /** Its centre in the body's frame, m. */
  readonly centre: readonly [number, number, number]
  /** m */
  readonly radius: number
  /** Half the distance between the centres of its caps, m. */
  readonly half: number
}

/** kg / m^3, MuJoCo's default. */
const density = 1000

/** Computes the mass, kg, of a legacy capsule and its moments of inertia about its centre, kg m^2, across and along its axis. */
export function legacyInertia(radius: number, half: number): { mass: number; across: number; along: number } {
  const length = 2 * half + radius
  const mass = density * Math.PI * radius * radius * length
  return { mass, across: (mass * (3 * radius * radius + length * length)) / 12, along: (mass * radius * radius) / 2 }
}

/** Writes the MJCF of a body's only geom, a capsule with further attributes, and of the body's inertia if it is legacy. */
export function capsule(masses: Masses, shape: Capsule, attributes = ''): string {
  const { along, radius, half } = shape
  const [x, y, z] = shape.centre
  const ends = along === 'x' ? [x - half, y, z, x + half, y, z] : [x, y, z + half, x, y, z - half]
  const place = `fromto="${ends.join(' ')}" size="${radius}"`
  // sines are left to the engine, for JavaScript's differ between browsers
  const turnedPlace = `pos="${x} ${y} ${z}" axisangle="0 1 0 ${along}" size="${radius} ${half}"`
  const geom = `<geom type="capsule" ${typeof along === 'number' ? turnedPlace : place} ${attributes}/>`
  return masses === 'current' ? geom : geom + inertial(shape)
}

function inertial({ along, centre, radius, half }: Capsule): string {
  const inertia = legacyInertia(radius, half)
  const [axis, turn] = typeof along === 'number' ? ['z', `axisangle="0 1 0 ${along}" `] : [along, '']
  const moments = ['x', 'y', 'z'].map((each) => (each === axis ? inertia.along : inertia.across))
  return `<inertial pos="${centre.join(' ')}" ${turn}mass="${inertia.mass}" diaginertia="${moments.join(' ')}"/>`
}
