/**
 * EnsembleDAgger (Menda and others, 2019, arXiv 1807.08364): an ensemble of policies, whose variance measures epistemic uncertainty.
 * `ensembledagger` queries where the variance is high. `ensembledagger-full` is the original's rule: it queries in every state, for it needs the
 * expert's action to decide who controls. The gradient variant is ours.
 *
 * Distances of Table 1 carry over as they are in units of actions; their squares serve for variances. Gradient thresholds do not
 * carry over: set those by rate.
 */
import { type Examples, fit, type Network, perceptron } from '../../networks'
import { distances, gather, isConstant, norms } from '../../util/matrix'
import { integer, type Rng } from '../../util/random'
import type { Hyperparameters } from '../hyperparameters'
import { above, always, anyOf, orTopFraction } from '../rules'
import { column, memoize, memoizeColumns } from '../scores'
import { type Control, type CriticSpec, type Experience, expertWhenQueried, type QueryStrategy } from '../strategy'

/** Members of the ensemble, as usual; ThriftyDAgger has as many. */
export const members = 5

export function ensembleDAgger(
  { loss: { tau, epsilon } }: Hyperparameters,
  rate?: number
): Record<'ensembledagger' | 'ensembledagger-gradient' | 'ensembledagger-full', QueryStrategy> {
  const critic = ensembleCritic(members)
  const uncertain = above('ensembleVariance', tau * tau)
  const uncertainOrSteep = anyOf(uncertain, above('varianceGradient', epsilon))
  const shared = { critic, control: expertWhenQueried }
  return {
    ensembledagger: { title: 'EnsembleDAgger', rule: orTopFraction(rate, uncertain), ...shared },
    'ensembledagger-gradient': { title: 'Ensemble Gradient', rule: orTopFraction(rate, uncertainOrSteep), ...shared },
    'ensembledagger-full': {
      title: 'EnsembleDAgger, full',
      rule: always,
      critic,
      control: expertUnlessNearAndCertain(tau)
    }
  }
}

/** Gives the learner control where it is within tau of the expert and the variance is at most tau's square: one distance sets both, our choice. */
const expertUnlessNearAndCertain =
  (tau: number): Control =>
  ({ states, learnerActions, expertActions, rows, critic }) => {
    const variance = column(critic.score(states, learnerActions, rows), 'ensembleVariance')
    return Uint8Array.from(distances(learnerActions, expertActions, rows), (distance, row) =>
      Number(!(distance <= tau && variance[row] <= tau * tau))
    )
  }

/**
 * Declares an ensemble whose members learn the expert's actions, each from initial weights and a bootstrap of its own. Scores:
 * `ensembleVariance`, the variance of the members' actions, summed over entries, and `varianceGradient`, the norm of its gradient
 * with respect to s.
 *
 * The learner stays the paper's network, so that strategies differ in their queries alone. The members are of the experts' size; five
 * of them cost about what it does. After EnsembleDAgger (Menda and others, 2019).
 *
 * @throws RangeError when created with fewer than two members
 */
export const ensembleCritic = (members: number): CriticSpec => ({
  name: 'ensemble',
  async create({ observationSize: m, actionSize: n }, createNetwork) {
    if (!(members >= 2)) throw new RangeError(`an ensemble of ${members} has no variance: give it two members or more`)
    const topology = perceptron(m, [64, 64], n, { dropout: 0.2 })
    const networks: Network[] = []
    const bootstraps = Array.from({ length: members }, (): number[] => [])
    for (let i = 1; i <= members; i++) networks.push(await createNetwork(topology, `member ${i}`))
    return {
      networks,
      async fit({ labelled }, { fit: options, random, signal }) {
        for (const [i, network] of networks.entries()) {
          extend(bootstraps[i], labelled.validation, random('bootstrap', i))
          const examples = resample(labelled, bootstraps[i])
          await fit(network, examples, { ...options, loss: 'squared-error' }, random('member', i), signal)
        }
        const dead = networks.map((network) => isConstant(network.predict(labelled.observations, labelled.rows), n))
        return dead.flatMap((is, i) => (is ? [`member ${i + 1} of the ensemble`] : []))
      },
      score: (states, _, rows) => varianceScores(networks, states, rows)
    }
  }
})

/** Draws for each newly labelled row one of them, with replacement. Rows held out stand for themselves; earlier draws stay. */
function extend(bootstrap: number[], validation: Uint8Array, rng: Rng): void {
  const added = [...validation.keys()].slice(bootstrap.length)
  const learned = added.filter((row) => !validation[row])
  for (const row of added) bootstrap.push(validation[row] ? row : learned[integer(rng, learned.length)])
}

const resample = (
  { rows, observations, expertActions, validation }: Experience['labelled'],
  bootstrap: number[]
): Examples => ({
  rows,
  inputs: gather(observations, bootstrap, observations.length / rows),
  targets: gather(expertActions, bootstrap, expertActions.length / rows),
  validation
})

/** Scores inputs by the variance of some networks' outputs, summed over outputs, and by the norm of its gradient. */
export function varianceScores(networks: readonly Network[], inputs: Float32Array, rows: number) {
  const others = networks.length - 1
  const deviations = memoize(() => {
    const outputs = networks.map((network) => network.predict(inputs, rows))
    const mean = outputs[0].map((_, i) => outputs.reduce((sum, output) => sum + output[i], 0) / outputs.length)
    return outputs.map((output) => output.map((value, i) => value - mean[i]))
  })
  return memoizeColumns({
    ensembleVariance() {
      const lengths = deviations().map((deviation) => norms(deviation, rows))
      return Float32Array.from({ length: rows }, (_, row) =>
        lengths.reduce((sum, length) => sum + (length[row] * length[row]) / others, 0)
      )
    },
    varianceGradient() {
      const sum = new Float32Array(inputs.length)
      networks.forEach((network, j) => {
        // the gradient of the mean cancels, for the deviations sum to zero
        const slopes = deviations()[j].map((value) => (2 * value) / others)
        network.inputGradients(inputs, slopes, rows).forEach((value, i) => {
          sum[i] += value
        })
      })
      return norms(sum, rows)
    }
  })
}
