import { type StrategyName, strategyNames } from '../strategies'
import { generator } from '../util/random'
import { bootstrapMean, type Estimate } from './bootstrap'
import { efficiency } from './claims'
import { finalIteration, type SeedResults } from './results-by-seed'

/** One strategy's row of Table 2 on a task: means over seeds, with 95 % intervals. */
export interface Table2Row {
  readonly strategy: StrategyName
  readonly queries: Estimate
  readonly loss: Estimate
  /** Equation 3, times 10^4 as the paper prints it. */
  readonly efficiency: Estimate
}

/**
 * Returns Table 2 of a task, from the last iteration of each run.
 *
 * @param results one a seed, as `resultsBySeed` returns them
 */
export const table2 = (results: readonly SeedResults[]): Table2Row[] =>
  strategyNames.map((strategy) => {
    const overSeeds = (column: string, number: (result: SeedResults) => number): Estimate =>
      bootstrapMean(results.map(number), generator(0, 'table 2', strategy, column))
    return {
      strategy,
      queries: overSeeds('queries', ({ outcomes }) => finalIteration(outcomes[strategy]).queries),
      loss: overSeeds('loss', ({ outcomes }) => finalIteration(outcomes[strategy]).loss),
      efficiency: overSeeds('efficiency', ({ outcomes }) => efficiency(outcomes.supervised, outcomes[strategy]))
    }
  })
