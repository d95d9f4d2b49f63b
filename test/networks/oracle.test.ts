/**
 * The reader of models against TensorFlow.js's own: topologies and layouts of files, on both engines. Both load a model and compute
 * the same outputs.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-node'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { loadModel, saveModel } from '../../lib/files/models'
import { modelOf, networkOf } from '../../lib/networks'
import { fingerprint } from '../../lib/networks/format'
import { deviation } from './networks'
import {
  bin,
  dense,
  expectSame,
  first,
  folder,
  functional,
  inputs,
  joined,
  type Layout,
  laidOut,
  layers,
  normalised,
  oneFile,
  overSequence,
  plain,
  rows,
  saved,
  scatter,
  sequential,
  theirs,
  through,
  width,
  write
} from './saved-models'

// most of these run on the slower engine, which is said
beforeAll(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))

const fused: Record<string, () => tf.LayersModel> = {
  'a perceptron': plain,
  'a perceptron of tanh with an input layer': () =>
    sequential(layers.inputLayer(first), dense(5, { activation: 'tanh' }), dense(5, { activation: 'tanh' }), dense(3)),
  'a perceptron with activations as layers': () =>
    sequential(
      dense(7, first),
      layers.activation({ activation: 'relu' }),
      dense(2),
      layers.activation({ activation: 'tanh' })
    ),
  'a linear layer': () => sequential(dense(2, first)),
  'a network with a penalty': () =>
    sequential(dense(5, { ...first, kernelRegularizer: tf.regularizers.l2() }), dense(2))
}

const slow: Record<string, () => tf.LayersModel> = {
  'a selu network': () => sequential(dense(5, { ...first, activation: 'selu' }), dense(2)),
  'a network with a softmax': () => sequential(dense(5, first), layers.softmax(), dense(2)),
  'a network without biases': () => sequential(dense(5, { ...first, useBias: false }), dense(2, { useBias: false })),
  'a network with a frozen layer': () =>
    sequential(dense(6, first), dense(6, { trainable: false }), dense(6), layers.batchNormalization(), dense(2)),
  'a network of a fixed number of rows, which hinders neither': () =>
    sequential(dense(5, { batchInputShape: [2, width], activation: 'selu' }), dense(2)),
  'two normalised layers': () => sequential(layers.batchNormalization(first), layers.batchNormalization()),
  'a frozen model of two normalised layers': () => {
    const model = sequential(layers.batchNormalization(first), layers.batchNormalization(), dense(2))
    model.trainable = false
    return model
  },
  'normalised layers between dense ones': normalised,
  'a layer normalisation': () => sequential(dense(5, first), layers.layerNormalization(), dense(2)),
  'parametric and leaky rectifiers': () =>
    sequential(dense(5, first), layers.prelu(), dense(5), layers.leakyReLU(), layers.thresholdedReLU(), dense(2)),
  'layers of noise': () =>
    sequential(
      dense(5, first),
      layers.gaussianNoise({ stddev: 1 }),
      layers.gaussianDropout({ rate: 0.1 }),
      layers.alphaDropout({ rate: 0.1 }),
      dense(2)
    ),
  'a functional perceptron': () => functional((x) => through(dense(2), through(dense(5, { activation: 'relu' }), x))),
  'a skip connection': () =>
    functional((x) => {
      const hidden = through(dense(4, { activation: 'tanh' }), x)
      return through(dense(2), joined(layers.concatenate(), x, hidden, through(dense(4), hidden)))
    }),
  'a layer used twice': () =>
    functional((x) => {
      const shared = dense(width)
      return through(dense(2), joined(layers.add(), through(shared, x), through(shared, through(shared, x))))
    }),
  'branches that multiply': () =>
    functional((x) =>
      through(
        dense(2),
        joined(layers.multiply(), through(dense(4), x), through(dense(4, { activation: 'sigmoid' }), x))
      )
    ),
  'branches whose order is not that of the layers': () =>
    functional((x) => {
      const late = through(dense(4), through(dense(4), x))
      return joined(layers.concatenate(), through(dense(2), through(dense(4), x)), through(dense(2), late))
    }),
  'a nested sequential model': () =>
    sequential(dense(7, first), tf.sequential({ layers: [dense(5, { inputShape: [7] }), dense(4)] }), dense(2)),
  'a nested functional model with a frozen layer': () => {
    const side = tf.input({ shape: [width] })
    const inner = tf.model({ inputs: side, outputs: through(dense(4), through(dense(4, { trainable: false }), side)) })
    return functional((x) => through(dense(2), through(inner, x)))
  },
  convolutions: () =>
    overSequence(
      layers.conv1d({ filters: 3, kernelSize: 2 }),
      layers.conv1d({ filters: 3, kernelSize: 2, useBias: false })
    ),
  'convolutions of pictures': () =>
    sequential(
      layers.reshape({ targetShape: [3, 2, 1], ...first }),
      layers.conv2d({ filters: 2, kernelSize: 2, padding: 'same' }),
      layers.separableConv2d({ filters: 3, kernelSize: 2, padding: 'same' }),
      layers.depthwiseConv2d({ kernelSize: 2, padding: 'same' }),
      layers.conv2dTranspose({ filters: 2, kernelSize: 2 }),
      layers.globalAveragePooling2d({}),
      dense(2)
    ),
  'a recurrent layer': () => overSequence(layers.simpleRNN({ units: 3, returnSequences: true })),
  'long short-term memory': () =>
    overSequence(
      layers.lstm({ units: 3, returnSequences: true }),
      layers.lstm({ units: 3, returnSequences: true, goBackwards: true })
    ),
  'gated recurrent units': () => overSequence(layers.gru({ units: 3, returnSequences: true })),
  'a bidirectional layer': () =>
    overSequence(
      layers.bidirectional({ layer: layers.lstm({ units: 3, returnSequences: true }) as tf.RNN, mergeMode: 'concat' })
    ),
  'stacked cells': () =>
    overSequence(
      layers.rnn({
        cell: [layers.lstmCell({ units: 3 }), layers.gruCell({ units: 2 })],
        returnSequences: true
      })
    ),
  'a layer over time': () =>
    overSequence(layers.timeDistributed({ layer: dense(3) }), layers.masking({ maskValue: 0 })),
  'an embedding': () =>
    sequential(
      layers.embedding({ inputDim: 8, outputDim: 3, inputLength: width, ...first }),
      layers.flatten(),
      dense(2)
    )
}

describe('a model of any topology', () => {
  test.each([
    ...Object.entries(fused).map((row) => [...row, 'fused'] as const),
    ...Object.entries(slow).map((row) => [...row, 'tensorflow'] as const)
  ])('%s computes what TensorFlow.js computes, after it is loaded', async (_, declare, engine) => {
    const { json, parts } = await saved(scatter(declare()))
    const at = await write(json, [{ parts, paths: bin }])
    await expectSame(at)
    // Keras's converter goes layer by layer, and no order may matter
    const turned = await write(json, [{ parts: [...parts].reverse(), paths: bin }])
    await expectSame(turned, await theirs(at))
    const [model, again] = [await loadModel(at), await loadModel(turned)]
    expect(again).toEqual(model)
    expect((await networkOf(model)).engine).toBe(engine)
    // what we save of it, under canonical names, is the same network
    const network = await networkOf(model)
    const copy = await folder()
    await saveModel(copy, modelOf(network))
    expect(await fingerprint(await loadModel(copy))).toBe(await fingerprint(model))
    expect(deviation(await theirs(copy), await theirs(at))).toBeLessThan(1e-5)
  })
})

async function compiled(model: tf.LayersModel, optimizer: string | tf.Optimizer): Promise<tf.LayersModel> {
  scatter(model).compile({ optimizer, loss: 'meanSquaredError' })
  const [, outputs] = model.outputs[0].shape as number[]
  await model.fit(tf.tensor2d(inputs, [rows, width]), tf.zeros([rows, outputs]), { epochs: 2, verbose: 0 })
  return model
}

const withOptimizer =
  (optimizer: () => string | tf.Optimizer): Layout =>
  async (model) => {
    const { json, parts } = await saved(await compiled(await model(), optimizer()), true)
    expect(parts.some(({ group }) => group === 'optimizer')).toBe(true)
    return write(json, [{ parts, paths: bin }])
  }

const layouts: Record<string, Layout> = {
  'as TensorFlow.js saves it': laidOut(oneFile),
  'with the optimizer sgd': withOptimizer(() => 'sgd'),
  'with the optimizer momentum': withOptimizer(() => tf.train.momentum(0.01, 0.9)),
  'with the optimizer rmsprop': withOptimizer(() => 'rmsprop'),
  'with the optimizer adam': withOptimizer(() => 'adam'),
  'with a quantized optimizer': async (model) => {
    const { json, parts } = await saved(await compiled(await model(), 'adam'), true)
    const small = parts.map((part) =>
      part.group === 'optimizer'
        ? { ...part, quantization: { dtype: 'uint8', min: 0, scale: 1 }, bytes: Buffer.alloc(part.bytes.length / 4) }
        : part
    )
    return write(json, [{ parts: small, paths: bin }])
  },
  'with the optimizer in front': async (model) => {
    const { json, parts } = await saved(await compiled(await model(), 'adam'), true)
    return write(json, [{ parts: [...parts].reverse(), paths: bin }])
  },
  'in two files, cut in the middle of a number': laidOut((parts) => [
    { parts, paths: ['group1-shard1of2.bin', 'group1-shard2of2.bin'], cuts: [61] }
  ]),
  'in files of other names, beside the weights.bin of another network': async (model) => {
    const { json, parts } = await saved(await model())
    const at = await write(json, [{ parts, paths: ['a.bin', 'b.bin', 'c.bin'], cuts: [8, 64] }])
    await writeFile(join(at, 'weights.bin'), Buffer.concat(parts.map(({ bytes }) => Buffer.alloc(bytes.length, 0x3f))))
    return at
  },
  'in files of a folder below': laidOut((parts) => [{ parts, paths: ['weights/a.bin'] }]),
  'in a group for each weight': laidOut((parts) => parts.map((part, i) => ({ parts: [part], paths: [`${i}.bin`] }))),
  'in two groups of two files': laidOut((parts) => [
    { parts: parts.slice(2), paths: ['b1.bin', 'b2.bin'], cuts: [5] },
    { parts: parts.slice(0, 2), paths: ['a1.bin', 'a2.bin'], cuts: [16] }
  ]),
  'with a group of no weights': laidOut((parts) => [{ parts: [], paths: [] }, ...oneFile(parts)]),
  'in the order of the alphabet': laidOut((parts) => oneFile([...parts].sort((a, b) => (a.name < b.name ? -1 : 1)))),
  'layer by layer from the last, as no engine orders them': laidOut((parts) => oneFile([...parts].reverse())),
  'as Keras writes it': laidOut(oneFile, ({ modelTopology }) => ({
    modelTopology: { keras_version: '2.15.0', backend: 'tensorflow', model_config: modelTopology },
    format: 'layers-model',
    convertedBy: 'TensorFlow.js Converter v4.22.0'
  })),
  'as old versions of Keras write it': laidOut(oneFile, ({ modelTopology }) => ({
    modelTopology: { ...modelTopology, config: modelTopology.config.layers }
  }))
}

describe('a model in files of any layout', () => {
  const networks = { 'a perceptron': plain, 'a network with normalised layers': normalised }
  const table = Object.entries(networks).flatMap(([name, model]) =>
    Object.entries(layouts).map(([words, layout]) => [name, words, model, layout] as const)
  )
  test.each(table)('%s %s is loaded as TensorFlow.js loads it', async (_, __, model, layout) => {
    await expectSame(await layout(async () => scatter(model())))
  })
})
