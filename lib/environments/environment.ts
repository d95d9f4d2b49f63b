import type { Rng } from '../util/random'

/**
 * A task to imitate an expert on. It has no state: `reset` begins episodes. `reacher.ts` and `hopper.ts` document their observations,
 * actions and rewards.
 */
export interface Environment {
  readonly name: string
  /** Entries of an observation (m in the paper). */
  readonly observationSize: number
  /** Entries of an action (n in the paper). The actuators take each from [-1, 1]. */
  readonly actionSize: number
  /** Steps after which an episode is truncated (T in the paper). */
  readonly horizon: number
  /** Tests whether an episode with this last observation succeeded. Undefined if success is to reach the horizon. */
  readonly succeeds?: ((observation: ArrayLike<number>) => boolean) | undefined
  /** The bodies, as seen in the plane of motion: Reacher's from above, Hopper's from the side. */
  readonly shapes: readonly Shape[]
  /** Height of the ground in that plane, m; undefined if there is none. */
  readonly ground: number | undefined
  /** Begins one episode for each generator, neither fewer nor more, which draws its start. */
  reset(rngs: readonly Rng[]): Episodes
  /**
   * Begins one episode from each start, for replays and for trials of several policies from the same starts.
   *
   * @throws TypeError for a start of the wrong size, RangeError for one that is not finite
   */
  resetTo(starts: readonly Start[]): Episodes
}

/** A body to draw: a capsule, or a disc if its two ends coincide. */
export interface Shape {
  /** Name of its body in the model. */
  readonly name: string
  /** Half its width, m. */
  readonly radius: number
}

/** Initial positions and velocities of an episode, in MuJoCo's generalized coordinates: m, rad, m/s, rad/s. */
export type Start = { readonly qpos: ArrayLike<number>; readonly qvel: ArrayLike<number> }

/** Episodes in lockstep. They hold nothing outside the heap, so they may be dropped at any time. */
export interface Episodes {
  /** Current observations, [episodes, observationSize], row-major. `step` updates them in place. */
  readonly observations: Float64Array
  /** Indexes of the episodes that have not ended, ascending; a new array whenever one ends. */
  readonly running: readonly number[]
  /**
   * Advances the given episodes by one step each. If it refuses its arguments, no episode has moved.
   *
   * @param episodes indexes of running episodes, each once, in any order
   * @param actions [given episodes, actionSize], row-major, a copy; beyond [-1, 1] they cost more and push no harder
   * @throws RangeError for an action that is not finite or of the wrong length, for an episode that has ended, and where MuJoCo resets the world
   */
  step(episodes: readonly number[], actions: ArrayLike<number>): Step
  /** Returns the current positions of an episode's shapes, [shapes, 4]: both ends in the plane, m. The episode may have ended. */
  pose(episode: number): Float64Array
}

/** Results of one step, one entry for each given episode, in that order. */
export interface Step {
  /** [given episodes]. */
  readonly rewards: Float64Array
  /** Terms of the reward by name. The reward is their sum. */
  readonly terms: Readonly<Record<string, Float64Array>>
  /** 1 where the task ended the episode (the hopper fell). */
  readonly terminated: Uint8Array
  /** 1 where the horizon ended the episode. Both may be 1 at once. */
  readonly truncated: Uint8Array
}
