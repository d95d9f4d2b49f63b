/**
 * The runs that answer how to spend a budget of labels: at equal budgets, many queries in few episodes or few in many; and the paper's
 * nine strategies within a budget that their thresholds do not know.
 */
import {
  type AnyStrategyName,
  type Model,
  type PaperEnvironment,
  protocolFor,
  strategyNames,
  studyTrials as trials
} from 'radgrad'
import { type Run, withResultSeeds } from '../runs.ts'

/** The strategies whose queries are spread over more episodes. */
export const spreading: readonly AnyStrategyName[] = [
  'random',
  'safedagger-gradient-random',
  'loss-gradient',
  'safedagger'
]

/** A way to spend a budget: so many times the task's episodes in each iteration, queried at a rate. */
interface Spending {
  readonly times: number
  readonly rate: number
}

/**
 * Each task's budget, in labels, and the ways to spend it. The rates were chosen so that 15 iterations spend about the whole: the first batch is
 * labelled throughout, whatever the rate.
 */
export const budgets: Readonly<
  Record<PaperEnvironment, { readonly budget: number; readonly ways: readonly Spending[] }>
> = {
  reacher: {
    budget: 2400,
    ways: [
      { times: 1, rate: 0.65 },
      { times: 2, rate: 0.285 },
      { times: 4, rate: 0.105 },
      { times: 8, rate: 0.016 }
    ]
  },
  hopper: {
    budget: 10_000,
    ways: [
      { times: 1, rate: 0.32 },
      { times: 2, rate: 0.226 },
      { times: 4, rate: 0.16 },
      { times: 8, rate: 0.113 }
    ]
  }
}

/** The budget of the paper's nine on Reacher, in labels. */
export const budgetOfNine = 1000

/** Returns the runs of strategies by each way to spend the task's budget. */
export function spread(task: PaperEnvironment, expert: Model, of = spreading): Run[] {
  const { budget, ways } = budgets[task]
  const { episodes } = protocolFor(task, 'random', expert)
  return withResultSeeds(
    spreading
      .filter((strategy) => of.includes(strategy))
      .flatMap((strategy) =>
        ways.map(({ times, rate }) =>
          protocolFor(task, strategy, expert, { trials, budget, rate, episodes: times * episodes })
        )
      )
  )
}

/** Returns the runs of the paper's nine strategies within a budget, on Reacher; none on another task. */
export const nine = (task: PaperEnvironment, expert: Model, of: readonly AnyStrategyName[] = strategyNames): Run[] =>
  withResultSeeds(
    (task === 'reacher' ? of : []).map((strategy) =>
      protocolFor(task, strategy, expert, { trials, budget: budgetOfNine })
    )
  )
