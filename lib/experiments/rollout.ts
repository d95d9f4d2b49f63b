import type { Environment, Episodes } from '../environments'
import { turns } from '../turn'

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
  const pause = turns(signal)
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
    await pause()
  }
  return { returns, lengths }
}
