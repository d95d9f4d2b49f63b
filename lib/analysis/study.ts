/** The rules of the studies beyond the paper: which seeds choose, which are results, and the budget. */
import { bestPerStrategy, means, type SweepPoint } from './sweep'

/** Seeds by which thresholds are chosen; no result is of these. */
export const choosingSeeds: readonly number[] = [101, 102, 103]

/** Seeds of the results; no choice is made by these. */
export const resultSeeds: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

/** The fraction of states at which rules are compared: the paper's P(query). */
export const commonRate = 0.3

/** Trials of each run: few, since its loss is the mean over the last five iterations. */
export const studyTrials = 20

/**
 * Returns the queries that a strategy's best threshold may cost on a task: a tenth more than Random's at the common rate.
 *
 * @param points of the task, by the choosing seeds
 * @throws RangeError when Random at that rate is not among the points
 */
export function queryBudget(points: readonly SweepPoint[]): number {
  const random = points.find(({ protocol }) => protocol.strategy === 'random' && protocol.rate === commonRate)
  if (!random) throw new RangeError(`the budget is by Random at rate ${commonRate}: it is not among the points`)
  // queries differ from their rate by about a tenth, which should cost no rule its threshold
  return 1.1 * means(random).queries
}

/**
 * Returns each strategy's point of the least mean loss within `queryBudget`, or of all its points where none is within it.
 *
 * @param points of one task, by the choosing seeds
 * @throws RangeError when Random at the common rate is not among the points
 */
export const chooseThresholds = (points: readonly SweepPoint[]) => bestPerStrategy(queryBudget(points), points)
