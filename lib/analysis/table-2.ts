import { generator } from '../random'
import { type StrategyName, strategyNames } from '../strategies'
import { bootstrapMean, type Estimate } from './bootstrap'
import { efficiency } from './claims'
import { type Contest, final } from './contests'

/** A row of Table 2 on one task, means over seeds. */
export interface Row {
  readonly strategy: StrategyName
  readonly queries: Estimate
  readonly loss: Estimate
  /** Equation 3, times 10^4 as the paper prints it. */
  readonly efficiency: Estimate
}

/** Table 2 of a task, from the last iteration of each run. */
export function table2(contests: readonly Contest[]): Row[] {
  return strategyNames.map((strategy) => {
    const overSeeds = (what: string, number: (contest: Contest) => number): Estimate =>
      bootstrapMean(contests.map(number), generator(0, 'table 2', strategy, what))
    return {
      strategy,
      queries: overSeeds('queries', ({ outcomes }) => final(outcomes[strategy]).queries),
      loss: overSeeds('loss', ({ outcomes }) => final(outcomes[strategy]).loss),
      efficiency: overSeeds('efficiency', ({ outcomes }) => efficiency(outcomes.supervised, outcomes[strategy]))
    }
  })
}
