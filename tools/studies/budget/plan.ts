/**
 * The runs that answer how to spend a budget of labels: at equal budgets, many queries in few episodes or few in many; and the paper's
 * nine strategies within a budget that their thresholds do not know.
 */
import {
  type AnyStrategyName,
  type EnvironmentName,
  type Model,
  type PaperEnvironment,
  protocolFor,
  resultSeeds,
  strategyNames,
  studyTrials as trials
} from 'radgrad'
import type { Run } from '../study.ts'

/** Strategies whose queries are spread: one that knows nothing, the paper's best, its own, and the one that both are compared with. */
export const spreading: readonly AnyStrategyName[] = [
  'random',
  'safedagger-gradient-random',
  'loss-gradient',
  'safedagger'
]

/** Multiples of the paper's episodes an iteration. */
export const multiples = [1, 2, 4, 8] as const

/** The budget of a task, in labels, and the rate for each multiple at which the iterations spend about that, the first batch being labelled throughout. */
export const budgets: Readonly<
  Record<PaperEnvironment, { readonly budget: number; readonly rates: readonly number[] }>
> = {
  reacher: { budget: 2400, rates: [0.65, 0.285, 0.105, 0.016] },
  hopper: { budget: 10_000, rates: [0.32, 0.226, 0.16, 0.113] }
}

/** The budget of the paper's nine on Reacher, in labels. */
export const budgetOfNine = 1000

/** Returns the runs of the strategies at each multiple of the episodes. */
export function spread(task: EnvironmentName, expert: Model, of = spreading): Run[] {
  const { budget, rates } = budgets[task as PaperEnvironment]
  return resultSeeds.flatMap((seed) =>
    spreading
      .filter((strategy) => of.includes(strategy))
      .flatMap((strategy) => {
        const { episodes } = protocolFor(task, strategy, expert)
        return multiples.map((multiple, i) => ({
          protocol: protocolFor(task, strategy, expert, {
            trials,
            budget,
            rate: rates[i],
            episodes: multiple * episodes
          }),
          seed
        }))
      })
  )
}

/** Returns the runs of the paper's nine strategies within the budget, on Reacher; none on another task. */
export const nine = (task: EnvironmentName, expert: Model, of: readonly AnyStrategyName[] = strategyNames): Run[] =>
  task !== 'reacher'
    ? []
    : resultSeeds.flatMap((seed) =>
        of.map((strategy) => ({
          protocol: protocolFor(task, strategy, expert, { trials, budget: budgetOfNine }),
          seed
        }))
      )
