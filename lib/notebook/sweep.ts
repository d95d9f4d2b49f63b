import type { EnvironmentName } from '../environments'
import type { RunRecord } from '../record'
import type { AnyStrategyName, QueryStrategy } from '../strategies'
import { host } from './host'

/** Options of a sweep. */
export interface SweepOptions {
  /** Values of the protocol's fields by their paths, all combinations of which are run: `{ 'safety.tau': [0.02, 0.04] }`. */
  readonly set?: Readonly<Record<string, readonly (string | number)[]>>
  /** Seeds 1 to this; 1 by default. */
  readonly seeds?: number
  /** The folder of the records: those that are there are not computed again. */
  readonly results?: string
}

/**
 * Runs a strategy with each combination of settings and each seed, on all processors, and returns the records. `recordRows` makes a frame of
 * them. A strategy is given by its name or its file, `./mine.ts`; one that is a value is run in this process alone, and its records say that
 * others cannot verify them.
 *
 * @throws Error that names the runs that failed, when the others are done
 */
export const sweep = (
  environment: EnvironmentName,
  strategy: AnyStrategyName | `${string}.ts` | QueryStrategy,
  options: SweepOptions = {}
): Promise<RunRecord[]> => host().sweep(environment, strategy, options)
