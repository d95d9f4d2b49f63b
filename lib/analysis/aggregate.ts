/**
 * Comparisons over tasks and seeds at once, with intervals, after Agarwal et al., Deep Reinforcement Learning at the Edge of
 * the Statistical Precipice (2021).
 */

import { type StrategyName, strategyNames } from '../strategies'
import { generator, type Rng } from '../util/random'
import { mean } from '../util/statistics'
import { bootstrap, type Estimate, type Strata } from './bootstrap'
import { finals, type SeedResults } from './results-by-seed'

/** The results of each task, by its name. */
export type ResultsByTask = Readonly<Record<string, readonly SeedResults[]>>

/** Returns the mean of the middle half of the values; a value partly in it counts by that part. */
export function interquartileMean(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort()
  const quarter = sorted.length / 4
  const weights = sorted.map((_, i) => Math.max(0, Math.min(i + 1, 3 * quarter) - Math.max(i, quarter)))
  return sorted.reduce((sum, value, i) => sum + weights[i] * value, 0) / (2 * quarter)
}

/** Returns the share of pairs in which a value of `a` is below one of `b`, ties counting half (Mann and Whitney). */
export function probabilityBelow(a: readonly number[], b: readonly number[]): number {
  let below = 0
  for (const x of a) for (const y of b) below += x < y ? 1 : x === y ? 0.5 : 0
  return below / (a.length * b.length)
}

/** Returns a strategy's final losses, a list for each task. */
const finalLosses = (tasks: ResultsByTask, strategy: StrategyName): number[][] =>
  Object.values(tasks).map((results) => finals(results, strategy, 'loss'))

/** Returns the share of Supervised's mean loss on a task that each run of a strategy avoids, a list for each task: 0 as Supervised, 1 as the expert. */
export function avoidedShares(tasks: ResultsByTask, strategy: StrategyName): number[][] {
  const baselines = finalLosses(tasks, 'supervised').map(mean)
  return finalLosses(tasks, strategy).map((losses, task) => losses.map((loss) => 1 - loss / baselines[task]))
}

/** Estimates for each strategy the share of Supervised's loss that it avoids, interquartile mean over seeds and tasks. */
export const avoidedLoss = (tasks: ResultsByTask): Record<StrategyName, Estimate> =>
  byStrategy((strategy) => {
    const score = (strata: Strata<number>) => interquartileMean(strata.flat())
    return bootstrap(avoidedShares(tasks, strategy), score, generator(0, 'score', strategy))
  })

/**
 * Estimates the probability that one of our values is below one of theirs, mean over strata.
 *
 * @param ours values of each stratum
 * @param theirs values of the same strata
 */
export function improvementProbability(ours: Strata<number>, theirs: Strata<number>, rng: Rng): Estimate {
  const probability = (strata: Strata<number>) =>
    mean(ours.map((_, i) => probabilityBelow(strata[i], strata[ours.length + i])))
  return bootstrap([...ours, ...theirs], probability, rng)
}

/** Estimates for each strategy the probability that a run of it loses less than a run of the baseline, mean over tasks. */
export function improvementProbabilities(tasks: ResultsByTask, baseline: StrategyName): Record<StrategyName, Estimate> {
  const baselineLosses = finalLosses(tasks, baseline)
  return byStrategy((strategy) => {
    // There is nothing to estimate about a strategy beside itself.
    if (strategy === baseline) return { value: 0.5, low: 0.5, high: 0.5 }
    const rng = generator(0, 'improvement', strategy, baseline)
    return improvementProbability(finalLosses(tasks, strategy), baselineLosses, rng)
  })
}

const byStrategy = (estimate: (strategy: StrategyName) => Estimate): Record<StrategyName, Estimate> =>
  Object.fromEntries(strategyNames.map((name) => [name, estimate(name)])) as Record<StrategyName, Estimate>
