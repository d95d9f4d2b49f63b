/**
 * HalfCheetah: a two-legged body in a vertical plane runs forward. It cannot fall out of an episode: it may run on its back.
 *
 * Semantics of OpenAI Gym's HalfCheetah-v2 (`gym/envs/mujoco/half_cheetah.py`): frame skip 5 of 0.01 s, 20 steps a second,
 * truncated after 1000 steps, never terminated. x is forward and not observed, z up, angles are about the axis through the plane.
 *
 * | observation | meaning                                                  | unit  | range                      |
 * |-------------|----------------------------------------------------------|-------|----------------------------|
 * | 0           | the torso's height z above its place at the start        | m     | any                        |
 * | 1           | the torso's angle                                        | rad   | any                        |
 * | 2, 3, 4     | angles of the back thigh, shin, foot                     | rad   | soft limits, see the model |
 * | 5, 6, 7     | angles of the front thigh, shin, foot                    | rad   | soft limits, see the model |
 * | 8, 9        | the torso's velocities in x, z                           | m/s   | any                        |
 * | 10          | the torso's angular velocity                             | rad/s | any                        |
 * | 11, 12, 13  | angular velocities of the back thigh, shin, foot         | rad/s | any                        |
 * | 14, 15, 16  | angular velocities of the front thigh, shin, foot        | rad/s | any                        |
 *
 * | action  | meaning                                                                   | unit            | range   |
 * |---------|---------------------------------------------------------------------------|-----------------|---------|
 * | 0, 1, 2 | torque at the back thigh, shin, foot; beyond the range clamped            | 120, 90, 60 N m | [-1, 1] |
 * | 3, 4, 5 | torque at the front thigh, shin, foot; beyond the range clamped           | 120, 60, 30 N m | [-1, 1] |
 *
 * | reward   | value                                                                                   |
 * |----------|-----------------------------------------------------------------------------------------|
 * | velocity | the torso's displacement forward in the step over the step's 0.05 s, m/s                |
 * | control  | minus a tenth of the squared norm of the action as given, not as clamped                |
 *
 * | start      | drawn from                                                                                 |
 * |------------|--------------------------------------------------------------------------------------------|
 * | positions  | within U(-0.1, 0.1) of all zero: the torso 0.7 m above the ground, the legs half bent      |
 * | velocities | N(0, 0.1^2) each                                                                           |
 */
import { normal, type Rng, uniform } from '../util/random'
import { capsule, type Masses } from './capsule'
import type { Start } from './environment'
import type { Outcome, Task } from './episodes'
import type { Simulator } from './mujoco'

const frameSkip = 5
const seconds = 0.01 * frameSkip
const coordinates = new Array<number>(9).fill(0)
const radius = 0.046

/** The parts of a leg, from the torso on: a place in the part before, a capsule there, and the joint's spring, damper and range. */
interface Part {
  readonly name: string
  readonly at: string
  readonly x: number
  readonly z: number
  readonly angle: number
  readonly half: number
  readonly joint: string
}

const back: readonly Part[] = [
  {
    name: 'bthigh',
    at: '-0.5 0 0',
    x: 0.1,
    z: -0.13,
    angle: -3.8,
    half: 0.145,
    joint: 'stiffness="240" damping="6" range="-0.52 1.05"'
  },
  {
    name: 'bshin',
    at: '0.16 0 -0.25',
    x: -0.14,
    z: -0.07,
    angle: -2.03,
    half: 0.15,
    joint: 'stiffness="180" damping="4.5" range="-0.785 0.785"'
  },
  {
    name: 'bfoot',
    at: '-0.28 0 -0.14',
    x: 0.03,
    z: -0.097,
    angle: -0.27,
    half: 0.094,
    joint: 'stiffness="120" damping="3" range="-0.4 0.785"'
  }
]

const front: readonly Part[] = [
  {
    name: 'fthigh',
    at: '0.5 0 0',
    x: -0.07,
    z: -0.12,
    angle: 0.52,
    half: 0.133,
    joint: 'stiffness="180" damping="4.5" range="-1 0.7"'
  },
  {
    name: 'fshin',
    at: '-0.14 0 -0.24',
    x: 0.065,
    z: -0.09,
    angle: -0.6,
    half: 0.106,
    joint: 'stiffness="120" damping="3" range="-1.2 0.87"'
  },
  {
    name: 'ffoot',
    at: '0.13 0 -0.18',
    x: 0.045,
    z: -0.07,
    angle: -0.6,
    half: 0.07,
    joint: 'stiffness="60" damping="1.5" range="-0.5 0.5"'
  }
]

/** Writes a leg: each part within the one before. */
const leg = (masses: Masses, [first, ...rest]: readonly Part[]): string =>
  first
    ? `<body name="${first.name}" pos="${first.at}">
        <joint name="${first.name}" ${first.joint}/>
        ${capsule(masses, { along: first.angle, centre: [first.x, 0, first.z], radius, half: first.half })}
        ${leg(masses, rest)}
      </body>`
    : ''

/**
 * The model. Its parts weigh 14 kg together, whatever the capsules' masses are. The head is a body of its own, fixed to the torso, so
 * that each body has one capsule.
 */
export const halfCheetahModel = (masses: Masses): string => `
<mujoco model="halfcheetah">
  <compiler angle="radian" settotalmass="14"/>
  <option timestep="0.01"/>
  <size memory="1M"/>
  <default>
    <joint axis="0 1 0" armature="0.1" limited="true" solimplimit="0 0.8 0.03" solreflimit="0.02 1"/>
    <geom condim="3" contype="1" conaffinity="0" friction="0.4 0.1 0.1" solimp="0 0.8 0.01" solref="0.02 1"/>
    <motor ctrllimited="true" ctrlrange="-1 1"/>
    <default class="root">
      <joint armature="0" damping="0" stiffness="0" limited="false"/>
    </default>
  </default>
  <worldbody>
    <geom name="floor" type="plane" size="40 40 40" conaffinity="1"/>
    <body name="torso" pos="0 0 0.7">
      <joint class="root" name="rootx" type="slide" axis="1 0 0"/>
      <joint class="root" name="rootz" type="slide" axis="0 0 1"/>
      <joint class="root" name="rooty" type="hinge"/>
      ${capsule(masses, { along: 'x', centre: [0, 0, 0], radius, half: 0.5 })}
      <body name="head">
        ${capsule(masses, { along: 0.87, centre: [0.6, 0, 0.1], radius, half: 0.15 })}
      </body>
      ${leg(masses, back)}
      ${leg(masses, front)}
    </body>
  </worldbody>
  <actuator>
    <motor joint="bthigh" gear="120"/>
    <motor joint="bshin" gear="90"/>
    <motor joint="bfoot" gear="60"/>
    <motor joint="fthigh" gear="120"/>
    <motor joint="fshin" gear="60"/>
    <motor joint="ffoot" gear="30"/>
  </actuator>
</mujoco>`

export const halfCheetah: Task = {
  name: 'halfcheetah',
  observationSize: 17,
  actionSize: 6,
  horizon: 1000,
  plane: [0, 2],
  terms: ['velocity', 'control'],
  draw,
  observe,
  step
}

function draw(rng: Rng): Start {
  return { qpos: coordinates.map(() => uniform(rng, -0.1, 0.1)), qvel: coordinates.map(() => 0.1 * normal(rng)) }
}

function observe({ world: { qpos, qvel } }: Simulator, observation: Float64Array): void {
  observation.set(qpos.subarray(1))
  observation.set(qvel, 8)
}

function step(simulator: Simulator, observation: Float64Array): Outcome {
  const { qpos, ctrl } = simulator.world
  const x = qpos[0]
  simulator.advance(frameSkip)
  observe(simulator, observation)
  const cost = 0.1 * ctrl.reduce((sum, action) => sum + action * action, 0)
  return { terms: [(qpos[0] - x) / seconds, -cost], terminated: false }
}
