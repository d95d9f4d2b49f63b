import { always, random } from './rules'
import type { QueryStrategy } from './strategy'

export type { QueryStrategy, Rule } from './strategy'

/** The paper's strategies (section 3.2), with the hyperparameters of its Table 1. */
export const strategies = {
  supervised: { title: 'Supervised', actor: 'expert', asks: always },
  dagger: { title: 'DAgger', actor: 'learner', asks: always },
  random: { title: 'Random', actor: 'expert-when-asked', asks: random(0.3) }
} as const satisfies Record<string, QueryStrategy>

export type StrategyName = keyof typeof strategies

export const strategyNames = Object.keys(strategies) as readonly StrategyName[]
