import { describe, expect, test } from 'vitest'
import type { Network } from '../../lib/networks'
import { lossNetwork, safetyNetwork } from '../../lib/strategies'
import { linear } from './small'

/** A network that counts its gradients. */
function counting(network: Network): Network & { readonly gradients: () => number } {
  let gradients = 0
  return {
    ...network,
    gradients: () => gradients,
    inputGradients(...batch) {
      gradients++
      return network.inputGradients(...batch)
    }
  }
}

describe('the loss network', () => {
  const W = [
    [1, 0],
    [2, -1],
    [0, 3]
  ]
  const inputs = Float32Array.of(1, 1, 1, 0, 0, 0)
  // rows: y = (3, 2) + b and b
  const bias = [1, -2]

  test('`predictedLoss` is the norm of the predicted difference', async () => {
    const predictedLoss = lossNetwork('norm')
      .score(await linear(W, bias), inputs, 2)
      .predictedLoss()
    expect(predictedLoss[0]).toBeCloseTo(4, 6)
    expect(predictedLoss[1]).toBeCloseTo(Math.sqrt(5), 6)
  })

  test('`lossGradient` is the norm of the gradient, in each of its three readings', async () => {
    const network = await linear(W, bias)
    const lossGradient = (reading: 'norm' | 'jacobian' | 'sum') => [
      ...lossNetwork(reading).score(network, inputs, 2).lossGradient()
    ]
    // the gradient of |y| is W y / |y|: (1, 2, 0) for y = (4, 0), and (1, 4, -6) / sqrt(5) for y = (1, -2)
    expect(lossGradient('norm')[0]).toBeCloseTo(Math.sqrt(5), 5)
    expect(lossGradient('norm')[1]).toBeCloseTo(Math.sqrt(53 / 5), 5)
    for (const value of lossGradient('jacobian')) expect(value).toBeCloseTo(Math.sqrt(1 + 4 + 1 + 9), 5)
    for (const value of lossGradient('sum')) expect(value).toBeCloseTo(Math.sqrt(1 + 1 + 9), 5)
  })

  test('`lossGradient` is zero, not undefined, where the network predicts zero', async () => {
    const scores = lossNetwork('norm').score(await linear(W, [0, 0]), new Float32Array(3), 1)
    expect([...scores.lossGradient()]).toEqual([0])
  })

  test('`lossGradient` is computed once, and only for a rule that looks at it', async () => {
    const network = counting(await linear(W, bias))
    const scores = lossNetwork('norm').score(network, inputs, 2)
    scores.predictedLoss()
    expect(network.gradients()).toBe(0)
    expect(scores.lossGradient()).toBe(scores.lossGradient())
    expect(network.gradients()).toBe(1)
  })

  test('the loss network is trained on the difference between the expert’s action and the learner’s', () => {
    const targets = lossNetwork('norm').targets(Float32Array.of(1, 2, 3, 4), Float32Array.of(0, 2, 5, 4), 2)
    expect([...targets]).toEqual([1, 0, -2, 0])
  })
})

describe('the safety network', () => {
  const inputs = Float32Array.of(0, 0, 1, 1)

  test('`risk` is a probability; `riskGradient` is the norm of its gradient, or of its logit’s', async () => {
    const network = await linear([[3], [-4]], [Math.log(3)])
    const scores = safetyNetwork(0.1, 'probability').score(network, inputs, 2)
    expect(scores.risk()[0]).toBeCloseTo(3 / 4, 6)
    expect(scores.risk()[1]).toBeCloseTo(3 / (3 + Math.E), 6)
    expect(scores.riskGradient()[0]).toBeCloseTo(5 * (3 / 16), 6)
    expect([...safetyNetwork(0.1, 'logit').score(network, inputs, 2).riskGradient()]).toEqual([5, 5])
  })

  test('`riskLogit` tells states apart whose risk rounds to one', async () => {
    const network = await linear([[3], [-4]], [Math.log(3)])
    const riskLogit = safetyNetwork(0.1, 'probability').score(network, inputs, 2).riskLogit()
    expect(riskLogit[0]).toBeCloseTo(Math.log(3), 6)
    expect(riskLogit[1]).toBeCloseTo(Math.log(3) - 1, 6)
    const sure = await linear([[1], [0]], [0])
    const certain = safetyNetwork(0.1, 'logit').score(sure, Float32Array.of(20, 0, 30, 0), 2)
    expect([...certain.risk()]).toEqual([1, 1])
    expect([...certain.riskLogit()]).toEqual([20, 30])
  })

  test('`riskGradient` is computed once, and only for a rule that looks at it', async () => {
    const network = counting(await linear([[3], [-4]], [0]))
    const scores = safetyNetwork(0.1, 'probability').score(network, inputs, 2)
    scores.risk()
    scores.riskLogit()
    expect(network.gradients()).toBe(0)
    expect(scores.riskGradient()).toBe(scores.riskGradient())
    expect(network.gradients()).toBe(1)
  })

  test('the safety network is trained on 1 where the learner’s action is further than tau from the expert’s', () => {
    const { targets } = safetyNetwork(0.5, 'probability')
    const far = targets(Float32Array.of(0, 0, 3, 4, 1, 1), Float32Array.of(0.3, 0.3, 0, 0, 1, 1.5), 2)
    expect([...far]).toEqual([0, 1, 0])
  })
})
