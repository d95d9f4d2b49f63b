import { type Hyperparameters, hyperparameters, type Readings } from './hyperparameters'
import { type StrategyName, strategiesFor } from './nine'
import { type RelatedName, relatedFor } from './related'
import type { QueryStrategy } from './strategy'

export { distances, joinColumns, norms } from '../matrices'
export { both } from './both'
export { type GradientReading, lossNetwork, safetyNetwork } from './critics'
export { bayesianLossNetwork } from './dropout'
export { ensemble } from './ensemble'
export { type Hyperparameters, hyperparameters, type Readings } from './hyperparameters'
export { type NetworkSpec, networkCritic } from './network-critic'
export { type StrategyName, strategiesFor, unaided } from './nine'
export { labelledStates } from './novelty'
export { prospects } from './prospects'
export { type RelatedName, relatedFor } from './related'
export { above, always, anyOf, coin, highest, never, random } from './rules'
export { lazily, type Scores } from './scores'
export {
  type Critic,
  type Experience,
  type Gate,
  type Judge,
  type Met,
  nobody,
  type QueryStrategy,
  type Rule
} from './strategy'

/** The paper's nine. */
export const strategyNames = Object.keys(strategiesFor(hyperparameters.reacher)) as readonly StrategyName[]

export const relatedNames = Object.keys(relatedFor(hyperparameters.reacher)) as readonly RelatedName[]

/** Any strategy that has a name, the paper's nine or a related one; as keys, for a message about a wrong one to list them. */
export type AnyName = keyof (Record<StrategyName, unknown> & Record<RelatedName, unknown>)

export const allNames: readonly AnyName[] = [...strategyNames, ...relatedNames]

/**
 * The strategy of that name.
 *
 * @param rate in place of the thresholds: set to ask in that share of the states that the learner meets
 */
export const strategyFor = (
  name: AnyName,
  hyperparameters: Hyperparameters,
  readings?: Readings,
  rate?: number
): QueryStrategy =>
  ({
    ...strategiesFor(hyperparameters, readings, rate),
    ...relatedFor(hyperparameters, readings, rate)
  })[name]

/** What a strategy is called in tables and figures. */
export const titleOf = (name: AnyName): string => strategyFor(name, hyperparameters.reacher).title
