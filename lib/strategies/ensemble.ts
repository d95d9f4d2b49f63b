/** Several networks that learn the same: where they disagree, none of them can know. */
import { gather, isConstant, norms } from '../matrices'
import { type Examples, fit, type Network, perceptron } from '../networks'
import { integer, type Rng } from '../random'
import { lazily, once } from './scores'
import type { Critic, Experience } from './strategy'

/**
 * Members that learn the expert's actions, each from first weights and a bootstrap of its own (Menda and others,
 * EnsembleDAgger, 2019). Scores: `doubt`, the variance of the actions that they propose, summed over entries, and
 * `steepness`, the norm of its gradient by s.
 *
 * The learner stays the paper's network, so that strategies differ in when they ask alone; the members are of the experts'
 * size, and five of them cost about what it does.
 *
 * @throws RangeError when it begins with fewer than two members
 */
export const ensemble = (members: number): Critic => ({
  name: 'ensemble',
  async begin({ observationSize: m, actionSize: n }, create) {
    if (!(members >= 2))
      throw new RangeError(`an ensemble of ${members} cannot disagree: it takes two members at least`)
    const topology = perceptron(m, [64, 64], n, { dropout: 0.2 })
    const networks: Network[] = []
    const drawn = Array.from({ length: members }, (): number[] => [])
    for (let i = 1; i <= members; i++) networks.push(await create(topology, `member ${i}`))
    return {
      networks,
      async learn({ labelled }, { fit: options, random, signal }) {
        for (const [i, network] of networks.entries()) {
          extend(drawn[i], labelled.validation, random('bootstrap', i))
          await fit(
            network,
            bootstrapped(labelled, drawn[i]),
            { ...options, loss: 'squared-error' },
            random('member', i),
            signal
          )
        }
        const dead = networks.map((network) => isConstant(network.predict(labelled.observations, labelled.rows), n))
        return dead.flatMap((is, i) => (is ? [`member ${i + 1} of the ensemble`] : []))
      },
      scores: (states, _, rows) => disagreement(networks, states, rows)
    }
  }
})

/** Draws for each newly labelled row one of them, with replacement; those held out are themselves. What was drawn before stays. */
function extend(drawn: number[], validation: Uint8Array, rng: Rng): void {
  const added = [...validation.keys()].slice(drawn.length)
  const learned = added.filter((row) => !validation[row])
  for (const row of added) drawn.push(validation[row] ? row : learned[integer(rng, learned.length)])
}

function bootstrapped({ rows, observations, actions, validation }: Experience['labelled'], drawn: number[]): Examples {
  return {
    rows,
    inputs: gather(observations, drawn, observations.length / rows),
    targets: gather(actions, drawn, actions.length / rows),
    validation
  }
}

/** The members' variance, summed over outputs, and the norm of its gradient by the inputs. */
export function disagreement(members: readonly Network[], inputs: Float32Array, rows: number) {
  const others = members.length - 1
  const deviations = once(() => {
    const said = members.map((network) => network.predict(inputs, rows))
    const centre = said[0].map((_, i) => said.reduce((sum, one) => sum + one[i], 0) / said.length)
    return said.map((one) => one.map((value, i) => value - centre[i]))
  })
  return lazily({
    doubt() {
      const lengths = deviations().map((one) => norms(one, rows))
      return Float32Array.from({ length: rows }, (_, row) =>
        lengths.reduce((sum, length) => sum + (length[row] * length[row]) / others, 0)
      )
    },
    steepness() {
      const sum = new Float32Array(inputs.length)
      members.forEach((network, j) => {
        // the centre's own slope cancels, for the deviations sum to zero
        const slopes = deviations()[j].map((value) => (2 * value) / others)
        network.inputGradients(inputs, slopes, rows).forEach((value, i) => {
          sum[i] += value
        })
      })
      return norms(sum, rows)
    }
  })
}
