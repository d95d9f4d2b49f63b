/** The paper's strategies: the nine rows of Table 2 (section 3.2, Algorithms), with the hyperparameters of Table 1. */
import { lossNetwork, safetyNetwork } from './critics'
import { checkSettings, type Hyperparameters, readings as ours, type Readings } from './hyperparameters'
import { above, always, anyOf, coin, never, orTopFraction, random } from './rules'
import { expertWhenQueried, learnerThroughout, type QueryStrategy } from './strategy'

/**
 * Returns the paper's nine strategies by name: the rows of Table 2 (section 3.2, Algorithms).
 *
 * @param rate queries in this fraction of the states that the learner visits, in place of the thresholds
 */
export function paperStrategies(hyperparameters: Hyperparameters, readings: Readings = ours, rate?: number) {
  checkSettings(hyperparameters, readings)
  const { loss, safety, query } = hyperparameters
  const setTo = (rule: typeof always) => orTopFraction(rate, rule)

  const predictedFar = above('predictedLoss', loss.tau) //                             ‖l(s, â)‖ > τ
  const radgrad = setTo(anyOf(predictedFar, above('lossGradient', loss.epsilon))) //   … or ‖∂‖l(s, â)‖ / ∂[s; â]‖ > ε
  const predictedUnsafe = above('risk', 1 / 2, 'riskLogit') //                         P(‖a* - â‖ > τ) > 1/2
  const unsafeOrSteep = setTo(anyOf(predictedUnsafe, above('riskGradient', safety.epsilon)))
  const atRandom = random(rate ?? query)

  const withLossNetwork = { critic: lossNetwork(readings.loss), control: expertWhenQueried } as const
  const withSafetyNetwork = { critic: safetyNetwork(safety.tau, readings.safety), control: expertWhenQueried } as const
  return {
    supervised: { title: 'Supervised', rule: always, control: expertWhenQueried },
    dagger: { title: 'DAgger', rule: always, control: learnerThroughout },
    random: { title: 'Random', rule: atRandom, control: expertWhenQueried },
    safedagger: { title: 'SafeDAgger', rule: setTo(predictedUnsafe), ...withSafetyNetwork },
    'safedagger-gradient': { title: 'SD Gradient', rule: unsafeOrSteep, ...withSafetyNetwork },
    'safedagger-gradient-random': { title: 'SD Gr. Random', rule: coin(unsafeOrSteep, atRandom), ...withSafetyNetwork },
    loss: { title: 'Loss', rule: setTo(predictedFar), ...withLossNetwork },
    'loss-gradient': { title: 'Loss Gradient (RadGrad)', rule: radgrad, ...withLossNetwork },
    'loss-gradient-random': { title: 'Loss Gr. Random', rule: coin(radgrad, atRandom), ...withLossNetwork }
  } as const satisfies Record<string, QueryStrategy>
}

/** The name of one of the paper's nine strategies. */
export type StrategyName = keyof ReturnType<typeof paperStrategies>

/** Lets the learner act throughout, without a query. */
export const learnerAlone: QueryStrategy = { title: 'Learner alone', rule: never, control: learnerThroughout }

/** Labels the whole first batch, in which the untrained learner acts, or the expert. */
export const firstBatch = (actor: string): QueryStrategy => ({
  title: 'first batch',
  rule: always,
  control: actor === 'expert' ? expertWhenQueried : learnerThroughout
})
