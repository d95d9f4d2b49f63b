import { describe, expect, test } from 'vitest'
import { lossNetwork, safetyNetwork } from '../../lib/strategies'
import { linear } from './small'

describe('the Loss network', () => {
  const W = [
    [1, 0],
    [2, -1],
    [0, 3]
  ]
  const inputs = Float32Array.of(1, 1, 1, 0, 0, 0)
  // rows: y = (3, 2) + b and b
  const bias = [1, -2]

  test('scores the norm of what it predicts', async () => {
    const { discrepancy } = lossNetwork('norm').scores(await linear(W, bias), inputs, 2)
    expect(discrepancy[0]).toBeCloseTo(4, 6)
    expect(discrepancy[1]).toBeCloseTo(Math.sqrt(5), 6)
  })

  test('scores the norm of its gradient, in three readings', async () => {
    const network = await linear(W, bias)
    const steepness = (reading: 'norm' | 'jacobian' | 'sum') => [
      ...lossNetwork(reading).scores(network, inputs, 2).steepness
    ]
    // the gradient of |y| is W y / |y|: (1, 2, 0) for y = (4, 0), and (1, 4, -6) / sqrt(5) for y = (1, -2)
    expect(steepness('norm')[0]).toBeCloseTo(Math.sqrt(5), 5)
    expect(steepness('norm')[1]).toBeCloseTo(Math.sqrt(53 / 5), 5)
    for (const value of steepness('jacobian')) expect(value).toBeCloseTo(Math.sqrt(1 + 4 + 1 + 9), 5)
    for (const value of steepness('sum')) expect(value).toBeCloseTo(Math.sqrt(1 + 1 + 9), 5)
  })

  test('is flat, not undefined, where it predicts zero', async () => {
    const { steepness } = lossNetwork('norm').scores(await linear(W, [0, 0]), new Float32Array(3), 1)
    expect([...steepness]).toEqual([0])
  })

  test('learns the way from the learner’s action to the expert’s', () => {
    expect([...lossNetwork('norm').targets(Float32Array.of(1, 2, 3, 4), Float32Array.of(0, 2, 5, 4), 2)]).toEqual([
      1, 0, -2, 0
    ])
  })
})

describe('the safety network', () => {
  const inputs = Float32Array.of(0, 0, 1, 1)

  test('scores a probability and the norm of its gradient, or of its logit’s', async () => {
    const network = await linear([[3], [-4]], [Math.log(3)])
    const { risk, steepness } = safetyNetwork(0.1, 'probability').scores(network, inputs, 2)
    expect(risk[0]).toBeCloseTo(3 / 4, 6)
    expect(risk[1]).toBeCloseTo(3 / (3 + Math.E), 6)
    expect(steepness[0]).toBeCloseTo(5 * (3 / 16), 6)
    expect([...safetyNetwork(0.1, 'logit').scores(network, inputs, 2).steepness]).toEqual([5, 5])
  })

  test('scores the logit too, by which states differ whose risk rounds to one', async () => {
    const network = await linear([[3], [-4]], [Math.log(3)])
    const { logit } = safetyNetwork(0.1, 'probability').scores(network, inputs, 2)
    expect(logit[0]).toBeCloseTo(Math.log(3), 6)
    expect(logit[1]).toBeCloseTo(Math.log(3) - 1, 6)
    const sure = await linear([[1], [0]], [0])
    const certain = safetyNetwork(0.1, 'logit').scores(sure, Float32Array.of(20, 0, 30, 0), 2)
    expect([...certain.risk]).toEqual([1, 1])
    expect([...certain.logit]).toEqual([20, 30])
  })

  test('learns whether the learner’s action is further than tau from the expert’s', () => {
    const { targets } = safetyNetwork(0.5, 'probability')
    expect([...targets(Float32Array.of(0, 0, 3, 4, 1, 1), Float32Array.of(0.3, 0.3, 0, 0, 1, 1.5), 2)]).toEqual([
      0, 1, 0
    ])
  })
})
