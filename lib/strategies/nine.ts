import { lossNetwork, safetyNetwork } from './critics'
import { type Hyperparameters, readings as ours, type Readings } from './hyperparameters'
import { always, coin, random, when } from './rules'
import type { QueryStrategy } from './strategy'

/**
 * The nine strategies of Table 2, as compositions of a few rules (section 3.2).
 *
 * @param rate in place of the thresholds: they are set so as to ask in that share of the states that the learner meets
 */
export function strategiesFor({ loss, safety, query }: Hyperparameters, readings: Readings = ours, rate?: number) {
  const far = when({ discrepancy: loss.tau }, rate)
  const farOrSteep = when({ discrepancy: loss.tau, steepness: loss.epsilon }, rate)
  const risky = when({ risk: 1 / 2 }, rate)
  const riskyOrSteep = when({ risk: 1 / 2, steepness: safety.epsilon }, rate)
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
