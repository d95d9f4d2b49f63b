import { hash } from '../experiments/hash'
import type { IterationRecord } from '../experiments/imitate'
import type { Outcome, RecordedProtocol, RunRecord } from '../experiments/record'
import { type StrategyName, strategyNames } from '../strategies'

/** What the nine strategies came to on a task with one seed: what a paper's table compares. */
export interface Contest {
  readonly seed: number
  readonly outcomes: Readonly<Record<StrategyName, Outcome>>
}

/** The iteration that Table 2 is made of. */
export const final = ({ iterations }: Outcome): IterationRecord => iterations[iterations.length - 1]

/**
 * The contests in some records: those that followed a protocol, whatever its strategy, by seed. A seed for which a strategy
 * is missing is left out.
 *
 * @throws RangeError when that leaves none
 */
export async function contests(records: Iterable<RunRecord>, protocol: RecordedProtocol): Promise<Contest[]> {
  const common = ({ strategy, ...rest }: RecordedProtocol) => hash(rest)
  const wanted = await common(protocol)
  const bySeed = new Map<number, Partial<Record<StrategyName, Outcome>>>()
  for (const record of records) {
    if ((await common(record.protocol)) !== wanted) continue
    const outcomes = bySeed.get(record.seed) ?? {}
    bySeed.set(record.seed, { ...outcomes, [record.protocol.strategy]: record.outcome })
  }
  const found = [...bySeed]
    .filter((entry): entry is [number, Contest['outcomes']] => strategyNames.every((name) => entry[1][name]))
    .map(([seed, outcomes]) => ({ seed, outcomes }))
    .sort((a, b) => a.seed - b.seed)
  if (found.length === 0)
    throw new RangeError(
      `no seed of ${protocol.environment} has records of all ${strategyNames.length} strategies under this protocol and expert: compute them with radgrad reproduce`
    )
  return found
}
