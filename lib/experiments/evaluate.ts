import type { Environment } from '../environments'
import type { Network } from '../networks'
import { generator } from '../random'
import { rollout } from './rollout'

/**
 * A policy's returns, one a trial, without the expert. Trial i of a task starts in the same state whoever acts, so that
 * the returns of two policies can be compared trial by trial.
 */
export async function evaluate(
  environment: Environment,
  policy: Network,
  trials: number,
  signal?: AbortSignal
): Promise<Float64Array> {
  const starts = Array.from({ length: trials }, (_, trial) => generator(0, 'trial', environment.name, trial))
  const act = (observations: Float32Array, running: readonly number[]) => policy.predict(observations, running.length)
  return (await rollout(environment, environment.reset(starts), act, signal)).returns
}
