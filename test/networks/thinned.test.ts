import { describe, expect, test } from 'vitest'
import { createNetwork, type Network, perceptron, thinned } from '../../lib/networks'
import { generator, type Rng } from '../../lib/random'
import { uniformMatrix } from './networks'

/** What a draw of a network says. */
async function teller(network: Network): Promise<(rng: Rng, inputs: Float32Array) => Float32Array> {
  const draw = await createNetwork(network.topology, generator(9))
  return (rng, inputs) => {
    draw.setWeights(thinned(network.topology, network.weights(), rng))
    return draw.predict(inputs, inputs.length / network.inputs)
  }
}

/** Its biases, zero at first, drawn too. */
async function biased(...declared: Parameters<typeof perceptron>): Promise<Network> {
  const network = await createNetwork(perceptron(...declared), generator(5))
  const weights = network.weights().map(({ name, values }) => uniformMatrix(name, 1, values.length))
  network.setWeights(weights)
  return network
}

describe('a draw by dropout', () => {
  test('says on average what a linear network does', async () => {
    const network = await biased(3, [25], 2, { activation: 'linear', dropout: 0.3 })
    const say = await teller(network)
    const x = uniformMatrix('x', 1, 3)
    const rng = generator(1, 'draws')
    const n = 4000
    const said = Array.from({ length: n }, () => say(rng, x))
    for (const [output, whole] of network.predict(x, 1).entries()) {
      const mean = said.reduce((sum, each) => sum + each[output], 0) / n
      const variance = said.reduce((sum, each) => sum + (each[output] - mean) ** 2, 0) / (n - 1)
      expect(variance).toBeGreaterThan(0.1)
      expect(Math.abs(mean - whole)).toBeLessThan(4 * Math.sqrt(variance / n))
    }
  })

  test('leaves out a unit altogether, and lets the others count for more', async () => {
    // y = relu(x + 1) + 10 relu(2 x + 1) + 100 relu(3 x + 1) - 1, of which some terms are left out and the others doubled
    const network = await createNetwork(perceptron(1, [3], 1, { dropout: 0.5 }), generator(1))
    network.setWeights([[1, 2, 3], [1, 1, 1], [1, 10, 100], [-1]].map((values) => Float32Array.from(values)))
    const say = await teller(network)
    const seen = new Set<number>()
    for (let draw = 0; draw < 100; draw++) seen.add(say(generator(draw), Float32Array.of(1))[0])
    // at x = 1 the terms are 2, 30 and 400
    expect([...seen].sort((a, b) => a - b)).toEqual([-1, 3, 59, 63, 799, 803, 859, 863])
  })

  test('leaves out units of each layer in its share, and none of the output', async () => {
    const network = await biased(4, [400, 300], 5, { dropout: 0.2 })
    const draws = Array.from({ length: 20 }, (_, i) => thinned(network.topology, network.weights(), generator(i)))
    for (const [l, units] of [400, 300].entries()) {
      const silent = draws.map((draw) => [...draw[2 * l + 1].keys()].filter((unit) => draw[2 * l + 1][unit] === 0))
      const p = silent.flat().length / (20 * units)
      expect(Math.abs(p - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / (20 * units)))
      const next = l === 0 ? 300 : 5
      draws.forEach((draw, i) => {
        for (const unit of silent[i])
          expect(draw[2 * l + 2].subarray(unit * next, (unit + 1) * next).every((weight) => weight === 0)).toBe(true)
      })
    }
    for (const draw of draws) expect(draw[5]).toEqual(network.weights()[5].values)
  })

  test('without dropout is the network itself', async () => {
    for (const network of [await biased(3, [8, 4], 2), await biased(3, [], 2)])
      expect(thinned(network.topology, network.weights(), generator(1))).toEqual(
        network.weights().map(({ values }) => values)
      )
  })

  test('is drawn by the generator given, and leaves the network as it was', async () => {
    const network = await biased(3, [20], 2, { dropout: 0.5 })
    const before = network.weights()
    const [one, same, other] = [1, 1, 2].map((seed) => thinned(network.topology, before, generator(seed)))
    expect(same).toEqual(one)
    expect(other).not.toEqual(one)
    expect(before).toEqual(network.weights())
  })

  test('is refused of what is not made of dense layers', () => {
    const { config } = perceptron(4, [3], 2)
    const layers = [{ class_name: 'Conv1D', config: { batch_input_shape: [null, 4, 1] } }, ...config.layers]
    const topology = { class_name: 'Sequential', config: { ...config, layers } } as const
    expect(() => thinned(topology, [], generator(1))).toThrow(RangeError)
    expect(() => thinned(topology, [], generator(1))).toThrow(/made of dense layers: this network has others/)
  })
})
