import type { EnvironmentName } from '../environments'
import { type GradientReading, lossNetwork, safetyNetwork } from './critics'
import { above, always, anyOf, coin, random } from './rules'
import type { QueryStrategy } from './strategy'

export { type GradientReading, norms } from './critics'
export { above, always, anyOf, coin, random } from './rules'
export type { Critic, QueryStrategy, Rule, Scores } from './strategy'

/** Thresholds on a critic's score (tau) and on its gradient (epsilon), and the random rule's probability. */
export interface Hyperparameters {
  readonly loss: { readonly tau: number; readonly epsilon: number }
  readonly safety: { readonly tau: number; readonly epsilon: number }
  readonly query: number
}

/** The paper's Table 1. */
export const hyperparameters: Readonly<Record<EnvironmentName, Hyperparameters>> = {
  reacher: { loss: { tau: 0.02, epsilon: 0.002 }, safety: { tau: 0.04, epsilon: 1 }, query: 0.3 },
  hopper: { loss: { tau: 0.3, epsilon: 0.2 }, safety: { tau: 0.3, epsilon: 200 }, query: 0.3 }
}

/** What the paper leaves open about the gradients: whose, and of which vector. */
export interface Readings {
  readonly loss: GradientReading
  readonly safety: 'probability' | 'logit'
}

/** The nine strategies of Table 2, as compositions of a few rules (section 3.2). */
export function strategiesFor(
  { loss, safety, query }: Hyperparameters,
  readings: Readings = { loss: 'norm', safety: 'probability' }
) {
  const far = above('discrepancy', loss.tau)
  const farOrSteep = anyOf(far, above('steepness', loss.epsilon))
  const risky = above('risk', 1 / 2)
  const riskyOrSteep = anyOf(risky, above('steepness', safety.epsilon))
  const loses = { actor: 'expert-when-asked', critic: lossNetwork(readings.loss) } as const
  const endangers = { actor: 'expert-when-asked', critic: safetyNetwork(safety.tau, readings.safety) } as const
  return {
    supervised: { title: 'Supervised', actor: 'expert', asks: always },
    dagger: { title: 'DAgger', actor: 'learner', asks: always },
    random: { title: 'Random', actor: 'expert-when-asked', asks: random(query) },
    safedagger: { title: 'SafeDAgger', ...endangers, asks: risky },
    'safedagger-gradient': { title: 'SD Gradient', ...endangers, asks: riskyOrSteep },
    'safedagger-gradient-random': { title: 'SD Gr. Random', ...endangers, asks: coin(riskyOrSteep, random(query)) },
    loss: { title: 'Loss', ...loses, asks: far },
    'loss-gradient': { title: 'Loss Gradient (RadGrad)', ...loses, asks: farOrSteep },
    'loss-gradient-random': { title: 'Loss Gr. Random', ...loses, asks: coin(farOrSteep, random(query)) }
  } as const satisfies Record<string, QueryStrategy>
}

export type StrategyName = keyof ReturnType<typeof strategiesFor>

export const strategyNames = Object.keys(strategiesFor(hyperparameters.reacher)) as readonly StrategyName[]
