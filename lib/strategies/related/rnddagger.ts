/**
 * RND-DAgger (Biré and others, 2024, arXiv 2411.01894): queries in states that are new by random network distillation: where a network that
 * learned, in the labelled states, what a random one gives errs about it. The expert keeps control until W steps in a row are not new. The
 * gradient variant is ours.
 */
import { fit, perceptron } from '../../networks'
import { distances, norms } from '../../util/matrix'
import { topFraction } from '../rules'
import { column, memoizeColumns } from '../scores'
import { type CriticSpec, expertWhenQueried, type QueryStrategy, type Release } from '../strategy'

/** W, as a port of the original has it by default. */
const calmSteps = 5

/** Our choice, as CRSAIL's: the fraction of the learner's states that count as new. The original's threshold is chosen by hand for each task. */
const fractionOfStates = 0.05

/** Our choice: outputs of the random network. */
const outputs = 16

export function rndDAgger(rate = fractionOfStates): Record<'rnddagger' | 'rnddagger-gradient', QueryStrategy> {
  const shared = { critic: distillationCritic, control: expertWhenQueried, release: releaseAfterCalm(calmSteps) }
  const gradient = topFraction(rate, 'distillationError', 'distillationGradient')
  return {
    rnddagger: { title: 'RND-DAgger', rule: topFraction(rate, 'distillationError'), ...shared },
    'rnddagger-gradient': { title: 'RND Gradient', rule: gradient, ...shared }
  }
}

/** Releases control after so many steps in a row in which no score exceeds its threshold. */
export const releaseAfterCalm =
  (steps: number): Release =>
  ({ memories, scores, thresholds }) => {
    const exceeding = Object.entries(thresholds).map(([name, threshold]) =>
      column(scores, name).map((score) => Number(score > threshold))
    )
    return Uint8Array.from(memories, (memory, row) => {
      memory.calm = exceeding.some((mask) => mask[row]) ? 0 : (memory.calm ?? 0) + 1
      return Number(memory.calm >= steps)
    })
  }

/**
 * Declares random network distillation (Burda and others, 2018, arXiv 1810.12894) on states. Scores: `distillationError`, the squared distance
 * between the outputs of a random network and of one trained to give the same, and `distillationGradient`, the norm of its gradient with respect
 * to s.
 */
export const distillationCritic: CriticSpec = {
  name: 'random network distillation',
  async create({ observationSize: m }, createNetwork) {
    const topology = perceptron(m, [64, 64], outputs)
    const [target, predictor] = [await createNetwork(topology, 'target'), await createNetwork(topology, 'predictor')]
    return {
      networks: [target, predictor],
      async fit({ labelled: { rows, observations: inputs, validation } }, { fit: options, random, signal }) {
        const targets = target.predict(inputs, rows)
        const examples = { rows, inputs, targets, validation }
        await fit(predictor, examples, { ...options, loss: 'squared-error' }, random('predictor'), signal)
        return []
      },
      score(states, _, rows) {
        const [wanted, given] = [target.predict(states, rows), predictor.predict(states, rows)]
        return memoizeColumns({
          distillationError: () => distances(wanted, given, rows).map((distance) => distance * distance),
          distillationGradient() {
            const slopes = given.map((value, i) => 2 * (value - wanted[i]))
            const ofTarget = target.inputGradients(states, slopes, rows)
            return norms(
              predictor.inputGradients(states, slopes, rows).map((slope, i) => slope - ofTarget[i]),
              rows
            )
          }
        })
      }
    }
  }
}
