/**
 * Comparisons over tasks and seeds at once, with intervals, after Agarwal et al., Deep Reinforcement Learning at the Edge of
 * the Statistical Precipice (2021).
 */

import { strategyNames } from '../strategies'
import { mapValues } from '../util/json'
import { generator } from '../util/random'
import { mean } from '../util/statistics'
import { bootstrap, type Estimate, type Strata } from './bootstrap'
import { finals, type SeedResults } from './results-by-seed'

/** The losses of runs: by task, by strategy, a number a run. Strategies are compared that all tasks have. */
export type Losses = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>

/** The results of each task, by its name. */
export type ResultsByTask = Readonly<Record<string, readonly SeedResults[]>>

/** Returns the losses at the end of the nine strategies' runs. */
export const finalLosses = (tasks: ResultsByTask): Losses =>
  mapValues(tasks, (results) => Object.fromEntries(strategyNames.map((name) => [name, finals(results, name, 'loss')])))

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

/** Returns the share of Supervised's mean loss on a task that each run of a strategy avoids, a list for each task: 0 as Supervised, 1 as the expert. */
export const avoidedShares = (losses: Losses, strategy: string): number[][] =>
  Object.values(losses).map((of) => of[strategy].map((loss) => 1 - loss / mean(of.supervised)))

/** Estimates for each strategy the share of Supervised's loss that it avoids, interquartile mean over seeds and tasks. */
export const avoidedLoss = (losses: Losses): Record<string, Estimate> =>
  byStrategy(losses, (strategy) => {
    const score = (strata: Strata<number>) => interquartileMean(strata.flat())
    return bootstrap(avoidedShares(losses, strategy), score, generator(0, 'score', strategy))
  })

/**
 * Estimates for each strategy the probability that a run of it loses less than a run of the baseline, mean over tasks. A single run has no
 * interval but 0 to 1.
 */
export const improvementProbabilities = (losses: Losses, baseline: string): Record<string, Estimate> =>
  byStrategy(losses, (strategy) => {
    // There is nothing to estimate about a strategy beside itself.
    if (strategy === baseline) return { value: 0.5, low: 0.5, high: 0.5 }
    const [ours, theirs] = [strategy, baseline].map((name) => Object.values(losses).map((of) => of[name]))
    const probability = (strata: Strata<number>) =>
      mean(ours.map((_, i) => probabilityBelow(strata[i], strata[ours.length + i])))
    const estimate = bootstrap([...ours, ...theirs], probability, generator(0, 'improvement', strategy, baseline))
    // a single run says nothing of others
    return [...ours, ...theirs].some(({ length }) => length < 2) ? { ...estimate, low: 0, high: 1 } : estimate
  })

function byStrategy(losses: Losses, estimate: (strategy: string) => Estimate): Record<string, Estimate> {
  const [first, ...others] = Object.values(losses)
  const names = Object.keys(first).filter((name) => others.every((of) => of[name]))
  return Object.fromEntries(names.map((name) => [name, estimate(name)]))
}
