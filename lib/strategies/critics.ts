/** The networks that RadGrad and SafeDAgger learn beside the policy (section 3.1, Loss Network and Loss Gradient). */
import { sigmoid } from '../arithmetic'
import { distances, norms } from '../matrices'
import { type Network, perceptron } from '../networks'
import { networkCritic } from './network-critic'
import { lazily } from './scores'

const hidden = [128, 128, 64, 64, 32, 32, 16, 16, 8]
const dropout = 0.2

/**
 * What "the norm of the gradient" of a vector is: of the gradient of its norm, of its Jacobian (Frobenius), or of the
 * gradient of the sum of its entries.
 */
export type GradientReading = 'norm' | 'jacobian' | 'sum'

/**
 * The Loss network: predicts the way from the learner's action to the expert's, a* - â. Scores: `discrepancy`, the
 * prediction's norm, and `steepness`, the norm of its gradient by [s; â].
 */
export const lossNetwork = (reading: GradientReading) =>
  networkCritic({
    name: 'loss network',
    topology: (m, n) => perceptron(m + n, hidden, n, { dropout }),
    loss: 'squared-error',
    targets: (expert, learner) => expert.map((action, i) => action - learner[i]),
    scores(network, inputs, rows) {
      const predicted = network.predict(inputs, rows)
      return lazily({
        discrepancy: () => norms(predicted, rows),
        steepness: () => steepness[reading](network, inputs, predicted, rows)
      })
    }
  })

type Steepness = (network: Network, inputs: Float32Array, predicted: Float32Array, rows: number) => Float32Array

const steepness: Record<GradientReading, Steepness> = {
  norm(network, inputs, predicted, rows) {
    const lengths = norms(predicted, rows)
    const n = network.outputs
    // at zero the norm has no gradient; zero is one of its subgradients
    const directions = predicted.map((value, i) =>
      lengths[Math.floor(i / n)] > 0 ? value / lengths[Math.floor(i / n)] : 0
    )
    return norms(network.inputGradients(inputs, directions, rows), rows)
  },
  jacobian(network, inputs, predicted, rows) {
    const n = network.outputs
    const squares = new Float32Array(rows)
    for (let output = 0; output < n; output++) {
      const one = predicted.map((_, i) => Number(i % n === output))
      const gradient = norms(network.inputGradients(inputs, one, rows), rows)
      for (let row = 0; row < rows; row++) squares[row] += gradient[row] * gradient[row]
    }
    return squares.map(Math.sqrt)
  },
  sum: (network, inputs, predicted, rows) =>
    norms(
      network.inputGradients(
        inputs,
        predicted.map(() => 1),
        rows
      ),
      rows
    )
}

/**
 * The safety network of SafeDAgger (Zhang and Cho, 2016), on [s; â] as the paper has it: the probability that the learner's
 * action is further than tau from the expert's. Scores: `risk`, that probability; `logit`, by which states can be told apart whose
 * risk rounds to 1; and `steepness`, the norm of the gradient of the risk, or of its logit, by [s; â].
 */
export const safetyNetwork = (tau: number, reading: 'probability' | 'logit') =>
  networkCritic({
    name: 'safety network',
    topology: (m, n) => perceptron(m + n, hidden, 1, { dropout }),
    loss: 'logistic',
    targets: (expert, learner, n) =>
      distances(expert, learner, expert.length / n).map((distance) => Number(distance > tau)),
    scores(network, inputs, rows) {
      const logit = network.predict(inputs, rows)
      const risk = logit.map(sigmoid)
      const slopes = risk.map((p) => (reading === 'logit' ? 1 : p * (1 - p)))
      return lazily({
        risk: () => risk,
        logit: () => logit,
        steepness: () => norms(network.inputGradients(inputs, slopes, rows), rows)
      })
    }
  })
