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
  /** Begins one episode a generator; each draws its start from its own. */
  reset(rngs: readonly Rng[]): Episodes
}

/** Episodes that run in lockstep. */
export interface Episodes {
  /** What each episode shows now: [episodes, observationSize], row-major, renewed in place by `step`. */
  readonly observations: Float64Array
  /** The episodes that have not ended, ascending. */
  readonly running: readonly number[]
  /**
   * Advances the episodes named by one step of the environment each.
   *
   * @param episodes indexes of running episodes
   * @param actions [episodes named, actionSize], row-major; beyond [-1, 1] they cost more and push no harder
   * @throws RangeError for an action that is not finite or of the wrong length, and for an episode that has ended
   */
  step(episodes: readonly number[], actions: ArrayLike<number>): Step
}

/** What one step gave, one entry for each episode named. */
export interface Step {
  readonly rewards: Float64Array
  /** The terms whose sum the reward is, by name. */
  readonly terms: Readonly<Record<string, Float64Array>>
  /** 1 where the task itself ended the episode (the hopper fell). */
  readonly terminated: Uint8Array
  /** 1 where the horizon did. Both may be 1 at once. */
  readonly truncated: Uint8Array
}
