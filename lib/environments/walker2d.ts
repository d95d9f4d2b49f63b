/**
 * Walker2d: a two-legged body in a vertical plane walks forward without falling.
 *
 * Semantics of OpenAI Gym's Walker2d-v2 (`gym/envs/mujoco/walker2d.py`): frame skip 4 of 0.002 s, 125 steps a second,
 * truncated after 1000 steps. x is forward and not observed, z up, angles are about the axis through the plane.
 *
 * | observation | meaning                                                  | unit  | range                      |
 * |-------------|----------------------------------------------------------|-------|----------------------------|
 * | 0           | the torso's height z                                     | m     | (0.8, 2) while healthy     |
 * | 1           | the torso's angle                                        | rad   | (-1, 1) while healthy      |
 * | 2, 3, 4     | angles of the right thigh, leg, foot                     | rad   | soft limits, see the model |
 * | 5, 6, 7     | angles of the left thigh, leg, foot                      | rad   | soft limits, see the model |
 * | 8, 9        | the torso's velocities in x, z                           | m/s   | clipped to [-10, 10]       |
 * | 10          | the torso's angular velocity                             | rad/s | clipped to [-10, 10]       |
 * | 11, 12, 13  | angular velocities of the right thigh, leg, foot         | rad/s | clipped to [-10, 10]       |
 * | 14, 15, 16  | angular velocities of the left thigh, leg, foot          | rad/s | clipped to [-10, 10]       |
 *
 * | action  | meaning                                                                   | unit    | range   |
 * |---------|---------------------------------------------------------------------------|---------|---------|
 * | 0, 1, 2 | torque at the right thigh, leg, foot; beyond the range clamped            | 100 N m | [-1, 1] |
 * | 3, 4, 5 | torque at the left thigh, leg, foot; beyond the range clamped             | 100 N m | [-1, 1] |
 *
 * | reward   | value                                                                                   |
 * |----------|-----------------------------------------------------------------------------------------|
 * | velocity | the torso's displacement forward in the step over the step's 0.008 s, m/s               |
 * | alive    | 1, also for the step in which it falls                                                  |
 * | control  | minus 0.001 of the squared norm of the action as given, not as clamped                  |
 *
 * Terminated unless healthy: 0.8 m < z < 2 m and |torso's angle| < 1 rad.
 *
 * Start: each coordinate and velocity within U(-0.005, 0.005) of standing upright at x = 0, z = 1.25 m, at rest.
 */
import { type Rng, uniform } from '../util/random'
import { capsule, type Masses } from './capsule'
import type { Start } from './environment'
import type { Outcome, Task } from './episodes'
import type { Simulator } from './mujoco'

const frameSkip = 4
const seconds = 0.002 * frameSkip
const upright = [0, 1.25, 0, 0, 0, 0, 0, 0, 0]

/** Writes a leg, whose names end alike. */
const leg = (masses: Masses, side: string, footFriction: number): string => `
      <body name="thigh${side}" pos="0 0 -0.2">
        <joint name="thigh${side}" range="-150 0"/>
        ${capsule(masses, { along: 'z', centre: [0, 0, -0.225], radius: 0.05, half: 0.225 })}
        <body name="leg${side}" pos="0 0 -0.7">
          <joint name="leg${side}" pos="0 0 0.25" range="-150 0"/>
          ${capsule(masses, { along: 'z', centre: [0, 0, 0], radius: 0.04, half: 0.25 })}
          <body name="foot${side}" pos="0.2 0 -0.35">
            <joint name="foot${side}" pos="-0.2 0 0.1" range="-45 45"/>
            ${capsule(masses, { along: 'x', centre: [-0.1, 0, 0.1], radius: 0.06, half: 0.1 }, `friction="${footFriction} 0.1 0.1"`)}
          </body>
        </body>
      </body>`

const motors = ['thigh', 'leg', 'foot', 'thigh_left', 'leg_left', 'foot_left']

/**
 * The model. The root's slides are measured from the world's origin, hence the `ref`. That the left foot alone holds the ground well is
 * the original's.
 */
export const walker2dModel = (masses: Masses): string => `
<mujoco model="walker2d">
  <compiler angle="degree"/>
  <option integrator="RK4" timestep="0.002"/>
  <size memory="1M"/>
  <default>
    <joint axis="0 -1 0" armature="0.01" damping="0.1" limited="true"/>
    <geom condim="3" contype="1" conaffinity="0" friction="0.9 0.1 0.1"/>
    <motor gear="100" ctrllimited="true" ctrlrange="-1 1"/>
    <default class="root">
      <joint armature="0" damping="0" limited="false"/>
    </default>
  </default>
  <worldbody>
    <geom name="floor" type="plane" size="40 40 40" conaffinity="1" friction="0.7 0.1 0.1"/>
    <body name="torso" pos="0 0 1.25">
      <joint class="root" name="rootx" type="slide" axis="1 0 0" pos="0 0 -1.25"/>
      <joint class="root" name="rootz" type="slide" axis="0 0 1" pos="0 0 -1.25" ref="1.25"/>
      <joint class="root" name="rooty" type="hinge" axis="0 1 0"/>
      ${capsule(masses, { along: 'z', centre: [0, 0, 0], radius: 0.05, half: 0.2 })}
      ${leg(masses, '', 0.9)}
      ${leg(masses, '_left', 1.9)}
    </body>
  </worldbody>
  <actuator>${motors.map((joint) => `<motor joint="${joint}"/>`).join('')}</actuator>
</mujoco>`

export const walker2d: Task = {
  name: 'walker2d',
  observationSize: 17,
  actionSize: 6,
  horizon: 1000,
  plane: [0, 2],
  terms: ['velocity', 'alive', 'control'],
  draw,
  observe,
  step
}

function draw(rng: Rng): Start {
  const near = (value: number) => value + uniform(rng, -0.005, 0.005)
  return { qpos: upright.map(near), qvel: upright.map(() => near(0)) }
}

function observe({ world: { qpos, qvel } }: Simulator, observation: Float64Array): void {
  observation.set(qpos.subarray(1))
  for (let i = 0; i < 9; i++) observation[8 + i] = Math.min(Math.max(qvel[i], -10), 10)
}

function step(simulator: Simulator, observation: Float64Array): Outcome {
  const { qpos, ctrl } = simulator.world
  const x = qpos[0]
  simulator.advance(frameSkip)
  observe(simulator, observation)
  const cost = 0.001 * ctrl.reduce((sum, action) => sum + action * action, 0)
  const isHealthy = qpos[1] > 0.8 && qpos[1] < 2 && Math.abs(qpos[2]) < 1
  return { terms: [(qpos[0] - x) / seconds, 1, -cost], terminated: !isHealthy }
}
