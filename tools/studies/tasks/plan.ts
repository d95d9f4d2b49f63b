/** The runs of the paper's nine strategies on the tasks that the paper has not. */
import {
  type AnyStrategyName,
  commonRate,
  type EnvironmentName,
  hyperparameters,
  type Model,
  protocolFor,
  resultSeeds,
  strategyFor,
  strategyNames,
  studyTrials as trials
} from 'radgrad'
import type { Run } from '../study.ts'

/** The tasks, for which Table 1 has no thresholds. */
export const otherTasks = ['halfcheetah', 'walker2d'] as const satisfies readonly EnvironmentName[]

/** Returns the runs of the nine: those that query by a critic do so in the share of the states in which Random does. */
export const nine = (task: EnvironmentName, expert: Model, of: readonly AnyStrategyName[] = strategyNames): Run[] =>
  resultSeeds.flatMap((seed) =>
    of.map((strategy) => {
      const { critic } = strategyFor(strategy, hyperparameters[task])
      return { protocol: protocolFor(task, strategy, expert, { trials, ...(critic && { rate: commonRate }) }), seed }
    })
  )
