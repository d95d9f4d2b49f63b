/** The runs of the paper's nine strategies on two tasks that the paper does not have. */
import {
  type AnyStrategyName,
  commonRate,
  type EnvironmentName,
  environments,
  hyperparameters,
  type Model,
  paperEnvironments,
  protocolFor,
  strategyFor,
  strategyNames,
  studyTrials as trials
} from 'radgrad'
import { type Run, withResultSeeds } from '../runs.ts'

/** The tasks, for which Table 1 has no thresholds. */
export const otherTasks = environments.filter((name) => !paperEnvironments.some((paper) => paper === name))

/** Returns the runs of the nine: those that query by a critic do so in the share of the states in which Random does. */
export const nine = (task: EnvironmentName, expert: Model, of: readonly AnyStrategyName[] = strategyNames): Run[] =>
  withResultSeeds(
    of.map((strategy) => {
      const { critic } = strategyFor(strategy, hyperparameters[task])
      return protocolFor(task, strategy, expert, { trials, ...(critic && { rate: commonRate }) })
    })
  )
