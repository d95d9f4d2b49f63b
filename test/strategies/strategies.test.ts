import { describe, expect, test } from 'vitest'
import { createNetwork, type Network, perceptron } from '../../lib/networks'
import { generator } from '../../lib/random'
import { above, always, anyOf, coin, hyperparameters, random, strategiesFor, strategyNames } from '../../lib/strategies'
import { lossNetwork, safetyNetwork } from '../../lib/strategies/critics'

const rngs = (count: number, name = 'row') => Array.from({ length: count }, (_, row) => generator(1, name, row))
const share = (bits: Uint8Array, bit: number) => bits.filter((b) => b & bit).length / bits.length
/** Four standard deviations of a share of n. */
const within = (p: number, n: number) => 4 * Math.sqrt((p * (1 - p)) / n)

describe('rules', () => {
  const scores = { discrepancy: Float32Array.of(0, 0.3, 0.5, 0.9), steepness: Float32Array.of(9, 0, 9, 0) }

  test('always asks in every state', () => {
    expect([...always.decide({}, rngs(3))]).toEqual([1, 1, 1])
  })

  test('random asks at its rate, by each row’s own generator', () => {
    const n = 20_000
    const asked = random(0.3).decide({}, rngs(n))
    expect(Math.abs(share(asked, 1) - 0.3)).toBeLessThan(within(0.3, n))
    expect([...random(0.3).decide({}, rngs(5))]).toEqual([...asked.slice(0, 5)])
    expect([...random(1).decide({}, rngs(2)), ...random(0).decide({}, rngs(2))]).toEqual([1, 1, 0, 0])
  })

  test('above asks where its score exceeds its threshold, and not at it', () => {
    expect([...above('discrepancy', 0.5).decide(scores, rngs(4))]).toEqual([0, 0, 0, 1])
  })

  test('anyOf asks where either does, and tells which', () => {
    const rule = anyOf(above('discrepancy', 0.4), above('steepness', 1))
    expect(rule.reasons).toEqual(['discrepancy', 'steepness'])
    expect([...rule.decide(scores, rngs(4))]).toEqual([2, 0, 3, 1])
  })

  test('coin lets either rule decide, in half of the states', () => {
    const n = 20_000
    const never = above('risk', 2)
    const risk = { risk: new Float32Array(n).fill(1) }
    expect(Math.abs(share(coin(always, never).decide(risk, rngs(n)), 1) - 0.5)).toBeLessThan(within(0.5, n))
    const hybrid = coin(anyOf(always, always), random(0.3))
    expect(hybrid.reasons).toEqual(['always', 'always', 'random'])
    const bits = hybrid.decide(risk, rngs(n))
    expect(Math.abs(share(bits, 1) - 0.5)).toBeLessThan(within(0.5, n))
    expect(Math.abs(share(bits, 4) - 0.15)).toBeLessThan(within(0.15, n))
    expect(bits.some((b) => b & 1 && b & 4)).toBe(false)
  })
})

/** A linear network y = x W + b: its outputs and gradients are known. */
async function linear(weights: number[][], bias: number[]): Promise<Network> {
  const network = await createNetwork(perceptron(weights.length, [], bias.length), generator(1))
  network.setWeights([Float32Array.from(weights.flat()), Float32Array.from(bias)])
  return network
}

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

  test('learns whether the learner’s action is further than tau from the expert’s', () => {
    const { targets } = safetyNetwork(0.5, 'probability')
    expect([...targets(Float32Array.of(0, 0, 3, 4, 1, 1), Float32Array.of(0.3, 0.3, 0, 0, 1, 1.5), 2)]).toEqual([
      0, 1, 0
    ])
  })
})

describe('the nine', () => {
  /** In which of these states each strategy asks, the coin and chance left out: where the expert surely, or never, is asked. */
  const asked = (environment: 'reacher' | 'hopper', scores: Record<string, number>) => {
    const rows = 4000
    const columns = Object.fromEntries(
      Object.entries(scores).map(([name, score]) => [name, new Float32Array(rows).fill(score)])
    )
    return Object.fromEntries(
      strategyNames.map((name) => {
        const bits = strategiesFor(hyperparameters[environment])[name].asks.decide(columns, rngs(rows, name))
        return [name, Math.round(20 * (bits.filter((b) => b > 0).length / rows)) / 20]
      })
    )
  }
  const chance = { supervised: 1, dagger: 1, random: 0.3 }

  test('are those of Table 2, with Table 1’s thresholds: below them all', () => {
    const below = { discrepancy: 0.0199, steepness: 0.0019, risk: 0.5 }
    expect(asked('reacher', below)).toEqual({
      ...chance,
      safedagger: 0,
      'safedagger-gradient': 0,
      'safedagger-gradient-random': 0.15,
      loss: 0,
      'loss-gradient': 0,
      'loss-gradient-random': 0.15
    })
  })

  test.each([
    ['reacher', 0.0021, 0, 1],
    ['reacher', 1.01, 1, 1],
    ['hopper', 0.21, 0, 1],
    ['hopper', 201, 1, 1],
    ['hopper', 0.19, 0, 0]
  ] as const)('on %s, with a gradient of %d', (environment, steepness, safety, loss) => {
    expect(asked(environment, { discrepancy: 0, risk: 0, steepness })).toEqual({
      ...chance,
      safedagger: 0,
      'safedagger-gradient': safety,
      'safedagger-gradient-random': safety ? 0.65 : 0.15,
      loss: 0,
      'loss-gradient': loss,
      'loss-gradient-random': loss ? 0.65 : 0.15
    })
  })

  test.each([
    ['reacher', 0.021, 0.51],
    ['hopper', 0.31, 0.51]
  ] as const)('on %s, with a predicted loss of %d and a risk of %d', (environment, discrepancy, risk) => {
    expect(asked(environment, { discrepancy, risk, steepness: 0 })).toEqual({
      ...chance,
      safedagger: 1,
      'safedagger-gradient': 1,
      'safedagger-gradient-random': 0.65,
      loss: 1,
      'loss-gradient': 1,
      'loss-gradient-random': 0.65
    })
  })

  test('learn the critic they ask by, and let the expert act just where it was asked', () => {
    for (const name of strategyNames) {
      const { title, actor, asks, critic } = { critic: undefined, ...strategiesFor(hyperparameters.reacher)[name] }
      const judged = asks.reasons.some((reason) => reason !== 'always' && reason !== 'random')
      expect(critic !== undefined, title).toBe(judged)
      if (judged) expect(actor).toBe('expert-when-asked')
    }
    expect(hyperparameters.reacher.safety.tau).toBe(0.04)
  })
})
