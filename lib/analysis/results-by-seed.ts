import type { IterationRecord } from '../iteration'
import type { Outcome, RecordedProtocol, RunRecord } from '../record'
import { type StrategyName, strategyNames } from '../strategies'
import { hash } from '../util/hash'

/** The outcomes of the nine strategies on a task with one seed, as the paper's tables compare them. */
export type SeedResults = { readonly seed: number; readonly outcomes: Readonly<Record<StrategyName, Outcome>> }

/** The records of a run's iterations: an outcome's, or those that an experiment has yielded. */
export type Course = Pick<Outcome, 'iterations'>

/** Returns the last iteration of a run, of which Table 2 is made. */
export const finalIteration = ({ iterations }: Course): IterationRecord => iterations[iterations.length - 1]

/** Returns a field of the last iteration of each seed's run of a strategy. */
export const finals = (results: readonly SeedResults[], strategy: StrategyName, field: 'loss' | 'queries'): number[] =>
  results.map(({ outcomes }) => finalIteration(outcomes[strategy])[field])

/**
 * Returns the results of the records that followed a protocol, whatever its strategy, by ascending seed. A seed that lacks a
 * strategy is left out.
 *
 * @throws RangeError when that leaves no seed
 */
export async function resultsBySeed(records: Iterable<RunRecord>, protocol: RecordedProtocol): Promise<SeedResults[]> {
  const withoutStrategy = ({ strategy, ...rest }: RecordedProtocol) => hash(rest)
  const wanted = await withoutStrategy(protocol)
  const bySeed = new Map<number, Partial<Record<StrategyName, Outcome>>>()
  for (const record of records) {
    if ((await withoutStrategy(record.protocol)) !== wanted) continue
    bySeed.set(record.seed, { ...bySeed.get(record.seed), [record.protocol.strategy]: record.outcome })
  }
  const complete = [...bySeed]
    .filter((entry): entry is [number, SeedResults['outcomes']] => strategyNames.every((name) => entry[1][name]))
    .map(([seed, outcomes]) => ({ seed, outcomes }))
    .sort((a, b) => a.seed - b.seed)
  if (complete.length === 0)
    throw new RangeError(
      `no seed of ${protocol.environment} has records of all ${strategyNames.length} strategies by this protocol: radgrad reproduce makes them`
    )
  return complete
}
