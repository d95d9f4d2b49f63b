/** Episodes in lockstep, for any task: who still runs, what was shown, and what may be asked. */
import type { Rng } from '../random'
import type { Environment, Episodes, Start, Step } from './environment'
import type { Simulator } from './mujoco'

/** What is particular to a task. The functions work on the simulator's world as it stands. */
export interface Task {
  readonly name: string
  readonly observationSize: number
  readonly actionSize: number
  readonly horizon: number
  /** The plane that all happens in: which of x, y and z it shows. */
  readonly plane: readonly [number, number]
  /** Names of the terms whose sum, taken from the left, is the reward. */
  readonly terms: readonly string[]
  readonly succeeds?: Environment['succeeds']
  draw(rng: Rng): Start
  /** Writes what the world shows. */
  observe(simulator: Simulator, observation: Float64Array): void
  /** Advances the world, with its controls set, by one step from what is shown to what it then shows. */
  step(simulator: Simulator, observation: Float64Array): Outcome
}

export interface Outcome {
  /** One value for each of the task's terms. */
  readonly terms: readonly number[]
  readonly terminated: boolean
}

/** The environment that a task and a simulator of its model make. */
export function makeEnvironment(task: Task, simulator: Simulator): Environment {
  const { name, observationSize, actionSize, horizon, succeeds } = task
  const { geoms: shapes, ground } = simulator
  const resetTo = (starts: readonly Start[]) => begin(task, simulator, starts)
  const reset: Environment['reset'] = (rngs) => resetTo(rngs.map(task.draw))
  return { name, observationSize, actionSize, horizon, succeeds, shapes, ground, resetTo, reset }
}

function begin(task: Task, simulator: Simulator, starts: readonly Start[]): Episodes {
  const { observationSize, actionSize, horizon } = task
  const observations = new Float64Array(starts.length * observationSize)
  const shown = starts.map((_, e) => observations.subarray(e * observationSize, (e + 1) * observationSize))
  const states = starts.map((start, e) => {
    const state = simulator.start(start)
    task.observe(simulator, shown[e])
    return state
  })
  const steps = new Uint32Array(starts.length)
  const ended = new Uint8Array(starts.length)
  let running = starts.map((_, e) => e)

  function step(episodes: readonly number[], actions: ArrayLike<number>): Step {
    checkEpisodes(task.name, episodes, steps, ended)
    checkActions(task, episodes, steps, actions)
    const count = episodes.length
    const rewards = new Float64Array(count)
    const terms = task.terms.map(() => new Float64Array(count))
    const terminated = new Uint8Array(count)
    const truncated = new Uint8Array(count)
    for (let k = 0; k < count; k++) {
      const e = episodes[k]
      const { ctrl } = simulator.world
      simulator.restore(states[e])
      for (let i = 0; i < actionSize; i++) ctrl[i] = actions[k * actionSize + i]
      const outcome = task.step(simulator, shown[e])
      simulator.save(states[e])
      for (let t = 0; t < terms.length; t++) {
        terms[t][k] = outcome.terms[t]
        rewards[k] += outcome.terms[t]
      }
      steps[e]++
      terminated[k] = Number(outcome.terminated)
      truncated[k] = Number(steps[e] === horizon)
      ended[e] = terminated[k] | truncated[k]
    }
    if (episodes.some((e) => ended[e])) running = running.filter((e) => !ended[e])
    return {
      rewards,
      terms: Object.fromEntries(task.terms.map((term, t) => [term, terms[t]])),
      terminated,
      truncated
    }
  }

  function place(episode: number): Float64Array {
    if (!(episode in states))
      throw new RangeError(`${task.name}: there is no episode ${episode} among ${states.length}: name one of them`)
    simulator.restore(states[episode])
    simulator.updateFrames()
    const ends = simulator.ends()
    return Float64Array.from({ length: (2 * ends.length) / 3 }, (_, i) => ends[3 * (i >> 1) + task.plane[i & 1]])
  }

  return {
    observations,
    get running() {
      return running
    },
    step,
    place
  }
}

function checkEpisodes(name: string, episodes: readonly number[], steps: Uint32Array, ended: Uint8Array): void {
  if (new Set(episodes).size !== episodes.length)
    throw new RangeError(`${name}: step was given an episode twice (${episodes.join(', ')}): name each once`)
  for (const e of episodes) {
    if (!(e in steps))
      throw new RangeError(`${name}: there is no episode ${e} among ${steps.length}: name those in \`running\``)
    if (ended[e])
      throw new RangeError(`${name}: episode ${e} ended after ${steps[e]} steps: step only those in \`running\``)
  }
}

function checkActions(task: Task, episodes: readonly number[], steps: Uint32Array, actions: ArrayLike<number>): void {
  const { name, actionSize } = task
  if (actions.length !== episodes.length * actionSize)
    throw new RangeError(
      `${name}: step was given ${actions.length} numbers of actions for ${episodes.length} episodes: ` +
        `give ${actionSize} for each, ${episodes.length * actionSize} in all`
    )
  for (let i = 0; i < actions.length; i++) {
    if (Number.isFinite(actions[i])) continue
    const e = episodes[Math.floor(i / actionSize)]
    throw new RangeError(
      `${name}: the action for episode ${e} at its step ${steps[e]} has ${actions[i]} at entry ${i % actionSize}: ` +
        'give finite numbers; if a network made it, its weights have likely diverged'
    )
  }
}
