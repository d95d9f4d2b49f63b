/**
 * MuJoCo, the physics engine, brought down to what episodes need.
 *
 * A simulator holds a single MjData, and an episode between two steps is nothing but a short array: position, velocity
 * and the solver's warm start, which is all that MuJoCo's future depends on here. A step copies the array in, lets the
 * physics run and copies it out. So any number of episodes costs no memory of the engine, none of them has to be given
 * back, and a result cannot depend on what the engine did before.
 */
import type { Start } from './environment'

/** The engine's own arrays, live: reading shows what the last call left, writing changes the world. */
export interface World {
  readonly qpos: Float64Array
  readonly qvel: Float64Array
  /** Controls as given: MuJoCo clamps a copy. */
  readonly ctrl: Float64Array
  readonly warmstart: Float64Array
  /** [bodies, 3], where each body's frame was when kinematics last ran. */
  readonly xpos: Float64Array
  /** [bodies, 3, 3], how each body's frame was turned then. */
  readonly xmat: Float64Array
}

export interface Geom {
  /** Its body's name. */
  readonly name: string
  /** m */
  readonly radius: number
  /** Half the way from end to end, m. */
  readonly half: number
}

export interface Simulator {
  /** Fetch it anew for each step: the arrays die when the engine's memory grows, which loading a model may cause. */
  readonly world: World
  /** Masses of the bodies, kg, and their principal inertias, [bodies, 3], kg m^2; body 0 is the world. */
  readonly masses: Float64Array
  readonly inertias: Float64Array
  /** What bodies look like: capsules, and spheres as capsules of no length. */
  readonly geoms: readonly Geom[]
  /** The height of the plane that things stand on, m, if there is one. */
  readonly ground: number | undefined
  /** Both ends of each geom, [geoms, 2, 3], m, where its body's frame is. */
  ends(): Float64Array
  /**
   * Puts the world at a start, as if newly made, and returns its state.
   *
   * @throws RangeError for a start of the wrong size or one that is not finite
   */
  start(start: Start): Float64Array
  /** Puts the world into a state. */
  restore(state: Float64Array): void
  /** Writes the world's state into an array that `start` returned. */
  save(state: Float64Array): void
  /** Runs the physics for some of MuJoCo's time steps under the controls of the world. */
  advance(steps: number): void
  /** Brings `xpos` and `xmat` up to `qpos`. A step leaves them where the last stage of Runge and Kutta had them. */
  updateFrames(): void
}

const load = async () => (await import('@mujoco/mujoco')).default()
let loading: ReturnType<typeof load> | undefined

/** The engine, loaded once: it takes a quarter of a second. */
function engine(): ReturnType<typeof load> {
  loading ??= load().catch((error) => {
    loading = undefined
    throw error
  })
  return loading
}

/** Compiles a model. It stays for the life of the process, so compile each once. */
export async function simulate(mjcf: string): Promise<Simulator> {
  const mujoco = await engine()
  const model = mujoco.MjModel.from_xml_string(mjcf)
  const data = new mujoco.MjData(model)

  // Asking the engine for an array costs about as much as computing the frames, hence they are kept.
  const look = (): World => ({
    qpos: data.qpos,
    qvel: data.qvel,
    ctrl: data.ctrl,
    warmstart: data.qacc_warmstart,
    xpos: data.xpos,
    xmat: data.xmat
  })
  let seen = look()
  const world = (): World => {
    if (seen.qpos.length === 0) seen = look()
    return seen
  }

  const [plane, , sphere, capsule] = [0, 1, 2, 3] // of mjtGeom
  const types = Array.from(model.geom_type as Int32Array)
  const bodies = Array.from(model.geom_bodyid as Int32Array)
  const seenGeoms = types.flatMap((type, id) => (type === sphere || type === capsule ? [id] : []))
  const geoms = seenGeoms.map((id) => ({
    name: mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_BODY.value, bodies[id]),
    radius: model.geom_size[3 * id] as number,
    half: types[id] === capsule ? (model.geom_size[3 * id + 1] as number) : 0
  }))

  function ends(): Float64Array {
    const [centres, frames] = [data.geom_xpos as Float64Array, data.geom_xmat as Float64Array]
    const places = new Float64Array(6 * geoms.length)
    seenGeoms.forEach((id, g) => {
      for (let axis = 0; axis < 3; axis++) {
        // a capsule lies along the third axis of its own frame
        const reach = geoms[g].half * frames[9 * id + 3 * axis + 2]
        places[6 * g + axis] = centres[3 * id + axis] - reach
        places[6 * g + 3 + axis] = centres[3 * id + axis] + reach
      }
    })
    return places
  }

  function save(state: Float64Array): void {
    const { qpos, qvel, warmstart } = world()
    let at = 0
    for (let i = 0; i < qpos.length; i++) state[at++] = qpos[i]
    for (let i = 0; i < qvel.length; i++) state[at++] = qvel[i]
    for (let i = 0; i < qvel.length; i++) state[at++] = warmstart[i]
  }

  function restore(state: Float64Array): void {
    const { qpos, qvel, warmstart } = world()
    let at = 0
    for (let i = 0; i < qpos.length; i++) qpos[i] = state[at++]
    for (let i = 0; i < qvel.length; i++) qvel[i] = state[at++]
    for (let i = 0; i < qvel.length; i++) warmstart[i] = state[at++]
  }

  return {
    get world() {
      return world()
    },
    masses: Float64Array.from(model.body_mass as Float64Array),
    inertias: Float64Array.from(model.body_inertia as Float64Array),
    geoms,
    ground: types.includes(plane) ? (model.geom_pos[3 * types.indexOf(plane) + 2] as number) : undefined,
    ends,
    start({ qpos, qvel }) {
      mujoco.mj_resetData(model, data)
      fill(world().qpos, qpos, 'qpos')
      fill(world().qvel, qvel, 'qvel')
      mujoco.mj_forward(model, data)
      const state = new Float64Array(qpos.length + 2 * qvel.length)
      save(state)
      return state
    },
    restore,
    save,
    advance(steps) {
      for (let i = 0; i < steps; i++) mujoco.mj_step(model, data)
    },
    updateFrames: () => mujoco.mj_kinematics(model, data)
  }
}

function fill(into: Float64Array, values: ArrayLike<number>, name: string): void {
  if (values.length !== into.length)
    throw new RangeError(`a start's ${name} has ${into.length} entries, not ${values.length}: give one for each joint`)
  for (let i = 0; i < into.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new RangeError(`a start's ${name} has ${values[i]} at entry ${i}: give finite numbers`)
    into[i] = values[i]
  }
}
