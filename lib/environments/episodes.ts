/** Episodes in lockstep, for any task: which ones run, their observations, and checks of each step's arguments. */
import { pipe, check as valid } from 'valibot'
import { checksIn, differ, sizes } from '../check'
import { hear, isList } from '../util/json'
import type { Rng } from '../util/random'
import { a, check, func, listOf, mayBe, object, part, text } from '../util/schema'
import type { Environment, Episodes, Start, Step } from './environment'
import type { Simulator } from './mujoco'

/** The declaration of a task, for `makeEnvironment`. Its functions read and change the current world of the simulator. */
export interface Task extends Pick<Environment, 'name' | 'observationSize' | 'actionSize' | 'horizon' | 'succeeds'> {
  /** The plane in which `pose` draws bodies, as two indexes of x, y and z. */
  readonly plane: readonly [number, number]
  /** Names of the terms of the reward, which is their sum from left to right. */
  readonly terms: readonly string[]
  /** Draws the start of an episode. */
  draw(rng: Rng): Start
  /** Writes the observation of the world, [observationSize], all of it, into the array given. */
  observe(simulator: Simulator, observation: Float64Array): void
  /** Advances the world, whose controls are set, by one step. Updates the observation. */
  step(simulator: Simulator, observation: Float64Array): Outcome
}

export interface Outcome {
  /** The value of each of the task's terms. */
  readonly terms: readonly number[]
  readonly terminated: boolean
}

const plane = a<Task['plane']>('two of 0, 1 and 2', (given) => isList(given) && /^[012],[012]$/.test(String(given)))
const terms = pipe(listOf(text), valid(differ, '$field must have no name twice'))
const functions = { draw: func, observe: func, step: func, succeeds: mayBe }
const taskSchema = object({ name: text, ...sizes, plane, terms, ...functions })
const world = part({ ctrl: a('a list', isList) })
const makingSchema = object({ task: taskSchema, simulator: part({ world, start: func, advance: func }) })

/** Makes an environment from a task and a simulator of its model, which `simulate` returns. */
export function makeEnvironment(task: Task, simulator: Simulator): Environment {
  check(makingSchema, 'makeEnvironment', { task, simulator })
  const { name, observationSize, actionSize, horizon, succeeds } = task
  const { geoms: shapes, ground } = simulator
  const motors = simulator.world.ctrl.length
  if (motors !== actionSize)
    throw new RangeError(`${name}: actionSize is ${actionSize}, and the model has ${motors} motors: make them equal`)
  const resetTo = (starts: readonly Start[]) => begin(task, simulator, starts)
  const reset: Environment['reset'] = (rngs) => resetTo(rngs.map((rng) => task.draw(rng)))
  return { name, observationSize, actionSize, horizon, succeeds, shapes, ground, resetTo, reset }
}

function begin(task: Task, simulator: Simulator, starts: readonly Start[]): Episodes {
  const { name, observationSize: m, actionSize: n, horizon, plane } = task
  const count = starts.length
  const observations = new Float64Array(count * m).fill(Number.NaN)
  const observationOf = (e: number): Float64Array => observations.subarray(e * m, (e + 1) * m)
  const states = starts.map((start, e) => {
    const state = simulator.start(start, `${name}: episode ${e}`)
    observe(task, simulator, observationOf(e))
    return state
  })
  const steps = new Uint32Array(count)
  const ended = new Uint8Array(count)
  const running: readonly number[] = starts.map((_, e) => e)
  const begun = { observations, running, step, pose }

  function step(episodes: readonly number[], actions: ArrayLike<number>): Step {
    for (const [k, e] of episodes.entries()) {
      checkEpisode(name, e, count)
      if (ended[e])
        throw new RangeError(`${name}: episode ${e} ended after ${steps[e]} steps: step only those in \`running\``)
      if (episodes.indexOf(e) < k)
        throw new RangeError(`${name}: step was given an episode twice (${episodes.join(', ')}): name each once`)
    }
    checksIn(episodes, steps).numbers(`${name}: the action`, actions, n, '')
    const rewards = new Float64Array(episodes.length)
    const terms = task.terms.map(() => new Float64Array(episodes.length))
    const terminated = new Uint8Array(episodes.length)
    const truncated = new Uint8Array(episodes.length)
    for (const [k, e] of episodes.entries()) {
      simulator.restore(states[e])
      const { ctrl } = simulator.world
      for (let i = 0; i < n; i++) ctrl[i] = actions[k * n + i]
      const outcome = task.step(simulator, observationOf(e))
      if (simulator.wasReset())
        throw new RangeError(`${name}: episode ${e} became unstable at its step ${steps[e]}, from state ${states[e]}`)
      if (!isOutcome(outcome, terms.length))
        throw new RangeError(
          `${name}: a step must return ${terms.length} terms and terminated, which is true or false; terms are numbers`
        )
      simulator.save(states[e])
      for (const [t, term] of terms.entries()) {
        term[k] = outcome.terms[t]
        rewards[k] += outcome.terms[t]
      }
      steps[e]++
      terminated[k] = Number(outcome.terminated)
      truncated[k] = Number(steps[e] === horizon)
      ended[e] = terminated[k] | truncated[k]
    }
    if (episodes.some((e) => ended[e])) begun.running = begun.running.filter((e) => !ended[e])
    return { rewards, terms: Object.fromEntries(task.terms.map((term, t) => [term, terms[t]])), terminated, truncated }
  }

  function pose(episode: number): Float64Array {
    checkEpisode(name, episode, count)
    simulator.restore(states[episode])
    simulator.updateFrames()
    const ends = simulator.ends()
    return Float64Array.from({ length: (2 * ends.length) / 3 }, (_, i) => ends[3 * (i >> 1) + plane[i & 1]])
  }

  return begun
}

/** Has a task write the first observation of an episode, and refuses more or less than all of it: an array drops what is written beyond it. */
function observe(task: Task, simulator: Simulator, observation: Float64Array): void {
  const expected = `${task.name}: observe must write ${task.observationSize} finite numbers into the array that it is given`
  const guarded = new Proxy(observation, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
    set(target, key, value) {
      if (key in target) return Reflect.set(target, key, value)
      throw new RangeError(`it has no entry ${String(key)}`)
    }
  })
  try {
    hear([task.observe(simulator, guarded)])
  } catch (error) {
    const { name, message } = error as Error
    throw name === 'RangeError' ? new RangeError(`${expected}: ${message}`, { cause: error }) : error
  }
  if (!observation.every(Number.isFinite)) throw new RangeError(expected)
}

/** Tests whether a step returned what it must. */
function isOutcome(outcome: Outcome | undefined, count: number): boolean {
  hear([outcome])
  const { terms, terminated } = Object(outcome) as Partial<Outcome>
  const areNumbers = isList(terms) && terms.length === count && terms.every((term) => typeof term === 'number')
  return areNumbers && typeof terminated === 'boolean'
}

function checkEpisode(name: string, episode: number, count: number): void {
  if (!Number.isInteger(episode) || episode < 0 || episode >= count)
    throw new RangeError(`${name}: there is no episode ${episode} among ${count}: name one of them`)
}
