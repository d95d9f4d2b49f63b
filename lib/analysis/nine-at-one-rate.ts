import type { EnvironmentName } from '../environments'
import type { Model } from '../networks'
import { protocolFor } from '../protocol'
import { type Outcome, type RunRecord, withExpertHash } from '../record'
import { strategyFor } from '../strategies'
import { mean } from '../util/statistics'
import { resultsBySeed, type SeedResults } from './results-by-seed'
import { commonRate, studyTrials } from './study'

/**
 * Returns the results of the paper's nine on a task without thresholds of its own: rules with a critic query at the common rate, Random as in the
 * paper, at the same. Runs count their first twenty trials, which have the same starts; the last loss is the mean over the last five iterations.
 *
 * @throws RangeError when no seed has all nine
 */
export async function nineAtOneRate(
  records: Iterable<RunRecord>,
  environment: EnvironmentName,
  expert: Model
): Promise<SeedResults[]> {
  const protocol = await withExpertHash(protocolFor(environment, 'dagger', expert, { trials: studyTrials }))
  const own: RunRecord[] = []
  for (const record of records) {
    const { environment: task, strategy, hyperparameters, rate, ...others } = record.protocol
    if (task !== environment || rate !== (strategyFor(strategy, hyperparameters).critic && commonRate)) continue
    const sameTrials = { ...others, environment, strategy, hyperparameters, trials: studyTrials }
    own.push({ ...record, protocol: sameTrials, outcome: settled(record.outcome) })
  }
  return resultsBySeed(own, protocol)
}

/** Returns an outcome by its first trials, whose last loss is the mean over the last five iterations. */
function settled(outcome: Outcome): Outcome {
  const expertReturns = outcome.expertReturns.slice(0, studyTrials)
  const losses = outcome.iterations.map(({ returns }) => mean(expertReturns) - mean(returns.slice(0, studyTrials)))
  losses[losses.length - 1] = mean(losses.slice(-5))
  return { ...outcome, expertReturns, iterations: outcome.iterations.map((one, i) => ({ ...one, loss: losses[i] })) }
}
