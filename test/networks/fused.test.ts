/** The fused engine against mathematics: finite differences, expectations, independence of rows. */
import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { createNetwork, fit, type Network, perceptron } from '../../lib/networks'
import { generator, uniform } from '../../lib/util/random'
import { lossNetwork, policy, uniformMatrix } from './networks'
import { trainOnce } from './train-once.mjs'

const all = (rows: number): Uint32Array => Uint32Array.from({ length: rows }, (_, i) => i)

describe('the fused engine’s input gradients', () => {
  // in single precision a ReLU's kink within the step spoils a difference, so the smooth network is held closest
  test.each([
    ['a tanh network', perceptron(6, [20, 12], 3, { activation: 'tanh' }), 2e-3],
    ['the loss network', lossNetwork, 6e-2]
  ])('those of %s equal finite differences', async (_, topology, tolerance) => {
    const network = await createNetwork(topology, generator(5))
    const { inputs: m, outputs: n } = network
    const x = uniformMatrix('x', 1, m)
    for (let output = 0; output < n; output++) {
      const gradient = network.inputGradients(
        x,
        Float32Array.from({ length: n }, (_, j) => Number(j === output)),
        1
      )
      const size = Math.max(...gradient.map(Math.abs))
      for (let k = 0; k < m; k++) {
        const at = (shift: number) =>
          network.predict(
            x.map((value, i) => value + (i === k ? shift : 0)),
            1
          )[output]
        expect(Math.abs(gradient[k] - (at(2e-3) - at(-2e-3)) / 4e-3) / size).toBeLessThan(tolerance)
      }
    }
  })
})

test('rows of a batch do not influence one another, however they are grouped', async () => {
  const network = await createNetwork(lossNetwork, generator(5))
  const rows = 77
  const x = uniformMatrix('x', rows, 13)
  const dy = uniformMatrix('dy', rows, 2)
  const [outputs, gradients] = [network.predict(x, rows), network.inputGradients(x, dy, rows)]
  for (const row of [0, 31, 32, 76]) {
    const one = x.slice(row * 13, (row + 1) * 13)
    expect(network.predict(one, 1)).toEqual(outputs.slice(row * 2, row * 2 + 2))
    expect(network.inputGradients(one, dy.slice(row * 2, row * 2 + 2), 1)).toEqual(
      gradients.slice(row * 13, (row + 1) * 13)
    )
  }
  const poisoned = x.slice()
  poisoned.fill(Number.NaN, 0, 13)
  expect(network.predict(poisoned, rows).slice(2)).toEqual(outputs.slice(2))
})

test('dropout keeps a layer’s expectation and has the variance of the formula', async () => {
  // y = sum of w x m / (1 - p): its mean is w x, its variance p / (1 - p) sum (w x)^2, and the loss is both
  const rate = 0.2
  const network = await createNetwork(perceptron(1, [40], 1, { activation: 'linear', dropout: rate }), generator(1))
  const hidden = Float32Array.from({ length: 40 }, (_, k) => 0.1 + k / 40)
  const out = Float32Array.from({ length: 40 }, (_, k) => 1 - k / 50)
  network.setWeights([hidden, new Float32Array(40), out, new Float32Array(1)])
  const mean = hidden.reduce((sum, h, k) => sum + h * out[k], 0)
  const variance = (rate / (1 - rate)) * hidden.reduce((sum, h, k) => sum + (h * out[k]) ** 2, 0)
  const rows = 20_000
  const examples = (target: number) => ({
    rows,
    inputs: new Float32Array(rows).fill(1),
    targets: new Float32Array(rows).fill(target)
  })
  const lossAt = (target: number) =>
    network
      .train(examples(target), { loss: 'squared-error', learningRate: 0, optimizer: 'fresh', rng: generator(2) })
      .step(all(rows))
  expect(lossAt(mean) / variance).toBeCloseTo(1, 1)
  // (mean - t)^2 + variance at two targets: half their difference is the mean
  expect((lossAt(-1) - lossAt(1)) / 4 / mean).toBeCloseTo(1, 2)
  expect(network.predict(Float32Array.of(1), 1)[0]).toBeCloseTo(mean, 4)
})

test('under dropout, training follows the gradient of the loss that it reports', async () => {
  // the same generator gives the same masks, so the loss under them is a function of the weights
  const network = await createNetwork(perceptron(4, [24, 12], 2, { activation: 'tanh', dropout: 0.3 }), generator(3))
  const examples = { rows: 20, inputs: uniformMatrix('inputs', 20, 4), targets: uniformMatrix('targets', 20, 2) }
  const weights = network.weights().map(({ values }) => values)
  const loss = (learningRate: number) =>
    network
      .train(examples, { loss: 'squared-error', learningRate, optimizer: 'fresh', rng: generator(4) })
      .step(all(20))
  const before = loss(1e-6) // one step of Adam moves every weight by 1e-6 against the sign of its gradient
  const moves = network.weights().map(({ values }, i) => values.map((value, j) => Math.sign(value - weights[i][j])))
  let agreeing = 0
  let tried = 0
  for (let i = 0; i < weights.length; i++)
    for (let j = 0; j < weights[i].length; j += 7) {
      const shifted = (shift: number) => {
        network.setWeights(
          weights.map((values, l) => values.map((value, k) => value + (l === i && k === j ? shift : 0)))
        )
        return loss(0)
      }
      const slope = shifted(0.02) - shifted(-0.02)
      if (Math.abs(slope) < 1e-6 * before) continue
      tried += 1
      if (Math.sign(slope) === -moves[i][j]) agreeing += 1
    }
  expect(tried).toBeGreaterThan(40)
  expect(agreeing).toBe(tried)
})

test('the output of tanh is that of Math.tanh to single precision, from denormal to infinite', async () => {
  const network = await createNetwork(
    {
      class_name: 'Sequential',
      config: {
        name: 'tanh',
        layers: [
          { class_name: 'Dense', config: { name: 'd', units: 1, activation: 'tanh', batch_input_shape: [null, 1] } }
        ]
      }
    },
    generator(1)
  )
  network.setWeights([Float32Array.of(1), Float32Array.of(0)])
  for (const x of [
    0,
    1e-40,
    1e-8,
    1e-3,
    0.1,
    0.17,
    0.18,
    0.34,
    0.35,
    0.5,
    0.55,
    1,
    2,
    5,
    8.9,
    9.1,
    50,
    1e30,
    Number.POSITIVE_INFINITY
  ])
    for (const sign of [1, -1]) {
      const expected = Math.tanh(Math.fround(sign * x))
      expect(Math.abs(network.predict(Float32Array.of(sign * x), 1)[0] - expected)).toBeLessThanOrEqual(
        3e-7 * Math.abs(expected)
      )
    }
})

const wrong: [string, (network: Network) => unknown, RegExp][] = [
  ['inputs', (n) => n.predict(new Float32Array(12), 1), /inputs must hold 1 rows of 11 numbers/],
  [
    'output gradients',
    (n) => n.inputGradients(new Float32Array(11), new Float32Array(3), 1),
    /output gradients must hold 1 rows of 2/
  ],
  ['number of weights', (n) => n.setWeights([]), /has 10 weights/],
  [
    'shape of a weight',
    (n) => n.setWeights(n.weights().map(() => new Float32Array(3))),
    /dense_1\/kernel must hold 11 rows of 128/
  ]
]
test.each(wrong)('a call with the wrong %s is refused with the size that it takes', async (_, use, message) => {
  const network = await createNetwork(policy, generator(1))
  expect(() => use(network)).toThrow(message)
})

test('NaN in the inputs reaches the outputs, and NaN in the targets is refused by a fit', async () => {
  const network = await createNetwork(policy, generator(1))
  expect(network.predict(new Float32Array(11).fill(Number.NaN), 1)).toEqual(new Float32Array(2).fill(Number.NaN))
  const examples = { rows: 2, inputs: uniformMatrix('x', 2, 11), targets: Float32Array.of(1, 2, Number.NaN, 4) }
  const options = {
    loss: 'squared-error',
    epochs: 3,
    batch: 2,
    learningRate: 1e-3,
    weights: 'warm',
    optimizer: 'fresh'
  } as const
  await expect(fit(network, examples, options, generator(2))).rejects.toThrow(
    /the target for row 1 has NaN at entry 0: give finite numbers/
  )
})

test('a batch with unknown rows and a training that was replaced are refused', async () => {
  const network = await createNetwork(policy, generator(1))
  const examples = (rows: number) => ({
    rows,
    inputs: uniformMatrix('x', rows, 11),
    targets: uniformMatrix('y', rows, 2)
  })
  const options = { loss: 'squared-error', learningRate: 1e-3, optimizer: 'fresh', rng: generator(2) } as const
  const first = network.train(examples(4), options)
  expect(() => first.step(Uint32Array.of(1, 4))).toThrow(/no row 4 among 4 examples/)
  expect(() => first.loss(new Uint32Array())).toThrow(/at least one row/)
  network.train(examples(5), options)
  expect(() => first.step(Uint32Array.of(1))).toThrow(/since been given other examples to train on/)
})

test('a network declared by anything but a model is refused', async () => {
  await expect(createNetwork({ class_name: 'Dense', config: {} }, generator(1))).rejects.toThrow(/tf.sequential/)
  await expect(createNetwork(undefined, generator(1))).rejects.toThrow(/tf.sequential/)
})

test('the same seed gives the same weights, bit for bit, in another process and on other machines', async () => {
  const here = await trainOnce({ createNetwork, fit, perceptron }, { generator, uniform })
  // computed on x64 with Node 20, 22 and 24
  expect(here).toBe('5235544c259d7724cd06da1a2679f25d5f9b00571f1531746172b45fa18b2bfe')
  const script = new URL('./train-once.mjs', import.meta.url).pathname
  expect(execFileSync(process.execPath, [script], { encoding: 'utf8' }).trim()).toBe(here)
})
