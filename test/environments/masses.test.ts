/** Masses and inertias in the compiled models. */
import load from '@mujoco/mujoco'
import { describe, expect, test } from 'vitest'
import { legacyInertia } from '../../lib/environments/capsule'
import { halfCheetahModel } from '../../lib/environments/halfcheetah'
import { hopperModel } from '../../lib/environments/hopper'
import { reacherModel } from '../../lib/environments/reacher'
import { walker2dModel } from '../../lib/environments/walker2d'

const { MjModel } = await load()

/** Compiles a model. Returns the masses of its bodies, kg, and their principal inertias, [bodies, 3], kg m^2; body 0 is the world. */
function bodiesOf(mjcf: string) {
  const model = MjModel.from_xml_string(mjcf)
  return { masses: model.body_mass as Float64Array, inertias: model.body_inertia as Float64Array }
}

/** Returns the principal inertias of a body, ascending. */
const inertias = ({ inertias }: ReturnType<typeof bodiesOf>, body: number): number[] =>
  [...inertias.subarray(3 * body, 3 * body + 3)].sort((a, b) => a - b)

const expectClose = (ours: ArrayLike<number>, theirs: readonly number[], digits: number): void =>
  theirs.forEach((value, i) => {
    expect(ours[i]).toBeCloseTo(value, digits)
  })

describe('hopper: torso, thigh, leg, foot', () => {
  test('legacy masses are those of MuJoCo 2.1.0', () => {
    const bodies = bodiesOf(hopperModel('legacy'))
    expectClose(bodies.masses, [0, 3.53429, 3.92699, 2.71434, 5.08938], 5)
  })

  test('legacy inertias are those of the longer cylinder', () => {
    const bodies = bodiesOf(hopperModel('legacy'))
    const shapes = [
      [0.05, 0.2],
      [0.05, 0.225],
      [0.04, 0.25],
      [0.06, 0.195]
    ]
    for (const [i, [radius, half]] of shapes.entries()) {
      const { along, across } = legacyInertia(radius, half)
      expectClose(inertias(bodies, i + 1), [along, across, across], 12)
    }
  })

  test("current masses and inertias are MuJoCo's", () => {
    const bodies = bodiesOf(hopperModel('current'))
    expectClose(bodies.masses, [0, 3.66519, 4.05789, 2.78136, 5.31557], 5)
    expectClose(inertias(bodies, 1), [0.004451, 0.069246, 0.069246], 6)
    expectClose(inertias(bodies, 4), [0.009242, 0.103523, 0.103523], 6)
  })
})

describe('reacher: body0, body1, fingertip, target', () => {
  test("current masses are MuJoCo's", () => {
    const bodies = bodiesOf(reacherModel('current'))
    expectClose(bodies.masses, [0, 0.035605, 0.035605, 0.004189, 0.003054], 6)
  })

  test('legacy links weigh as cylinders 0.11 m long, and the spheres as they do now', () => {
    const bodies = bodiesOf(reacherModel('legacy'))
    const link = 1000 * Math.PI * 0.01 * 0.01 * 0.11
    expectClose(bodies.masses, [0, link, link, 0.004189, 0.003054], 6)
    expectClose(inertias(bodies, 1), [(link * 1e-4) / 2, (link * (3e-4 + 0.0121)) / 12], 12)
  })
})

describe('halfcheetah: torso, head, and the parts of both legs', () => {
  const halves = [0.5, 0.15, 0.145, 0.15, 0.094, 0.133, 0.106, 0.07]

  test('the body weighs 14 kg with either masses, shared out as its capsules weigh', () => {
    for (const masses of ['legacy', 'current'] as const) {
      const bodies = bodiesOf(halfCheetahModel(masses))
      const radius = 0.046
      const weights = halves.map((half) =>
        masses === 'legacy' ? legacyInertia(radius, half).mass : 2 * half + (4 / 3) * radius
      )
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      expectClose(bodies.masses, [0, ...weights.map((weight) => (14 * weight) / total)], 12)
    }
  })

  test('legacy inertias are those of the longer cylinder, as heavy', () => {
    const bodies = bodiesOf(halfCheetahModel('legacy'))
    for (const [i, half] of halves.entries()) {
      const { mass, along, across } = legacyInertia(0.046, half)
      const scale = bodies.masses[i + 1] / mass
      expectClose(inertias(bodies, i + 1), [scale * along, scale * across, scale * across], 12)
    }
  })
})

test('walker2d’s legacy limbs weigh as the longer cylinders, both legs alike', () => {
  const bodies = bodiesOf(walker2dModel('legacy'))
  const leg = [legacyInertia(0.05, 0.225), legacyInertia(0.04, 0.25), legacyInertia(0.06, 0.1)]
  const weights = [legacyInertia(0.05, 0.2), ...leg, ...leg].map(({ mass }) => mass)
  expectClose(bodies.masses, [0, ...weights], 12)
})
