import { checksOf, naming, ruleSchema } from './check'
import { type Collectors, collect } from './collect'
import { learnerAlone, type QueryStrategy } from './strategies'
import { noCritic } from './strategies/strategy'
import type { Key } from './util/random'
import { check } from './util/schema'

/** Episodes that thresholds are set by: high scores come in few of them, so an iteration's five or ten would say little. */
const episodes = 20

/**
 * Calibrates a strategy whose rule wants it, on episodes in which the learner acts alone and the expert is not queried; returns any
 * other strategy as it is.
 *
 * @param key names the random numbers of the iteration
 * @returns the strategy, and the steps of those episodes
 */
export async function calibrate(from: Collectors, key: Key, signal?: AbortSignal): Promise<[QueryStrategy, number]> {
  const { strategy, critic = noCritic } = from
  if (!strategy.rule.calibrate) return [strategy, 0]
  const alone = { ...from, strategy: learnerAlone, critic: noCritic }
  const { visited } = await collect(alone, episodes, [...key, 'calibration'], signal)
  const { scores } = checksOf(visited.rows, (row) => placeOf(visited.lengths, row))
  const calibrated = () =>
    strategy.rule.calibrate?.(scores(critic.score(visited.observations, visited.actions, visited.rows)))
  const rule = await naming(`the calibration by the critic '${strategy.critic?.name ?? 'none'}'`, calibrated)()
  check(ruleSchema, "what the rule's calibrate returns", rule)
  return [Object.assign(Object.create(strategy), { rule }), visited.rows]
}

/** Names the episode and the step of a visited state. */
function placeOf(lengths: readonly number[], row: number): string {
  let [episode, step] = [0, row]
  for (; step >= lengths[episode]; episode++) step -= lengths[episode]
  return `episode ${episode} at its step ${step}`
}
