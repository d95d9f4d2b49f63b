import { createYielder } from '../util/event-loop'
import type { Environment, Episodes } from './environment'

/** Outcome of a batch of episodes. */
export interface Rollout {
  /** Sum of rewards of each episode. */
  readonly returns: Float64Array
  /** Steps of each episode. */
  readonly lengths: Uint32Array
}

/** One step of all running episodes. Call `act` once to take it. */
export interface Timestep {
  /** Indexes of the running episodes, ascending. */
  readonly running: readonly number[]
  /** Their observations, [running, observationSize]. */
  readonly states: Float32Array
  /** Executes actions, [running, actionSize]. */
  act(actions: Float32Array): void
}

/**
 * Begins a rollout of episodes in lockstep, so that one forward pass serves all. The outcome is complete when the timesteps end.
 *
 * @throws the signal's reason when aborted
 */
export function beginRollout(
  { observationSize: m }: Environment,
  episodes: Episodes,
  signal?: AbortSignal
): Rollout & { timesteps(): AsyncGenerator<Timestep, void, undefined> } {
  const count = episodes.running.length
  const returns = new Float64Array(count)
  const lengths = new Uint32Array(count)
  async function* timesteps(): AsyncGenerator<Timestep, void, undefined> {
    const yieldNow = createYielder(signal)
    while (episodes.running.length > 0) {
      const { running } = episodes
      const states = new Float32Array(running.length * m)
      running.forEach((e, row) => {
        for (let i = 0; i < m; i++) states[row * m + i] = episodes.observations[e * m + i]
      })
      const act = (actions: Float32Array): void => {
        const { rewards } = episodes.step(running, actions)
        running.forEach((e, row) => {
          returns[e] += rewards[row]
          lengths[e] += 1
        })
      }
      yield { running, states, act }
      await yieldNow()
    }
  }
  return { returns, lengths, timesteps }
}

/**
 * Runs episodes to their end.
 *
 * @param actor returns the actions of the running episodes, [running, actionSize]
 */
export async function rollout(
  environment: Environment,
  episodes: Episodes,
  actor: (states: Float32Array, running: readonly number[]) => Float32Array,
  signal?: AbortSignal
): Promise<Rollout> {
  const { returns, lengths, timesteps } = beginRollout(environment, episodes, signal)
  for await (const { states, running, act } of timesteps()) act(actor(states, running))
  return { returns, lengths }
}
