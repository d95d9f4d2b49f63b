import {
  commonRate,
  mean,
  type Outcome,
  type RecordedProtocol,
  type RunRecord,
  resultsBySeed,
  type SeedResults,
  strategyFor,
  strategyNames,
  studyTrials
} from 'radgrad'

/**
 * Returns the results of the paper's nine on a task as if it had no thresholds of its own: strategies with a critic query at the common rate,
 * which is Random's in the paper. Runs count their first twenty trials, from the same starts; the last loss is the mean over the last five
 * iterations.
 *
 * @param protocol of any of the nine, with any number of trials
 * @throws RangeError when no seed has all nine
 */
export async function nineAtOneRate(records: Iterable<RunRecord>, protocol: RecordedProtocol): Promise<SeedResults[]> {
  const own: RunRecord[] = []
  for (const record of records) {
    const { rate, ...others } = record.protocol
    const name = strategyNames.find((one) => one === others.strategy)
    if (!name || rate !== (strategyFor(name, others.hyperparameters).critic && commonRate)) continue
    own.push({ ...record, protocol: { ...others, trials: studyTrials }, outcome: settled(record.outcome) })
  }
  return resultsBySeed(own, { ...protocol, trials: studyTrials })
}

/** Returns an outcome by its first trials, whose last loss is the mean over the last five iterations. */
function settled(outcome: Outcome): Outcome {
  const expertReturns = outcome.expertReturns.slice(0, studyTrials)
  const losses = outcome.iterations.map(({ returns }) => mean(expertReturns) - mean(returns.slice(0, studyTrials)))
  losses[losses.length - 1] = mean(losses.slice(-5))
  return { ...outcome, expertReturns, iterations: outcome.iterations.map((one, i) => ({ ...one, loss: losses[i] })) }
}
