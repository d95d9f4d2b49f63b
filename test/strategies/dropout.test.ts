import { describe, expect, test } from 'vitest'
import { createNetwork, type Network, perceptron } from '../../lib/networks'
import { sampleDropout } from '../../lib/strategies/related/dropout'
import { generator, type Rng } from '../../lib/util/random'
import { uniformMatrix } from '../networks/networks'

/** Returns a function that draws a sample of a network and computes its outputs. */
async function sampler(network: Network): Promise<(rng: Rng, inputs: Float32Array) => Float32Array> {
  const sample = await createNetwork(network.topology, generator(9))
  return (rng, inputs) => {
    sample.setWeights(sampleDropout(network.topology, network.weights(), rng))
    return sample.predict(inputs, inputs.length / network.inputs)
  }
}

/** Creates a network whose biases, initially zero, are drawn too. */
async function biased(...declared: Parameters<typeof perceptron>): Promise<Network> {
  const network = await createNetwork(perceptron(...declared), generator(5))
  const weights = network.weights().map(({ name, values }) => uniformMatrix(name, 1, values.length))
  network.setWeights(weights)
  return network
}

describe('sampleDropout', () => {
  test('a linear network’s samples have its outputs as their mean', async () => {
    const network = await biased(3, [25], 2, { activation: 'linear', dropout: 0.3 })
    const predict = await sampler(network)
    const x = uniformMatrix('x', 1, 3)
    const rng = generator(1, 'draws')
    const n = 4000
    const samples = Array.from({ length: n }, () => predict(rng, x))
    for (const [output, whole] of network.predict(x, 1).entries()) {
      const mean = samples.reduce((sum, each) => sum + each[output], 0) / n
      const variance = samples.reduce((sum, each) => sum + (each[output] - mean) ** 2, 0) / (n - 1)
      expect(variance).toBeGreaterThan(0.1)
      expect(Math.abs(mean - whole)).toBeLessThan(4 * Math.sqrt(variance / n))
    }
  })

  test('a dropped unit contributes nothing, and a kept one 1 / (1 - rate) times as much', async () => {
    // y = relu(x + 1) + 10 relu(2 x + 1) + 100 relu(3 x + 1) - 1, some of whose terms are dropped and the others doubled
    const network = await createNetwork(perceptron(1, [3], 1, { dropout: 0.5 }), generator(1))
    network.setWeights([[1, 2, 3], [1, 1, 1], [1, 10, 100], [-1]].map((values) => Float32Array.from(values)))
    const predict = await sampler(network)
    const seen = new Set<number>()
    for (let draw = 0; draw < 100; draw++) seen.add(predict(generator(draw), Float32Array.of(1))[0])
    // at x = 1 the terms are 2, 30 and 400
    expect([...seen].sort((a, b) => a - b)).toEqual([-1, 3, 59, 63, 799, 803, 859, 863])
  })

  test('each hidden layer drops units at its rate, and the output layer drops none', async () => {
    const network = await biased(4, [400, 300], 5, { dropout: 0.2 })
    const draws = Array.from({ length: 20 }, (_, i) => sampleDropout(network.topology, network.weights(), generator(i)))
    for (const [l, units] of [400, 300].entries()) {
      const dropped = draws.map((draw) => [...draw[2 * l + 1].keys()].filter((unit) => draw[2 * l + 1][unit] === 0))
      const p = dropped.flat().length / (20 * units)
      expect(Math.abs(p - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / (20 * units)))
      const next = l === 0 ? 300 : 5
      draws.forEach((draw, i) => {
        for (const unit of dropped[i])
          expect(draw[2 * l + 2].subarray(unit * next, (unit + 1) * next).every((weight) => weight === 0)).toBe(true)
      })
    }
    for (const draw of draws) expect(draw[5]).toEqual(network.weights()[5].values)
  })

  test('a network without dropout is its own sample', async () => {
    for (const network of [await biased(3, [8, 4], 2), await biased(3, [], 2)])
      expect(sampleDropout(network.topology, network.weights(), generator(1))).toEqual(
        network.weights().map(({ values }) => values)
      )
  })

  test('the generator determines the sample, and the network’s own weights stay', async () => {
    const network = await biased(3, [20], 2, { dropout: 0.5 })
    const before = network.weights()
    const [one, same, other] = [1, 1, 2].map((seed) => sampleDropout(network.topology, before, generator(seed)))
    expect(same).toEqual(one)
    expect(other).not.toEqual(one)
    expect(before).toEqual(network.weights())
  })

  test('a network with other layers than dense ones is refused', () => {
    const { config } = perceptron(4, [3], 2)
    const layers = [{ class_name: 'Conv1D', config: { batch_input_shape: [null, 4, 1] } }, ...config.layers]
    const topology = { class_name: 'Sequential', config: { ...config, layers } } as const
    expect(() => sampleDropout(topology, [], generator(1))).toThrow(RangeError)
    expect(() => sampleDropout(topology, [], generator(1))).toThrow(/sampled in dense layers: this network has others/)
  })
})
