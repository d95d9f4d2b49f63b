import { type Environment, type Rollout, rollout } from './environments'
import type { Policy } from './networks'
import { generator, normal } from './util/random'

/**
 * Runs trials of a policy, without the expert. Trial i of a task has the same start for every policy, so that returns can be compared
 * trial by trial.
 *
 * @param noise standard deviation of the noise added to each entry of an action
 */
export function trials(
  environment: Environment,
  policy: Policy,
  count: number,
  { noise = 0, signal }: { noise?: number; signal?: AbortSignal | undefined } = {}
): Promise<Rollout> {
  const generators = (purpose: string) =>
    Array.from({ length: count }, (_, trial) => generator(0, purpose, environment.name, trial))
  const noises = generators('noise')
  const actor = (observations: Float32Array, running: readonly number[]) => {
    const actions = policy.predict(observations, running.length)
    if (noise > 0)
      for (let i = 0; i < actions.length; i++)
        actions[i] += noise * normal(noises[running[Math.floor(i / environment.actionSize)]])
    return actions
  }
  return rollout(environment, environment.reset(generators('trial')), actor, signal)
}

/** Returns the return of each of a policy's trials. */
export const evaluate = async (
  environment: Environment,
  policy: Policy,
  count: number,
  signal?: AbortSignal
): Promise<Float64Array> => (await trials(environment, policy, count, { signal })).returns
