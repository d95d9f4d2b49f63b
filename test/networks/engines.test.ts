/** The fused engine against TensorFlow: two implementations that share nothing but the weights. */
import * as tf from '@tensorflow/tfjs-node'
import { describe, expect, test } from 'vitest'
import { createNetwork, type Network, perceptron, type Topology, type TrainingOptions } from '../../lib/networks'
import { generator } from '../../lib/util/random'
import { deviation, lossNetwork, policy, uniformMatrix } from './networks'

const close = 1e-4

const topologies: Record<string, Topology> = {
  policy,
  'loss network': lossNetwork,
  tanh: perceptron(11, [64, 64], 3, { activation: 'tanh' }),
  'tanh output': perceptron(5, [17, 33], 1),
  'no hidden layer': perceptron(3, [], 2),
  'odd sizes': perceptron(7, [1, 50, 16, 19], 5, { activation: 'linear' })
}

/** The same weights, biases too, on both engines. */
async function pair(topology: Topology): Promise<{ fused: Network; tensorflow: Network }> {
  const fused = await createNetwork(topology, generator(1, 'weights'))
  const tensorflow = await createNetwork(topology, generator(2, 'weights'), 'tensorflow')
  const weights = fused
    .weights()
    .map(({ shape, values, name }) => (shape.length > 1 ? values : uniformMatrix(name, 1, values.length, 0.3)))
  fused.setWeights(weights)
  tensorflow.setWeights(weights)
  expect(fused.engine).toBe('fused')
  expect(tensorflow.engine).toBe('tensorflow')
  return { fused, tensorflow }
}

const norm = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
const flat = (weights: readonly { values: Float32Array }[]): number[] => weights.flatMap(({ values }) => [...values])

describe.each(Object.entries(topologies))('%s', (name, declared) => {
  const topology: Topology =
    name !== 'tanh output'
      ? declared
      : {
          ...declared,
          config: {
            ...declared.config,
            layers: [
              ...declared.config.layers,
              { class_name: 'Activation', config: { name: 'activation_1', activation: 'tanh' } }
            ]
          }
        }

  test.each([1, 5, 32, 100])('both engines compute the same outputs of %i rows', async (rows) => {
    const { fused, tensorflow } = await pair(topology)
    const inputs = uniformMatrix('inputs', rows, fused.inputs, 2)
    expect(deviation(fused.predict(inputs, rows), tensorflow.predict(inputs, rows))).toBeLessThan(close)
  })

  test.each([1, 37])('both engines compute the same gradients of %i rows', async (rows) => {
    const { fused, tensorflow } = await pair(topology)
    const inputs = uniformMatrix('inputs', rows, fused.inputs, 2)
    const outputGradients = uniformMatrix('output gradients', rows, fused.outputs)
    const [ours, theirs] = [fused, tensorflow].map((network) => network.inputGradients(inputs, outputGradients, rows))
    expect(deviation(ours, theirs)).toBeLessThan(close)
    const weightGradients = fused.weightGradients(inputs, outputGradients, rows)
    tensorflow.weightGradients(inputs, outputGradients, rows).forEach((expected, i) => {
      expect(deviation(weightGradients[i], expected), fused.weights()[i].name).toBeLessThan(close)
    })
  })

  // dropout masks differ between engines, so training steps are compared without dropout
  const withoutDropout: Topology = {
    ...topology,
    config: { ...topology.config, layers: topology.config.layers.filter(({ class_name }) => class_name !== 'Dropout') }
  }
  test.each(['squared-error', 'logistic'] as const)(
    'three steps of Adam on the %s loss move the weights alike on both engines',
    async (loss) => {
      const { fused, tensorflow } = await pair(withoutDropout)
      const rows = 40
      const targets = uniformMatrix('targets', rows, fused.outputs)
      const examples = {
        rows,
        inputs: uniformMatrix('inputs', rows, fused.inputs, 2),
        targets: loss === 'logistic' ? targets.map((t) => Number(t > 0)) : targets
      }
      const options: TrainingOptions = { loss, learningRate: 1e-3, optimizer: 'fresh', rng: generator(3) }
      const before = flat(fused.weights())
      const [ours, theirs] = [fused.train(examples, options), tensorflow.train(examples, options)]
      for (const batch of [
        Uint32Array.of(3, 1, 4),
        Uint32Array.from({ length: 37 }, (_, i) => i),
        Uint32Array.of(39)
      ]) {
        expect(deviation([ours.loss(batch)], [theirs.loss(batch)])).toBeLessThan(close)
        expect(deviation([ours.step(batch)], [theirs.step(batch)])).toBeLessThan(close)
      }
      const moved = (network: Network) => flat(network.weights()).map((value, i) => value - before[i])
      // a gradient that is all rounding moves its weight either way, so the moves are compared as one vector
      const [a, b] = [moved(fused), moved(tensorflow)]
      expect(norm(a.map((value, i) => value - b[i])) / norm(b)).toBeLessThan(1e-3)
      expect(deviation(flat(fused.weights()), flat(tensorflow.weights()))).toBeLessThan(close)
    }
  )
})

test('a tf.sequential of dense, dropout and activation layers runs fused, with the outputs that TensorFlow gives it', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 24, inputShape: [11], kernelInitializer: 'heNormal' }),
      tf.layers.activation({ activation: 'relu' }),
      tf.layers.dropout({ rate: 0.3 }),
      tf.layers.dense({ units: 4, activation: 'tanh' }),
      tf.layers.dense({ units: 2 })
    ]
  })
  const network = await createNetwork(model, generator(1))
  expect(network.engine).toBe('fused')
  network.setWeights(model.getWeights().map((weight) => weight.dataSync<'float32'>()))
  const inputs = uniformMatrix('inputs', 9, 11)
  const expected = (model.predict(tf.tensor2d(inputs, [9, 11])) as tf.Tensor).dataSync()
  expect(deviation(network.predict(inputs, 9), expected)).toBeLessThan(close)
})

test('any other model runs on TensorFlow, and training reduces its loss', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 16, inputShape: [3], activation: 'elu' }),
      tf.layers.layerNormalization(),
      tf.layers.dropout({ rate: 0.1 }),
      tf.layers.dense({ units: 1 })
    ]
  })
  const network = await createNetwork(model, generator(1))
  expect(network.engine).toBe('tensorflow')
  const inputs = uniformMatrix('inputs', 64, 3)
  const targets = Float32Array.from({ length: 64 }, (_, i) => inputs[3 * i] * inputs[3 * i + 1])
  const rows = Uint32Array.from({ length: 64 }, (_, i) => i)
  const options: TrainingOptions = { loss: 'squared-error', learningRate: 1e-2, optimizer: 'fresh', rng: generator(2) }
  const training = network.train({ rows: 64, inputs, targets }, options)
  const before = training.loss(rows)
  const tensors = tf.memory().numTensors
  for (let i = 0; i < 60; i++) training.step(rows)
  expect(training.loss(rows)).toBeLessThan(before / 2)
  expect(tf.memory().numTensors - tensors).toBeLessThan(20) // Adam's moments, no more
  network.dispose()
})

test('the TensorFlow engine draws weights and dropout from the generator too', async () => {
  const run = async () => {
    const network = await createNetwork(policy, generator(7), 'tensorflow')
    const examples = { rows: 8, inputs: uniformMatrix('inputs', 8, 11), targets: uniformMatrix('targets', 8, 2) }
    const training = network.train(examples, {
      loss: 'squared-error',
      learningRate: 1e-2,
      optimizer: 'fresh',
      rng: generator(8)
    })
    const losses = [1, 2, 3].map(() => training.step(Uint32Array.from({ length: 8 }, (_, i) => i)))
    network.dispose()
    return losses
  }
  const [first, second] = [await run(), await run()]
  expect(first).toEqual(second)
  expect(new Set(first).size).toBe(3)
})
