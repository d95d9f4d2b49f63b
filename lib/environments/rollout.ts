import { checksIn } from '../check'
import { createYielder } from '../util/event-loop'
import { builtInKind, hear } from '../util/json'
import type { Rng } from '../util/random'
import type { Environment, Episodes } from './environment'

/** Outcome of a batch of episodes. */
export interface Rollout {
  /** Sum of rewards of each episode. */
  readonly returns: Float64Array
  /** Steps of each episode. */
  readonly lengths: Uint32Array
}

/** Begins an episode for each generator. */
export function begin(task: Environment, rngs: readonly Rng[]): Episodes {
  const episodes = task.reset(rngs)
  const begun = episodes?.running?.length
  if (begun === rngs.length) return episodes
  hear([episodes])
  const given = begun ?? builtInKind(episodes)
  throw new RangeError(`${task.name}: reset must return an episode for each of ${rngs.length} rngs, not ${given}`)
}

/**
 * Begins a rollout of episodes in lockstep, so that one forward pass serves all. The outcome is complete when the timesteps end.
 * Each timestep is one step of all running episodes: call its `act` once to take it.
 *
 * @throws the signal's reason when aborted
 */
export function beginRollout(environment: Environment, episodes: Episodes, signal?: AbortSignal) {
  const { name, horizon, observationSize: m } = environment
  const count = episodes.running.length
  const returns = new Float64Array(count)
  const lengths = new Uint32Array(count)
  async function* timesteps() {
    const yieldNow = createYielder(signal)
    checksIn(episodes.running, lengths).numbers(`${name}'s start`, episodes.observations, m, 'Float64Array')
    while (episodes.running.length > 0) {
      /** Indexes of the running episodes, ascending. */
      const running = [...episodes.running]
      const endless = running.find((e) => lengths[e] >= horizon)
      if (endless !== undefined)
        throw new RangeError(`${name}: episode ${endless} goes on after ${horizon} steps, its horizon: end it by then`)
      /** Their observations, [running, observationSize]. */
      const states = new Float32Array(running.length * m)
      running.forEach((e, row) => {
        for (let i = 0; i < m; i++) states[row * m + i] = episodes.observations[e * m + i]
      })
      /** Checks what is given for them. */
      const here = checksIn(running, lengths)
      here.numbers(`${name}'s observation`, states, m)
      /** Executes actions, [running, actionSize]. */
      const act = (actions: Float32Array): void => {
        const step = episodes.step([...running], actions.slice())
        hear([step])
        const rewards = here.numbers(`${name}'s reward`, step?.rewards, 1, 'Float64Array')
        running.forEach((e, row) => {
          returns[e] += rewards[row]
          lengths[e] += 1
        })
      }
      yield { running, states, here, act }
      await yieldNow()
    }
  }
  return { returns, lengths, timesteps }
}

/**
 * Runs episodes in lockstep to their end.
 *
 * @param episodes as `environment.reset` or `resetTo` returns them
 * @param actor returns the actions of the running episodes, [running, actionSize], for their states, [running, observationSize]
 * @throws RangeError for an action that is not finite or of the wrong length; the signal's reason when aborted
 */
export async function rollout(
  environment: Environment,
  episodes: Episodes,
  actor: (states: Float32Array, running: readonly number[]) => Float32Array,
  signal?: AbortSignal
): Promise<Rollout> {
  const { returns, lengths, timesteps } = beginRollout(environment, episodes, signal)
  for await (const { states, running, here, act } of timesteps())
    act(here.numbers("the policy's action", actor(states, running), environment.actionSize))
  return { returns, lengths }
}
