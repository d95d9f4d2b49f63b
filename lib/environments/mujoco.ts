/**
 * MuJoCo, the physics engine, reduced to what episodes need.
 *
 * A simulator has a single MjData. Between two steps an episode is a short array: position, velocity and the solver's warm start,
 * which determine all that follows. A step copies the array in, runs the physics and copies it out. So episodes take no memory of
 * the engine, need no disposal, and do not depend on earlier use of the engine.
 */
import { checksOf } from '../check'
import type { Start } from './environment'

/** Views of the engine's arrays. Reading gives the result of the last call; writing changes the world. */
export interface World {
  readonly qpos: Float64Array
  readonly qvel: Float64Array
  /** Controls as given; MuJoCo clamps a copy of them. */
  readonly ctrl: Float64Array
  readonly warmstart: Float64Array
  /** Positions of the bodies' frames at the last kinematics, [bodies, 3]. */
  readonly xpos: Float64Array
  /** Orientations of the bodies' frames then, [bodies, 3, 3]. */
  readonly xmat: Float64Array
}

/** MuJoCo with one model, as `simulate` returns it. */
export type Simulator = Awaited<ReturnType<typeof simulate>>

const load = async () => (await import('@mujoco/mujoco')).default()
type Engine = Awaited<ReturnType<typeof load>>
type Model = InstanceType<Engine['MjModel']>
let loading: Promise<Engine> | undefined

/** Loads the engine once, in about a quarter of a second. */
function engine(): Promise<Engine> {
  loading ??= load().catch((error) => {
    loading = undefined
    throw error
  })
  return loading
}

/**
 * Compiles a model for `makeEnvironment`. It stays for the life of the process, so compile each model once.
 *
 * @param mjcf the model in MuJoCo's XML
 * @throws Error with MuJoCo's message for a model that it cannot compile
 */
export async function simulate(mjcf: string) {
  const mujoco = await engine()
  const model = mujoco.MjModel.from_xml_string(mjcf)
  const data = new mujoco.MjData(model)
  const { geoms, ids, ground } = readGeoms(mujoco, model)

  const view = (): World => {
    const { qpos, qvel, ctrl, qacc_warmstart: warmstart, xpos, xmat } = data
    return { qpos, qvel, ctrl, warmstart, xpos, xmat }
  }
  // views are kept, for taking one costs about as much as computing the frames
  let kept = view()
  const world = (): World => {
    if (kept.qpos.length === 0) kept = view()
    return kept
  }

  /** Writes the state of the world into an array that `start` returned. */
  function save(state: Float64Array): void {
    const { qpos, qvel, warmstart } = world()
    state.set(qpos)
    state.set(qvel, qpos.length)
    state.set(warmstart, qpos.length + qvel.length)
  }

  /** Sets the world to a state. */
  function restore(state: Float64Array): void {
    const { qpos, qvel, warmstart } = world()
    qpos.set(state.subarray(0, qpos.length))
    qvel.set(state.subarray(qpos.length, qpos.length + qvel.length))
    warmstart.set(state.subarray(qpos.length + qvel.length))
    data.time = begun
  }

  /**
   * Resets the world to a start and returns its state.
   *
   * @param whose names the start in errors
   * @throws TypeError for a start of the wrong size, RangeError for one that is not finite
   */
  function start(given: Start, whose = 'a start'): Float64Array {
    mujoco.mj_resetData(model, data)
    const { qpos, qvel } = world()
    const { numbers } = checksOf(1, () => whose)
    qpos.set(numbers('qpos', given?.qpos, qpos.length, ''))
    qvel.set(numbers('qvel', given?.qvel, qvel.length, ''))
    mujoco.mj_forward(model, data)
    const state = new Float64Array(qpos.length + 2 * qvel.length)
    save(state)
    return state
  }

  /** Computes both ends of each geom from the current frames, [geoms, 2, 3], m. */
  function ends(): Float64Array {
    const [centres, frames] = [data.geom_xpos as Float64Array, data.geom_xmat as Float64Array]
    const positions = new Float64Array(6 * geoms.length)
    for (const [g, id] of ids.entries())
      for (let axis = 0; axis < 3; axis++) {
        // a capsule lies along the third axis of its own frame
        const offset = geoms[g].half * frames[9 * id + 3 * axis + 2]
        positions[6 * g + axis] = centres[3 * id + axis] - offset
        positions[6 * g + 3 + axis] = centres[3 * id + axis] + offset
      }
    return positions
  }

  return {
    /** Read this property anew for each step: loading a model may grow the engine's memory, which detaches the arrays. */
    get world() {
      return world()
    },
    geoms,
    ground,
    ends,
    start,
    restore,
    save,
    /** Runs MuJoCo's time steps under the controls of the world. */
    advance(steps: number): void {
      for (let i = 0; i < steps; i++) mujoco.mj_step(model, data)
    },
    /** Tests whether MuJoCo, since the last call of `restore`, found the world unstable and put its own start in place of it. */
    wasReset: (): boolean => data.time < begun,
    /** Updates `xpos` and `xmat` to `qpos`. A step leaves them at the last stage of Runge and Kutta. */
    updateFrames: (): void => mujoco.mj_kinematics(model, data)
  }
}

/** The time of a state that is restored, s. It is less after a reset, which sets it to 0. */
const begun = 1e6

/** MuJoCo's mjtGeom. */
const geomTypes = { plane: 0, sphere: 2, capsule: 3 } as const

/** Reads the capsules and spheres of a model, with their ids, and the height of its plane, m, if it has one. */
function readGeoms(mujoco: Engine, model: Model) {
  const types = Array.from(model.geom_type as Int32Array)
  const [sizes, positions] = [model.geom_size as Float64Array, model.geom_pos as Float64Array]
  const ids = [...types.keys()].filter((id) => types[id] === geomTypes.sphere || types[id] === geomTypes.capsule)
  const geoms = ids.map((id) => ({
    name: mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_BODY.value, model.geom_bodyid[id]),
    radius: sizes[3 * id],
    /** Half the distance between the centres of its caps, m: a sphere is a capsule of length zero. */
    half: types[id] === geomTypes.capsule ? sizes[3 * id + 1] : 0
  }))
  const plane = types.indexOf(geomTypes.plane)
  return { geoms, ids, ground: plane < 0 ? undefined : positions[3 * plane + 2] }
}
