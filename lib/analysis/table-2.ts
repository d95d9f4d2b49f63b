import { type StrategyName, strategyNames } from '../strategies'
import { generator } from '../util/random'
import { bootstrapMean, type Estimate } from './bootstrap'
import { efficiency } from './claims'
import { finals, type SeedResults } from './results-by-seed'

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
    const mean = (column: string, numbers: readonly number[]): Estimate =>
      bootstrapMean(numbers, generator(0, 'table 2', strategy, column))
    const efficiencies = results.map(({ outcomes }) => efficiency(outcomes.supervised, outcomes[strategy]))
    return {
      strategy,
      queries: mean('queries', finals(results, strategy, 'queries')),
      loss: mean('loss', finals(results, strategy, 'loss')),
      efficiency: mean('efficiency', efficiencies)
    }
  })
