/**
 * MuJoCo, the physics engine, reduced to what episodes need.
 *
 * A simulator has a single MjData. Between two steps an episode is a short array: position, velocity and the solver's warm start,
 * which determine all that follows. A step copies the array in, runs the physics and copies it out. So episodes take no memory of
 * the engine, need no disposal, and do not depend on earlier use of the engine.
 */
import { checksOf } from '../check'
import type { Shape, Start } from './environment'

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

/** A capsule, or a sphere as a capsule of length zero. */
export interface Geom extends Shape {
  /** Half the distance between the centres of its caps, m. */
  readonly half: number
}

export interface Simulator {
  /** Read this property anew for each step: loading a model may grow the engine's memory, which detaches the arrays. */
  readonly world: World
  /** Masses of the bodies, kg; body 0 is the world. */
  readonly masses: Float64Array
  /** Principal inertias of the bodies, [bodies, 3], kg m^2. */
  readonly inertias: Float64Array
  readonly geoms: readonly Geom[]
  /** Height of the ground plane, m, if the model has one. */
  readonly ground: number | undefined
  /** Computes both ends of each geom from the current frames, [geoms, 2, 3], m. */
  ends(): Float64Array
  /**
   * Resets the world to a start and returns its state.
   *
   * @param whose names the start in errors
   * @throws TypeError for a start of the wrong size, RangeError for one that is not finite
   */
  start(start: Start, whose?: string): Float64Array
  /** Sets the world to a state. */
  restore(state: Float64Array): void
  /** Writes the state of the world into an array that `start` returned. */
  save(state: Float64Array): void
  /** Runs MuJoCo's time steps under the controls of the world. */
  advance(steps: number): void
  /** Tests whether MuJoCo, since the last call of `restore`, found the world unstable and put its own start in place of it. */
  wasReset(): boolean
  /** Updates `xpos` and `xmat` to `qpos`. A step leaves them at the last stage of Runge and Kutta. */
  updateFrames(): void
}

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
export async function simulate(mjcf: string): Promise<Simulator> {
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

  function save(state: Float64Array): void {
    const { qpos, qvel, warmstart } = world()
    state.set(qpos)
    state.set(qvel, qpos.length)
    state.set(warmstart, qpos.length + qvel.length)
  }

  function restore(state: Float64Array): void {
    const { qpos, qvel, warmstart } = world()
    qpos.set(state.subarray(0, qpos.length))
    qvel.set(state.subarray(qpos.length, qpos.length + qvel.length))
    warmstart.set(state.subarray(qpos.length + qvel.length))
    data.time = begun
  }

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
    get world() {
      return world()
    },
    masses: Float64Array.from(model.body_mass as Float64Array),
    inertias: Float64Array.from(model.body_inertia as Float64Array),
    geoms,
    ground,
    ends,
    start,
    restore,
    save,
    advance(steps) {
      for (let i = 0; i < steps; i++) mujoco.mj_step(model, data)
    },
    wasReset: () => data.time < begun,
    updateFrames: () => mujoco.mj_kinematics(model, data)
  }
}

/** The time of a state that is restored, s. It is less after a reset, which sets it to 0. */
const begun = 1e6

/** MuJoCo's mjtGeom. */
const geomTypes = { plane: 0, sphere: 2, capsule: 3 } as const

/** Reads the capsules and spheres of a model, with their ids, and the height of its plane. */
function readGeoms(mujoco: Engine, model: Model): { geoms: Geom[]; ids: number[]; ground: number | undefined } {
  const types = Array.from(model.geom_type as Int32Array)
  const [bodies, sizes, positions] = [model.geom_bodyid, model.geom_size, model.geom_pos]
  const ids = [...types.keys()].filter((id) => types[id] === geomTypes.sphere || types[id] === geomTypes.capsule)
  const geoms = ids.map((id) => ({
    name: mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_BODY.value, bodies[id]),
    radius: sizes[3 * id] as number,
    half: types[id] === geomTypes.capsule ? (sizes[3 * id + 1] as number) : 0
  }))
  const plane = types.indexOf(geomTypes.plane)
  return { geoms, ids, ground: plane < 0 ? undefined : (positions[3 * plane + 2] as number) }
}
