import type { EnvironmentName } from '../environments'
import type { RunRecord } from '../record'
import type { AnyStrategyName, QueryStrategy } from '../strategies'
import { isList } from '../util/json'
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
 * @throws TypeError for a setting without a list of values; Error that names the runs that failed, when the others are done
 */
export async function sweep(
  environment: EnvironmentName,
  strategy: AnyStrategyName | `${string}.ts` | QueryStrategy,
  options: SweepOptions = {}
): Promise<RunRecord[]> {
  for (const [path, values] of Object.entries(options.set ?? {}))
    if (!isList(values)) throw new TypeError(`set: ${path}: give a list of values, not ${values}`)
  return host().sweep(environment, strategy, options)
}
