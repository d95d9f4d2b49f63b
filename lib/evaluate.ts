import { type Environment, type Rollout, rollout } from './environments'
import type { Policy } from './networks'
import { generator, normal } from './util/random'

/**
 * Runs trials of a policy, without the expert. Trial i of a task has the same start for every policy, so that returns can be compared
 * trial by trial.
 *
 * @param count number of trials
 * @param options.noise standard deviation of the normal noise added to each entry of an action; 0 by default
 * @param options.role names the policy in errors
 * @throws RangeError for an action that is not finite; the signal's reason when aborted
 */
export function trials(
  environment: Environment,
  policy: Policy,
  count: number,
  { noise = 0, signal, role }: { noise?: number; signal?: AbortSignal | undefined; role?: string } = {}
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
  return rollout(environment, environment.reset(generators('trial')), actor, signal, role)
}

/**
 * Runs `trials` without noise and returns the return of each, [count]: the sum of its rewards.
 *
 * @throws what `trials` does
 */
export const evaluate = async (
  environment: Environment,
  policy: Policy,
  count: number,
  signal?: AbortSignal
): Promise<Float64Array> => (await trials(environment, policy, count, { signal })).returns
