import { lossNetwork, safetyNetwork } from './critics'
import { type Hyperparameters, readings as ours, type Readings } from './hyperparameters'
import { above, always, anyOf, atRate, coin, never, random } from './rules'
import type { QueryStrategy } from './strategy'

/** The learner acts, and nobody is asked. */
export const unaided: QueryStrategy = { title: 'Unaided', actor: 'learner', asks: never }

/**
 * The nine strategies of Table 2, as compositions of a few rules (section 3.2).
 *
 * @param rate in place of the thresholds: they are set so as to ask in that share of the states that the learner meets
 */
export function strategiesFor({ loss, safety, query }: Hyperparameters, readings: Readings = ours, rate?: number) {
  const where = atRate(rate)
  const far = where(['discrepancy'], above('discrepancy', loss.tau))
  const farOrSteep = where(['discrepancy', 'steepness'], anyOf(far, above('steepness', loss.epsilon)))
  const risky = where(['logit'], above('risk', 1 / 2))
  const riskyOrSteep = where(['logit', 'steepness'], anyOf(risky, above('steepness', safety.epsilon)))
  const byChance = random(rate ?? query)
  const loses = { actor: 'expert-when-asked', critic: lossNetwork(readings.loss) } as const
  const endangers = { actor: 'expert-when-asked', critic: safetyNetwork(safety.tau, readings.safety) } as const
  return {
    supervised: { title: 'Supervised', actor: 'expert', asks: always },
    dagger: { title: 'DAgger', actor: 'learner', asks: always },
    random: { title: 'Random', actor: 'expert-when-asked', asks: byChance },
    safedagger: { title: 'SafeDAgger', ...endangers, asks: risky },
    'safedagger-gradient': { title: 'SD Gradient', ...endangers, asks: riskyOrSteep },
    'safedagger-gradient-random': { title: 'SD Gr. Random', ...endangers, asks: coin(riskyOrSteep, byChance) },
    loss: { title: 'Loss', ...loses, asks: far },
    'loss-gradient': { title: 'Loss Gradient (RadGrad)', ...loses, asks: farOrSteep },
    'loss-gradient-random': { title: 'Loss Gr. Random', ...loses, asks: coin(farOrSteep, byChance) }
  } as const satisfies Record<string, QueryStrategy>
}

export type StrategyName = keyof ReturnType<typeof strategiesFor>
