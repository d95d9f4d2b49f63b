/**
 * Capsules, of which both tasks' limbs are made, and how much they weigh.
 *
 * MuJoCo 2.1.1 made the inertia of a capsule exact. Until then, in every version the paper can have used, a capsule
 * weighed what a cylinder does that is longer by half a radius at each end: up to 4.4 % less.
 * Source: MuJoCo's changelog, version 2.1.1 (16 December 2021).
 */

/** `legacy`: as MuJoCo up to 2.1.0 weighed a capsule; `current`: as it does since. */
export type Masses = 'legacy' | 'current'

export interface Capsule {
  /** The body's axis that the capsule lies along. */
  readonly along: 'x' | 'z'
  /** Its middle in the body's frame, m. */
  readonly centre: readonly [number, number, number]
  /** m */
  readonly radius: number
  /** Half the length between the centres of its two caps, m. */
  readonly half: number
}

/** kg / m^3, MuJoCo's default. */
const density = 1000

/** Mass, kg, and moments of inertia across and along the axis about the middle, kg m^2, of a legacy capsule. */
export function legacyInertia(radius: number, half: number): { mass: number; across: number; along: number } {
  const length = 2 * half + radius
  const mass = density * Math.PI * radius * radius * length
  return { mass, across: (mass * (3 * radius * radius + length * length)) / 12, along: (mass * radius * radius) / 2 }
}

/** The MJCF of a body's only geom, a capsule, with further attributes, and of the body's inertia if it is not MuJoCo's own. */
export function capsule(masses: Masses, shape: Capsule, attributes = ''): string {
  const { along, radius, half } = shape
  const [x, y, z] = shape.centre
  const ends = along === 'x' ? [x - half, y, z, x + half, y, z] : [x, y, z + half, x, y, z - half]
  const geom = `<geom type="capsule" fromto="${ends.join(' ')}" size="${radius}" ${attributes}/>`
  return masses === 'current' ? geom : geom + inertial(shape)
}

function inertial({ along, centre, radius, half }: Capsule): string {
  const inertia = legacyInertia(radius, half)
  const moments = ['x', 'y', 'z'].map((axis) => (axis === along ? inertia.along : inertia.across))
  return `<inertial pos="${centre.join(' ')}" mass="${inertia.mass}" diaginertia="${moments.join(' ')}"/>`
}
