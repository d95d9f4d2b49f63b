import type { Environment, Episodes } from '../environments'
import { turn } from '../turn'

/**
 * Who acts in the episodes named.
 *
 * @param observations [episodes named, observationSize]
 * @returns actions, [episodes named, actionSize]
 */
export type Actor = (observations: Float32Array, episodes: readonly number[]) => Float32Array

export interface Rollout {
  /** Sum of rewards of each episode. */
  readonly returns: Float64Array
  /** Steps of each episode. */
  readonly lengths: Uint32Array
}

/** Environment steps between two turns of the event loop: some tens of milliseconds. */
const TURN = 500

/** Runs episodes in lockstep to their end. The actor sees all that run at once, so one forward pass serves them. */
export async function rollout(
  environment: Environment,
  episodes: Episodes,
  act: Actor,
  signal?: AbortSignal
): Promise<Rollout> {
  const count = episodes.running.length
  const { observationSize: m } = environment
  const returns = new Float64Array(count)
  const lengths = new Uint32Array(count)
  let steps = 0
  while (episodes.running.length > 0) {
    const running = episodes.running
    const observations = new Float32Array(running.length * m)
    running.forEach((e, row) => {
      for (let i = 0; i < m; i++) observations[row * m + i] = episodes.observations[e * m + i]
    })
    const { rewards } = episodes.step(running, act(observations, running))
    running.forEach((e, row) => {
      returns[e] += rewards[row]
      lengths[e] += 1
    })
    steps += running.length
    if (steps >= TURN) {
      steps = 0
      await turn(signal)
    }
  }
  return { returns, lengths }
}
