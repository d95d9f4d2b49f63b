/**
 * BAgger (Cronrath and others, 2018, BAgger: A Bayesian algorithm for safe and query-efficient imitation learning): queries where a
 * high percentile of the predicted loss exceeds tau. The text was not at hand; the posterior by dropout is our reading of what others tell
 * of it. The gradient variant is ours.
 */

import { joinColumns } from '../../util/matrix'
import { count as aCount, aFraction, check } from '../../util/schema'
import { type GradientReading, lossNetwork } from '../critics'
import type { Hyperparameters, Readings } from '../hyperparameters'
import { above, anyOf, orTopFraction } from '../rules'
import { memoize, memoizeColumns } from '../scores'
import { type CriticSpec, expertWhenQueried, type QueryStrategy } from '../strategy'
import { dropoutSamples } from './dropout'

/** Our choice: samples of the loss, and the percentile of them that counts. */
const [samples, percentile] = [10, 0.9] as const

export function bagger(
  { loss: { tau, epsilon } }: Hyperparameters,
  readings: Readings,
  rate?: number
): Record<'bagger' | 'bagger-gradient', QueryStrategy> {
  const far = above('lossPercentile', tau)
  const farOrSteep = anyOf(far, above('lossGradient', epsilon))
  const shared = { critic: bayesianLossNetwork(readings.loss, samples, percentile), control: expertWhenQueried }
  return {
    bagger: { title: 'BAgger', rule: orTopFraction(rate, far), ...shared },
    'bagger-gradient': { title: 'BAgger Gradient', rule: orTopFraction(rate, farOrSteep), ...shared }
  }
}

/**
 * Declares a loss network with a posterior by dropout, sampled once an iteration. Scores: `lossPercentile`, the percentile of the
 * predicted loss over samples, and `lossGradient`, the norm of the gradient of that sample with respect to [s; â]. After BAgger
 * (Cronrath and others, 2018).
 *
 * @param count samples of the posterior
 * @param percentile of the samples, from 0 to 1
 */
export const bayesianLossNetwork = (reading: GradientReading, count: number, percentile: number): CriticSpec => {
  check(aCount, "bayesianLossNetwork's count", count)
  check(aFraction, "bayesianLossNetwork's percentile", percentile)
  const spec = lossNetwork(reading)
  const rank = Math.ceil(percentile * count) - 1
  return {
    name: 'Bayesian loss network',
    async create(environment, createNetwork) {
      const critic = await spec.create(environment, createNetwork)
      const posterior = await dropoutSamples(critic.networks[0], count)
      return {
        networks: [...critic.networks, ...posterior.networks],
        async fit(experience, training) {
          const dead = await critic.fit(experience, training)
          posterior.draw(training.random('draws'))
          return dead
        },
        score(states, actions, rows) {
          const inputs = joinColumns(states, actions, rows)
          const samples = memoize(() => posterior.networks.map((network) => spec.score(network, inputs, rows)))
          /** The sample at the percentile, for each row. */
          const chosen = memoize(() => {
            const losses = samples().map(({ predictedLoss }) => predictedLoss())
            return Array.from({ length: rows }, (_, row) => {
              const ascending = [...losses.keys()].sort((a, b) => losses[a][row] - losses[b][row])
              return ascending[rank]
            })
          })
          return memoizeColumns({
            lossPercentile: () => Float32Array.from(chosen(), (i, row) => samples()[i].predictedLoss()[row]),
            lossGradient: () => Float32Array.from(chosen(), (i, row) => samples()[i].lossGradient()[row])
          })
        }
      }
    }
  }
}
