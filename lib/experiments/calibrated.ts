import type { Environment } from '../environments'
import type { Policy } from '../networks'
import { type Judge, type QueryStrategy, unaided } from '../strategies'
import { collect } from './collect'

/** Episodes that thresholds are set by: high scores come in few of them, so an iteration's five or ten would say little. */
const episodes = 20

/**
 * A strategy with its thresholds set, where its rule wants that, by episodes in which the learner acts alone and nobody is asked;
 * else as it is.
 *
 * @param judge what its critic has learned
 * @param key names the random numbers of whatever it is calibrated for
 */
export async function calibrated(
  environment: Environment,
  policy: Policy,
  expert: Policy,
  strategy: QueryStrategy,
  judge: Judge,
  key: readonly (string | number)[],
  signal?: AbortSignal
): Promise<QueryStrategy> {
  if (!strategy.asks.calibrate) return strategy
  const { met } = await collect(environment, policy, expert, unaided, episodes, [...key, 'calibration'], { signal })
  return { ...strategy, asks: strategy.asks.calibrate(judge.scores(met.observations, met.actions, met.rows)) }
}
