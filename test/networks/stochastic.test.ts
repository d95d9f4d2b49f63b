/** Stochastic layers on the TensorFlow engine: of every kind and at every depth they draw from the run's generator, anew in each step. */
import * as tf from '@tensorflow/tfjs-node'
import { describe, expect, test } from 'vitest'
import { createNetwork } from '../../lib/networks'
import { generator } from '../../lib/util/random'
import { uniformMatrix } from './networks'

const { layers } = tf
const nested = (...inner: tf.layers.Layer[]) => tf.sequential({ layers: inner })
const first = () => layers.dense({ units: 12, inputShape: [3] })
const inTime = () => layers.reshape({ inputShape: [3], targetShape: [3, 1] })

const models: Record<string, () => tf.LayersModel> = {
  'dropout in a nested model': () =>
    tf.sequential({ layers: [nested(first(), layers.dropout({ rate: 0.5 })), layers.dense({ units: 2 })] }),
  'dropout in a model nested twice': () =>
    tf.sequential({ layers: [nested(nested(first(), layers.dropout({ rate: 0.5 }))), layers.dense({ units: 2 })] }),
  'dropout with a seed of its own': () =>
    nested(first(), layers.dropout({ rate: 0.5, seed: 7 }), layers.elu(), layers.dense({ units: 2 })),
  'dropout in a wrapper': () =>
    nested(
      inTime(),
      layers.timeDistributed({ layer: layers.dropout({ rate: 0.5 }) }),
      layers.flatten(),
      layers.dense({ units: 2 })
    ),
  gaussianNoise: () => nested(first(), layers.gaussianNoise({ stddev: 1 }), layers.dense({ units: 2 })),
  gaussianDropout: () => nested(first(), layers.gaussianDropout({ rate: 0.5 }), layers.dense({ units: 2 })),
  alphaDropout: () => nested(first(), layers.alphaDropout({ rate: 0.5 }), layers.dense({ units: 2 })),
  spatialDropout1d: () =>
    nested(
      inTime(),
      layers.dense({ units: 6 }),
      layers.spatialDropout1d({ rate: 0.5 }),
      layers.flatten(),
      layers.dense({ units: 2 })
    ),
  'dropout and recurrent dropout in an LSTM': () =>
    nested(inTime(), layers.lstm({ units: 4, dropout: 0.5, recurrentDropout: 0.5 }), layers.dense({ units: 2 })),
  'recurrent dropout in a GRU': () =>
    nested(inTime(), layers.gru({ units: 4, recurrentDropout: 0.5 }), layers.dense({ units: 2 })),
  'dropout in a bidirectional RNN': () =>
    nested(
      inTime(),
      layers.bidirectional({ layer: layers.simpleRNN({ units: 4, dropout: 0.5 }) as tf.RNN, mergeMode: 'concat' }),
      layers.dense({ units: 2 })
    )
}

const rows = 4
const batch = Uint32Array.from({ length: rows }, (_, row) => row)

/** Losses of six steps that move no weight, by which masks are told apart, and the first weights. */
async function lossesOf(declare: () => tf.LayersModel, seed: number): Promise<{ losses: number[]; weights: number[] }> {
  const network = await createNetwork(declare(), generator(seed, 'weights'), 'tensorflow')
  const weights = network.weights().flatMap(({ values }) => [...values])
  const examples = { rows, inputs: uniformMatrix('x', rows, 3), targets: uniformMatrix('y', rows, 2) }
  const options = {
    loss: 'squared-error',
    learningRate: 1e-20,
    optimizer: 'fresh',
    rng: generator(seed, 'fit')
  } as const
  const training = network.train(examples, options)
  const losses = Array.from({ length: 6 }, () => training.step(batch))
  network.dispose()
  return { losses, weights }
}

describe.each(Object.entries(models))('%s', (name, declare) => {
  test(`${name} draws anew in each step, the same from the same generator and another from another`, async () => {
    const { losses, weights } = await lossesOf(declare, 1)
    expect(new Set(losses).size).toBe(6)
    expect(await lossesOf(declare, 1)).toEqual({ losses, weights })
    const other = await lossesOf(declare, 2)
    expect(other.losses).not.toEqual(losses)
    expect(other.weights).not.toEqual(weights)
  })
})

test('initial weights come from the generator where a topology names its initializers by words or not at all', async () => {
  const dense = (name: string, more: object) => ({ class_name: 'Dense', config: { name, units: 3, ...more } })
  const config = {
    name: 'worded',
    layers: [
      dense('a', { batch_input_shape: [null, 3], kernel_initializer: 'glorotUniform' }),
      dense('b', { kernel_initializer: { class_name: 'RandomNormal', config: { mean: 0, stddev: 1 } } }),
      dense('c', { kernel_initializer: { class_name: 'Orthogonal', config: { gain: 1 } } }),
      dense('d', {})
    ]
  }
  const weightsOf = async (seed: number) => {
    const network = await createNetwork({ class_name: 'Sequential', config }, generator(seed), 'tensorflow')
    return network
      .weights()
      .filter(({ shape }) => shape.length > 1)
      .map(({ values }) => values)
  }
  const [one, same, other] = [await weightsOf(1), await weightsOf(1), await weightsOf(2)]
  expect(same).toEqual(one)
  for (const [i, values] of other.entries()) expect(values).not.toEqual(one[i])
})

test('the random numbers of JavaScript are its own again after a step, and after one that fails', async () => {
  const { random } = Math
  await lossesOf(models.gaussianNoise, 1)
  expect(Math.random).toBe(random)
  const network = await createNetwork(models.gaussianNoise(), generator(1), 'tensorflow')
  const examples = { rows, inputs: uniformMatrix('x', rows, 3), targets: uniformMatrix('y', rows, 2) }
  const fail = () => {
    throw new Error('no draws')
  }
  const training = network.train(examples, { loss: 'squared-error', learningRate: 1, optimizer: 'fresh', rng: fail })
  expect(() => training.step(batch)).toThrow('no draws')
  expect(Math.random).toBe(random)
})
