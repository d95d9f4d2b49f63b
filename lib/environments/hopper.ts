/**
 * Hopper: a one-legged body in a vertical plane hops forward without falling.
 *
 * Semantics of OpenAI Gym's Hopper-v2 (`gym/envs/mujoco/hopper.py`): frame skip 4 of 0.002 s, 125 steps a second,
 * truncated after 1000 steps. x is forward and not observed, z up, angles are about the axis through the plane.
 *
 * | observation | meaning                                            | unit  | range                      |
 * |-------------|----------------------------------------------------|-------|----------------------------|
 * | 0           | the torso's height z                               | m     | > 0.7 while healthy        |
 * | 1           | the torso's angle                                  | rad   | (-0.2, 0.2) while healthy  |
 * | 2, 3, 4     | angles of thigh, leg, foot                         | rad   | soft limits, see the model |
 * | 5, 6        | the torso's velocities in x, z                     | m/s   | clipped to [-10, 10]       |
 * | 7           | the torso's angular velocity                       | rad/s | clipped to [-10, 10]       |
 * | 8, 9, 10    | angular velocities of thigh, leg, foot             | rad/s | clipped to [-10, 10]       |
 *
 * | action  | meaning                                               | unit    | range   |
 * |---------|-------------------------------------------------------|---------|---------|
 * | 0, 1, 2 | torque at thigh, leg, foot; beyond the range clamped  | 200 N m | [-1, 1] |
 *
 * | reward   | value                                                                                   |
 * |----------|-----------------------------------------------------------------------------------------|
 * | velocity | the torso's displacement forward in the step over the step's 0.008 s, m/s               |
 * | alive    | 1, also for the step in which it falls                                                  |
 * | control  | minus 0.001 of the squared norm of the action as given, not as clamped                  |
 *
 * Terminated unless healthy: z > 0.7 m, |torso's angle| < 0.2 rad, x and z finite, and every other coordinate and every
 * velocity less than 100 in size.
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
const upright = [0, 1.25, 0, 0, 0, 0]

/** The model. The root's slides are measured from the world's origin, hence the `ref`. */
export const hopperModel = (masses: Masses): string => `
<mujoco model="hopper">
  <compiler angle="degree"/>
  <option integrator="RK4" timestep="0.002"/>
  <size memory="1M"/>
  <default>
    <joint armature="1" damping="1" limited="true" axis="0 -1 0"/>
    <geom condim="1" margin="0.001" solref="0.02 1" solimp="0.8 0.8 0.01" friction="0.9"/>
    <motor gear="200" ctrllimited="true" ctrlrange="-1 1"/>
    <default class="root">
      <joint armature="0" damping="0" limited="false"/>
    </default>
  </default>
  <worldbody>
    <geom name="floor" type="plane" size="20 20 0.125" condim="3" friction="1"/>
    <body name="torso" pos="0 0 1.25">
      <joint class="root" name="rootx" type="slide" axis="1 0 0" pos="0 0 -1.25"/>
      <joint class="root" name="rootz" type="slide" axis="0 0 1" pos="0 0 -1.25" ref="1.25"/>
      <joint class="root" name="rooty" type="hinge" axis="0 1 0"/>
      ${capsule(masses, { along: 'z', centre: [0, 0, 0], radius: 0.05, half: 0.2 })}
      <body name="thigh" pos="0 0 -0.2">
        <joint name="thigh_joint" range="-150 0"/>
        ${capsule(masses, { along: 'z', centre: [0, 0, -0.225], radius: 0.05, half: 0.225 })}
        <body name="leg" pos="0 0 -0.7">
          <joint name="leg_joint" pos="0 0 0.25" range="-150 0"/>
          ${capsule(masses, { along: 'z', centre: [0, 0, 0], radius: 0.04, half: 0.25 })}
          <body name="foot" pos="0.13 0 -0.35">
            <joint name="foot_joint" pos="-0.13 0 0.1" range="-45 45"/>
            ${capsule(masses, { along: 'x', centre: [-0.065, 0, 0.1], radius: 0.06, half: 0.195 }, 'friction="2"')}
          </body>
        </body>
      </body>
    </body>
  </worldbody>
  <actuator>
    <motor joint="thigh_joint"/>
    <motor joint="leg_joint"/>
    <motor joint="foot_joint"/>
  </actuator>
</mujoco>`

export const hopper: Task = {
  name: 'hopper',
  observationSize: 11,
  actionSize: 3,
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
  for (let i = 0; i < 5; i++) observation[i] = qpos[1 + i]
  for (let i = 0; i < 6; i++) observation[5 + i] = Math.min(Math.max(qvel[i], -10), 10)
}

function step(simulator: Simulator, observation: Float64Array): Outcome {
  const { qpos, qvel, ctrl } = simulator.world
  const x = qpos[0]
  simulator.advance(frameSkip)
  observe(simulator, observation)
  const cost = 0.001 * (ctrl[0] * ctrl[0] + ctrl[1] * ctrl[1] + ctrl[2] * ctrl[2])
  return { terms: [(qpos[0] - x) / seconds, 1, -cost], terminated: !isHealthy(qpos, qvel) }
}

/** Tests for a standing hopper, under the name that Gymnasium gives it. */
function isHealthy(qpos: Float64Array, qvel: Float64Array): boolean {
  const [x, z, ...angles] = qpos
  const inRange = Number.isFinite(x + z) && [...angles, ...qvel].every((value) => Math.abs(value) < 100) // NaN is not
  return inRange && z > 0.7 && Math.abs(angles[0]) < 0.2
}
