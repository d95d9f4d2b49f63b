import type { Dataset } from './dataset'
import type { Model, Network } from './networks'
import type { Outcome } from './record'

/**
 * Returns the policies' mean squared errors on the held-out states, over entries of actions, and the iteration of the least, whose policy
 * Algorithm 1 returns (line 19).
 *
 * @param network takes the policies' weights
 * @param policies one an iteration
 */
export function validate(network: Network, policies: readonly Model[], data: Dataset): Outcome['validation'] {
  const held = [...data.validation.keys()].filter((row) => data.validation[row] === 1)
  if (held.length === 0) return { losses: [], best: policies.length }
  const n = network.outputs
  const losses = policies.map(({ weights }) => {
    network.setWeights(weights.map(({ values }) => values))
    const errors = network.predict(data.observations, data.rows).map((action, i) => action - data.expertActions[i])
    const squares = held.map((row) => errors.subarray(row * n, (row + 1) * n).reduce((sum, e) => sum + e * e, 0))
    return squares.reduce((sum, square) => sum + square, 0) / (held.length * n)
  })
  return { losses, best: losses.indexOf(Math.min(...losses)) + 1 }
}
