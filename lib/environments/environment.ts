import type { Rng } from '../random'

/** A task. What it observes, does and rewards is documented beside its physics, in `reacher.ts` and `hopper.ts`. */
export interface Environment {
  readonly name: string
  /** Entries of an observation, the paper's m. */
  readonly observationSize: number
  /** Entries of an action, the paper's n; the actuators take each from [-1, 1]. */
  readonly actionSize: number
  /** Steps after which an episode is cut off, the paper's T. */
  readonly horizon: number
  /**
   * Whether an episode that shows this in its last step has done what it should, where that is more than not to have been ended by
   * the task.
   */
  readonly succeeds?: ((observation: ArrayLike<number>) => boolean) | undefined
  /** What the model is made of, as it looks in the plane that all happens in: Reacher's from above, Hopper's from the side. */
  readonly shapes: readonly Shape[]
  /** The height of the ground in that plane, m; undefined where there is none. */
  readonly ground: number | undefined
  /** Begins one episode a generator; each draws its start from its own. */
  reset(rngs: readonly Rng[]): Episodes
  /**
   * Begins one episode a start given, for replays and for trials of several policies from the same starts.
   *
   * @throws RangeError for a start of the wrong size or one that is not finite
   */
  resetTo(starts: readonly Start[]): Episodes
}

/** A capsule, or a disc where its two ends are one. */
export interface Shape {
  /** The body's, in the model. */
  readonly name: string
  /** m */
  readonly radius: number
}

/** Where the bodies are when an episode begins, and how fast: MuJoCo's generalized coordinates, m, rad, m/s, rad/s. */
export interface Start {
  readonly qpos: ArrayLike<number>
  readonly qvel: ArrayLike<number>
}

/** Episodes that run in lockstep. They own nothing outside the heap: drop them at any time, finished or not. */
export interface Episodes {
  /** What each episode shows now: [episodes, observationSize], row-major, renewed in place by `step`. */
  readonly observations: Float64Array
  /** The episodes that have not ended, ascending; a new array whenever one ends. */
  readonly running: readonly number[]
  /**
   * Advances the episodes named by one step of the environment each. If it throws, no episode has moved.
   *
   * @param episodes indexes of running episodes, each named once, in any order
   * @param actions [episodes named, actionSize], row-major; beyond [-1, 1] they cost more and push no harder
   * @throws RangeError for an action that is not finite or of the wrong length, and for an episode that has ended
   */
  step(episodes: readonly number[], actions: ArrayLike<number>): Step
  /** Where an episode's shapes are now, running or not: [shapes, 4], for each the plane's two coordinates of both ends, m. */
  place(episode: number): Float64Array
}

/** What one step gave, one entry for each episode named, in that order. */
export interface Step {
  readonly rewards: Float64Array
  /** The terms whose sum the reward is, by name. */
  readonly terms: Readonly<Record<string, Float64Array>>
  /** 1 where the task itself ended the episode (the hopper fell). */
  readonly terminated: Uint8Array
  /** 1 where the horizon did. Both may be 1 at once. */
  readonly truncated: Uint8Array
}
