import { a, check, choice, is, text } from '../util/schema'
import { type Hyperparameters, hyperparameters, type Readings } from './hyperparameters'
import { paperStrategies, type StrategyName } from './paper'
import { type RelatedName, relatedStrategies } from './related'
import type { QueryStrategy } from './strategy'

export { type GradientReading, lossNetwork, type NetworkCritic, networkCritic, safetyNetwork } from './critics'
export { type Hyperparameters, hyperparameters, type Readings } from './hyperparameters'
export { learnerAlone, paperStrategies, type StrategyName } from './paper'
export { type RelatedName, relatedStrategies } from './related'
export { bayesianLossNetwork } from './related/bagger'
export { nearestNeighbourCritic } from './related/crsail'
export { ensembleCritic } from './related/ensembledagger'
export { distillationCritic } from './related/rnddagger'
export { combineCritics, riskCritic } from './related/thriftydagger'
export { above, always, anyOf, coin, never, random, topFraction } from './rules'
export { column, memoizeColumns, type Scores } from './scores'
export type * from './strategy'
export { expertWhenQueried, learnerThroughout } from './strategy'

/** The names of the paper's nine strategies. */
export const strategyNames = Object.keys(paperStrategies(hyperparameters.reacher)) as readonly StrategyName[]

/** The names of the related strategies, DAgger's other descendants. */
export const relatedNames = Object.keys(relatedStrategies(hyperparameters.reacher)) as readonly RelatedName[]

/** Names what the library does not have: by a file and its hash, `mine@3f2a…`, or by `mine@unverifiable`, a function that one process has. */
export type OwnName = `${string}@${string}`
const ownNames = /^[\w.-]+@([0-9a-f]{64}|unverifiable)$/
/** Schema of such a name. */
export const ownName = a<OwnName>('a name@hash', (name) => is(text, name) && ownNames.test(name))

/** The name of one of the paper's strategies, of a related one, or of one's own; as keys, so that a compiler's message lists them. */
export type AnyStrategyName = keyof (Record<StrategyName, unknown> &
  Record<RelatedName, unknown> &
  Record<OwnName, unknown>)

/** The names of the paper's strategies, then of the related ones. */
export const allStrategyNames: readonly AnyStrategyName[] = [...strategyNames, ...relatedNames]

/**
 * Returns the strategy of that name.
 *
 * @param thresholds Table 1's: `hyperparameters.reacher`
 * @param readings the protocol's, by default those nearest to the paper's Table 2
 * @param rate queries in this fraction of the states that the learner visits, in place of the thresholds
 */
export function strategyFor(name: AnyStrategyName, thresholds: Hyperparameters, readings?: Readings, rate?: number) {
  if (is(ownName, name)) throw new RangeError(`the strategy ${name} is not the library's: give it as a participant`)
  check(choice(allStrategyNames), 'strategy', name)
  const related = relatedStrategies(thresholds, readings, rate)
  const strategies: Record<string, QueryStrategy> = { ...paperStrategies(thresholds, readings, rate), ...related }
  return strategies[name]
}

/** Returns a strategy's name in tables and figures: `Loss Gradient (RadGrad)` for `loss-gradient`, `mine` for `mine@3f2a…`. */
export const titleOf = (name: string): string =>
  is(choice(allStrategyNames), name) ? strategyFor(name, hyperparameters.reacher).title : name.split('@')[0]
