/**
 * Reacher: a planar arm of two links moves its fingertip to a target that is drawn for each episode.
 *
 * Semantics of OpenAI Gym's Reacher-v2 (`gym/envs/mujoco/reacher.py`): frame skip 2 of 0.01 s, 50 steps a second,
 * truncated after 50 steps, never terminated. q0 is the angle of the first link, q1 that of the second from the first.
 *
 * | observation | meaning                                | unit  | range         |
 * |-------------|----------------------------------------|-------|---------------|
 * | 0, 1        | cos q0, cos q1                         |       | [-1, 1]       |
 * | 2, 3        | sin q0, sin q1                         |       | [-1, 1]       |
 * | 4, 5        | the target's x, y                      | m     | radius < 0.2  |
 * | 6, 7        | angular velocities of q0, q1           | rad/s | any           |
 * | 8, 9        | from the target to the tip, x and y    | m     | [-0.41, 0.41] |
 * | 10          | the same, z                            | m     | 0             |
 *
 * | action | meaning                                      | unit    | range   |
 * |--------|----------------------------------------------|---------|---------|
 * | 0, 1   | torque at q0, q1; beyond the range clamped   | 200 N m | [-1, 1] |
 *
 * | reward   | value                                                                          |
 * |----------|--------------------------------------------------------------------------------|
 * | distance | minus the distance of tip and target, m, shown *before* the step               |
 * | control  | minus the squared norm of the action as given, not as clamped                  |
 *
 * | start            | drawn from                                                                     |
 * |------------------|--------------------------------------------------------------------------------|
 * | q0, q1           | U(-0.1, 0.1) rad each                                                          |
 * | target           | U(-0.2, 0.2)^2 m, drawn again until its radius is less than 0.2                |
 * | velocities       | U(-0.005, 0.005) rad/s each; the target's 0                                    |
 */
import { type Rng, uniform } from '../util/random'
import { type Capsule, capsule, type Masses } from './capsule'
import type { Start } from './environment'
import type { Outcome, Task } from './episodes'
import type { Simulator } from './mujoco'

const frameSkip = 2

/** Indexes of the bodies in the model; the world is 0. */
const [body0, body1, fingertip, target] = [1, 2, 3, 4]

const link: Capsule = { along: 'x', centre: [0.05, 0, 0], radius: 0.01, half: 0.05 }

/**
 * The model. It has no contacts, so it leaves out the ground and the walls that other models of the task draw. The target's
 * joints are measured from the world's origin, hence the `ref`.
 */
export const reacherModel = (masses: Masses): string => `
<mujoco model="reacher">
  <compiler angle="radian"/>
  <option integrator="RK4" timestep="0.01"/>
  <size memory="1M"/>
  <default>
    <joint armature="1" damping="1"/>
    <geom contype="0" conaffinity="0"/>
    <motor gear="200" ctrllimited="true" ctrlrange="-1 1"/>
    <default class="target">
      <joint type="slide" armature="0" damping="0" limited="true" range="-0.27 0.27"/>
    </default>
  </default>
  <worldbody>
    <body name="body0" pos="0 0 0.01">
      <joint name="joint0" axis="0 0 1" limited="false"/>
      ${capsule(masses, link)}
      <body name="body1" pos="0.1 0 0">
        <joint name="joint1" axis="0 0 1" limited="true" range="-3 3"/>
        ${capsule(masses, link)}
        <body name="fingertip" pos="0.11 0 0">
          <geom size="0.01"/>
        </body>
      </body>
    </body>
    <body name="target" pos="0.1 -0.1 0.01" childclass="target">
      <joint name="target_x" axis="1 0 0" ref="0.1"/>
      <joint name="target_y" axis="0 1 0" ref="-0.1"/>
      <geom size="0.009"/>
    </body>
  </worldbody>
  <actuator>
    <motor joint="joint0"/>
    <motor joint="joint1"/>
  </actuator>
</mujoco>`

export const reacher: Task = {
  name: 'reacher',
  observationSize: 11,
  actionSize: 2,
  horizon: 50,
  plane: [0, 1],
  terms: ['distance', 'control'],
  succeeds: isAtTarget,
  draw,
  observe,
  step
}

/** Tests whether the fingertip is within two centimetres of the target: our choice, the paper needs none. */
function isAtTarget(observation: ArrayLike<number>): boolean {
  const [x, y] = [observation[8], observation[9]]
  return x * x + y * y <= 0.02 * 0.02
}

function draw(rng: Rng): Start {
  const angles = [uniform(rng, -0.1, 0.1), uniform(rng, -0.1, 0.1)]
  const velocities = [uniform(rng, -0.005, 0.005), uniform(rng, -0.005, 0.005)]
  return { qpos: [...angles, ...drawTarget(rng)], qvel: [...velocities, 0, 0] }
}

function drawTarget(rng: Rng): [number, number] {
  for (;;) {
    const [x, y] = [uniform(rng, -0.2, 0.2), uniform(rng, -0.2, 0.2)]
    if (Math.sqrt(x * x + y * y) < 0.2) return [x, y]
  }
}

function observe(simulator: Simulator, observation: Float64Array): void {
  const { qpos, qvel, xpos, xmat } = simulator.world
  // The fingertip's position, and so the reward, is that of the last stage of Runge and Kutta, which may be a millimetre off
  // that of the angles. Gym has it so too. Hence it is read before the frames are updated.
  for (let i = 0; i < 3; i++) observation[8 + i] = xpos[3 * fingertip + i] - xpos[3 * target + i]
  simulator.updateFrames()
  // Sines and cosines come from the engine's frames, for JavaScript's differ between browsers. The second link's frame is
  // rotated by q0 + q1.
  const [cos0, sin0] = [xmat[9 * body0], xmat[9 * body0 + 3]]
  const [cos01, sin01] = [xmat[9 * body1], xmat[9 * body1 + 3]]
  observation[0] = cos0
  observation[1] = cos01 * cos0 + sin01 * sin0
  observation[2] = sin0
  observation[3] = sin01 * cos0 - cos01 * sin0
  observation[4] = qpos[2]
  observation[5] = qpos[3]
  observation[6] = qvel[0]
  observation[7] = qvel[1]
}

function step(simulator: Simulator, observation: Float64Array): Outcome {
  const [x, y, z] = [observation[8], observation[9], observation[10]]
  const [a0, a1] = simulator.world.ctrl
  simulator.advance(frameSkip)
  observe(simulator, observation)
  return { terms: [-Math.sqrt(x * x + y * y + z * z), -(a0 * a0 + a1 * a1)], terminated: false }
}
