/** Measures of an expert that tell whether it can be imitated: its return, with and without noise, and its steepness. */
import { type Environment, mean, type Network, type Policy, standardDeviation, trials } from 'radgrad'
import { quantile } from 'radgrad/dist/internal.js'
import { joined } from './joined.ts'

export interface Measures {
  /** Mean return without noise. */
  readonly return: number
  /** Mean return under noise on each entry of an action, of standard deviation 0.2 and 0.3. */
  readonly returnNoise02: number
  readonly returnNoise03: number
  /** Median over visited states of the Frobenius norm of the Jacobian with respect to standardised observations. */
  readonly steepness: number
  /** Root mean square of the entries of its actions as the network gives them. */
  readonly actionSize: number
  /** Share of these entries beyond the actuators' range. */
  readonly beyondRange: number
}

const noisyEpisodes = 100
/** States that the steepness is taken over, spread evenly over those visited. */
const jacobians = 5000

/**
 * Measures a policy over its own trials. Trial i starts in the same state for every policy.
 *
 * @param episodes trials without noise
 */
export async function measure(
  environment: Environment,
  policy: Network,
  episodes: number,
  signal?: AbortSignal
): Promise<Measures> {
  const seen: Float32Array[] = []
  const done: Float32Array[] = []
  const watched: Policy = {
    inputs: policy.inputs,
    outputs: policy.outputs,
    predict(observations, rows) {
      const actions = policy.predict(observations, rows)
      seen.push(observations)
      done.push(actions.slice())
      return actions
    }
  }
  const quiet = await trials(environment, watched, episodes, { signal })
  const noisy = async (noise: number) =>
    mean((await trials(environment, policy, noisyEpisodes, { noise, signal })).returns)
  const entries = joined(Float32Array, done)
  return {
    return: mean(quiet.returns),
    returnNoise02: await noisy(0.2),
    returnNoise03: await noisy(0.3),
    steepness: medianSteepness(policy, joined(Float32Array, seen)),
    actionSize: Math.sqrt(mean(entries.map((value) => value * value))),
    beyondRange: mean(entries.map((value) => Number(value > 1 || value < -1)))
  }
}

/** @param observations [states, inputs]; what an entry is divided by is its standard deviation over all of these */
export function medianSteepness(policy: Network, observations: Float32Array): number {
  const { inputs: m, outputs: n } = policy
  const states = observations.length / m
  const spread = Array.from({ length: m }, (_, i) => standardDeviation(observations.filter((_, k) => k % m === i)))
  const rows = Math.min(states, jacobians)
  const some = new Float32Array(rows * m)
  for (let row = 0; row < rows; row++) {
    const state = Math.floor((row * states) / rows)
    some.set(observations.subarray(state * m, (state + 1) * m), row * m)
  }
  const squares = new Float64Array(rows)
  for (let j = 0; j < n; j++) {
    const oneOutput = Float32Array.from({ length: rows * n }, (_, i) => Number(i % n === j))
    policy.inputGradients(some, oneOutput, rows).forEach((value, i) => {
      const slope = value * spread[i % m]
      squares[Math.floor(i / m)] += slope * slope
    })
  }
  return quantile(squares.map(Math.sqrt).sort(), 0.5)
}
