/** Titles that say what results come to, in a sentence. */
import { finals, type SeedResults } from '../analysis/results-by-seed'
import type { EnvironmentName } from '../environments'
import { type StrategyName, strategyNames } from '../strategies'
import { mean } from '../util/statistics'
import { type Field, fields } from './scales'
import { capitalized, shortTitle } from './theme'

/** Says which strategies do better than DAgger in both loss and queries, and how RadGrad compares with it: at the end, means over seeds. */
export function headline(environment: EnvironmentName, results: readonly SeedResults[]): string {
  const ratio = (name: StrategyName, field: Field) =>
    mean(finals(results, name, field)) / mean(finals(results, 'dagger', field))
  const better = strategyNames.filter((name) => fields.every((field) => ratio(name, field) < 1))
  const who = better.length > 4 ? `${better.length} strategies` : listed(better.map(shortTitle)) || 'no strategy'
  const [loss, queries] = fields.map((field) => ratio('loss-gradient', field).toFixed(1))
  const first = `${capitalized(environment)}${results.length > 1 ? '' : ', one run'}, at the end: ${who} lose${better.length > 1 ? '' : 's'} less than DAgger with fewer queries`
  return `${first}; RadGrad has ${loss} times its loss and ${queries} times its queries`
}

/** Returns words as a sentence lists them. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`

/** Returns a number in three digits or so: `0.64`, `1516`, `140k`. */
export const brief = (value: number): string =>
  value < 9999.5 ? value.toFixed(value < 100 ? 2 : 0) : `${Math.round(value / 1000)}k`
