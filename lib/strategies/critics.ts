/** The networks that RadGrad and SafeDAgger train beside the policy (section 3.1, Loss Network and Loss Gradient). */
import { fit, type Network, perceptron, type Topology, type TrainingOptions } from '../networks'
import { lossSchema } from '../networks/fit'
import { sigmoid } from '../util/float'
import { distances, isConstant, joinColumns, norms } from '../util/matrix'
import { check, func, object, positive, text } from '../util/schema'
import { readingOf } from './hyperparameters'
import { memoizeColumns, type Scores } from './scores'
import type { CriticSpec } from './strategy'

const hidden = [128, 128, 64, 64, 32, 32, 16, 16, 8]
const dropout = 0.2

/**
 * Reads "the norm of the gradient" (section 3.1, Loss Gradient) of the predicted loss, a vector: `norm` takes the gradient of its
 * norm, `jacobian` the Frobenius norm of its Jacobian, `sum` the gradient of the sum of its entries.
 */
export type GradientReading = 'norm' | 'jacobian' | 'sum'

/**
 * Declares the loss network, which predicts the difference a* - â between the expert's action and the learner's (section 3.1, Loss
 * Network). Scores, [rows] each: `predictedLoss`, the prediction's norm in units of actions, and `lossGradient`, the norm of its
 * gradient with respect to [s; â].
 */
export function lossNetwork(reading: GradientReading) {
  check(readingOf.loss, "lossNetwork's reading", reading)
  return networkCritic({
    name: 'loss network',
    topology: (m, n) => perceptron(m + n, hidden, n, { dropout }),
    loss: 'squared-error',
    targets: (expert, learner) => expert.map((action, i) => action - learner[i]),
    score(network, inputs, rows) {
      const predicted = network.predict(inputs, rows)
      return memoizeColumns({
        predictedLoss: () => norms(predicted, rows),
        lossGradient: () => gradientNorms[reading](network, inputs, predicted, rows)
      })
    }
  })
}

type GradientNorm = (network: Network, inputs: Float32Array, predicted: Float32Array, rows: number) => Float32Array

const gradientNorms: Record<GradientReading, GradientNorm> = {
  norm(network, inputs, predicted, rows) {
    const lengths = norms(predicted, rows)
    const n = network.outputs
    // at zero the norm has no gradient; zero is one of its subgradients
    const lengthAt = (i: number): number => lengths[Math.floor(i / n)]
    const directions = predicted.map((value, i) => (lengthAt(i) > 0 ? value / lengthAt(i) : 0))
    return norms(network.inputGradients(inputs, directions, rows), rows)
  },
  jacobian(network, inputs, predicted, rows) {
    const n = network.outputs
    const squares = new Float32Array(rows)
    for (let output = 0; output < n; output++) {
      const unit = predicted.map((_, i) => Number(i % n === output))
      const gradient = norms(network.inputGradients(inputs, unit, rows), rows)
      for (let row = 0; row < rows; row++) squares[row] += gradient[row] * gradient[row]
    }
    return squares.map(Math.sqrt)
  },
  sum(network, inputs, predicted, rows) {
    const ones = predicted.map(() => 1)
    return norms(network.inputGradients(inputs, ones, rows), rows)
  }
}

/**
 * Declares the safety network of SafeDAgger (Zhang and Cho, 2016), on [s; â] as the paper has it. It predicts the probability that the
 * learner's action is further than tau from the expert's. Scores: `risk`, that probability; `riskLogit`, which still tells states
 * apart when the risk rounds to 1; `riskGradient`, the norm of the gradient of the risk, or of its logit, with respect to [s; â].
 *
 * @param tau distance in units of actions (Table 1)
 * @param reading takes the gradient of the probability or of its logit
 */
export function safetyNetwork(tau: number, reading: 'probability' | 'logit') {
  check(positive, "safetyNetwork's tau", tau)
  check(readingOf.safety, "safetyNetwork's reading", reading)
  return networkCritic({
    name: 'safety network',
    topology: (m, n) => perceptron(m + n, hidden, 1, { dropout }),
    loss: 'logistic',
    targets: (expert, learner, n) => distances(expert, learner, expert.length / n).map((apart) => Number(apart > tau)),
    score(network, inputs, rows) {
      const logit = network.predict(inputs, rows)
      const risk = logit.map(sigmoid)
      const slopes = risk.map((p) => (reading === 'logit' ? 1 : p * (1 - p)))
      return memoizeColumns({
        risk: () => risk,
        riskLogit: () => logit,
        riskGradient: () => norms(network.inputGradients(inputs, slopes, rows), rows)
      })
    }
  })
}

/** Declares one network that scores the learner's action in a state: its inputs are [s; â] (section 3.1, Loss Network). */
export interface NetworkCritic<S extends Scores = Scores> {
  readonly name: string
  topology(observationSize: number, actionSize: number): Topology
  readonly loss: TrainingOptions['loss']
  /** Computes its targets, [rows, outputs], from the expert's actions and the learner's, [rows, actionSize] each. */
  targets(expert: Float32Array, learner: Float32Array, actionSize: number): Float32Array
  /** Scores rows of [s; â]. */
  score(network: Network, inputs: Float32Array, rows: number): S
}

const specSchema = object({ name: text, topology: func, loss: lossSchema, targets: func, score: func })

/** Makes a critic of one network over [s; â]: it is trained on all labelled states, and scores the actions that the learner proposes. */
export const networkCritic = <S extends Scores>(spec: NetworkCritic<S>): NetworkCritic<S> & CriticSpec => ({
  ...spec,
  async create({ observationSize, actionSize }, createNetwork) {
    check(specSchema, 'networkCritic', spec)
    const network = await createNetwork(spec.topology(observationSize, actionSize))
    return {
      networks: [network],
      async fit({ labelled }, { fit: options, random, signal }) {
        const { rows, observations, expertActions, learnerActions, validation } = labelled
        const inputs = joinColumns(observations, learnerActions, rows)
        const targets = spec.targets(expertActions, learnerActions, actionSize)
        await fit(network, { rows, inputs, targets, validation }, { ...options, loss: spec.loss }, random(), signal)
        return isConstant(network.predict(inputs, rows), network.outputs) ? [spec.name] : []
      },
      score: (states, actions, rows) => spec.score(network, joinColumns(states, actions, rows), rows)
    }
  }
})
