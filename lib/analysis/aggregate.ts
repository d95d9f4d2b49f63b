/**
 * Comparisons over tasks and seeds at once, with intervals, after Agarwal et al., Deep Reinforcement Learning at the Edge of
 * the Statistical Precipice (2021).
 */

import { generator, type Rng } from '../random'
import { mean } from '../statistics'
import { type StrategyName, strategyNames } from '../strategies'
import { bootstrap, type Estimate } from './bootstrap'
import { type Contest, final } from './contests'

/** Each task's contests. */
export type Tasks = Readonly<Record<string, readonly Contest[]>>

/** The mean of the middle half of some numbers; of the outer ones, quarters count by the share that lies in it. */
export function interquartileMean(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort()
  const quarter = sorted.length / 4
  const weights = sorted.map((_, i) => Math.max(0, Math.min(i + 1, 3 * quarter) - Math.max(i, quarter)))
  return sorted.reduce((sum, value, i) => sum + weights[i] * value, 0) / (2 * quarter)
}

/** How often a number of one sample is below one of another, ties counting half (Mann and Whitney). */
export const probabilityBelow = (a: readonly number[], b: readonly number[]): number =>
  mean(a.flatMap((x) => b.map((y) => (x < y ? 1 : x === y ? 0.5 : 0))))

const finalLoss = ({ outcomes }: Contest, strategy: StrategyName): number => final(outcomes[strategy]).loss

/**
 * For each strategy the interquartile mean, over seeds and tasks, of the share of Supervised's mean loss on that task that it
 * avoids: 0 is as Supervised, 1 is as the expert.
 */
export function scores(tasks: Tasks): Record<StrategyName, Estimate> {
  const baselines = Object.values(tasks).map((contests) => mean(contests.map((one) => finalLoss(one, 'supervised'))))
  return forEach((strategy) =>
    bootstrap(
      Object.values(tasks).map((contests, t) =>
        contests.map((contest) => 1 - finalLoss(contest, strategy) / baselines[t])
      ),
      (strata) => interquartileMean(strata.flat()),
      generator(0, 'score', strategy)
    )
  )
}

/**
 * How probable it is that a number of some is below one of others, mean over strata.
 *
 * @param ours numbers of each stratum, and `theirs` of the same
 */
export const improvement = (
  ours: readonly (readonly number[])[],
  theirs: readonly (readonly number[])[],
  rng: Rng
): Estimate =>
  bootstrap(
    [...ours, ...theirs],
    (strata) => mean(ours.map((_, stratum) => probabilityBelow(strata[stratum], strata[ours.length + stratum]))),
    rng
  )

/** For each strategy the probability that a run of it loses less than one of another strategy, mean over tasks. */
export function improvements(tasks: Tasks, over: StrategyName): Record<StrategyName, Estimate> {
  const losses = (strategy: StrategyName) =>
    Object.values(tasks).map((contests) => contests.map((contest) => finalLoss(contest, strategy)))
  // of a strategy over itself there is nothing to estimate
  const itself = { value: 0.5, low: 0.5, high: 0.5 }
  return forEach((strategy) =>
    strategy === over
      ? itself
      : improvement(losses(strategy), losses(over), generator(0, 'improvement', strategy, over))
  )
}

const forEach = (estimate: (strategy: StrategyName) => Estimate): Record<StrategyName, Estimate> =>
  Object.fromEntries(strategyNames.map((name) => [name, estimate(name)])) as Record<StrategyName, Estimate>
