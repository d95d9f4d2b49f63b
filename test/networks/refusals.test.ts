/** Models in TensorFlow.js's format that are refused in a sentence, and Keras's ways of writing them. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-node'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { loadModel, saveModel } from '../../lib/files/models'
import { createNetwork, modelOf, networkOf, topologyOf } from '../../lib/networks'
import { generator } from '../../lib/util/random'
import { uniformMatrix } from './networks'
import {
  dense,
  expectSame,
  first,
  folder,
  functional,
  joined,
  type Layout,
  laidOut,
  layers,
  normalised,
  oneFile,
  overSequence,
  type Part,
  plain,
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

const one = (parts: Part[], change: (part: Part) => Part): Part[] =>
  parts.map((part, i) => (i === 1 ? change(part) : part))
const quantized = (dtype: string, bytes: number) =>
  laidOut((parts) =>
    oneFile(
      one(parts, (part) => ({
        ...part,
        quantization: { dtype, min: -1, scale: 0.01 },
        bytes: part.bytes.subarray(0, (bytes * part.bytes.length) / 4)
      }))
    )
  )
const rewritten =
  (fields: object): Layout =>
  async (model) => {
    const { json, parts } = await saved(await model())
    const at = await write(json, oneFile(parts))
    const path = join(at, 'model.json')
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...fields }))
    return at
  }

/** Layouts that are no layers model, or not all of one, and the sentence that says so. */
const refused: Record<string, [Layout, RegExp]> = {
  'without a weight': [laidOut((parts) => oneFile(parts.slice(1))), /lacks the weights \[\w+\/kernel\] and holds \[\]/],
  'with a weight too many': [
    laidOut((parts) => oneFile([...parts, { ...parts[0], name: 'dense_9/kernel' }])),
    /lacks the weights \[\] and holds \[dense_9\/kernel\] that no layer takes/
  ],
  'with a weight of another name': [
    laidOut((parts) => oneFile(one(parts, (part) => ({ ...part, name: 'sequential/dense/bias' })))),
    /lacks the weights \[\w+\/bias\] and holds \[sequential\/dense\/bias\] that no layer takes/
  ],
  'with a kernel turned over': [
    laidOut((parts) => oneFile([{ ...parts[0], shape: [...parts[0].shape].reverse() }, ...parts.slice(1)])),
    /\w+\/kernel has the shape \[\d,6\], and its layer takes \[6,\d\]/
  ],
  'quantized to uint8': [quantized('uint8', 1), /\w+\/bias is float32, quantized: save it as plain float32/],
  'quantized to uint16': [quantized('uint16', 2), /\w+\/bias is float32, quantized: save it as plain float32/],
  'quantized to float16': [quantized('float16', 2), /\w+\/bias is float32, quantized: save it as plain float32/],
  'with a weight of int32': [
    laidOut((parts) => oneFile(one(parts, (part) => ({ ...part, dtype: 'int32' })))),
    /\w+\/bias is int32: save it as plain float32/
  ],
  'with a file missing': [
    async (model) => {
      const { json, parts } = await saved(await model())
      const at = await write(json, [{ parts, paths: ['a.bin', 'b.bin'], cuts: [12] }])
      await rm(join(at, 'b.bin'))
      return at
    },
    /no such file or directory, open '.*b\.bin'/
  ],
  'with a file cut short': [
    async (model) => {
      const { json, parts } = await saved(await model())
      const at = await write(json, [{ parts, paths: ['a.bin', 'b.bin'], cuts: [12] }])
      await writeFile(join(at, 'a.bin'), '12345678')
      return at
    },
    /\d+ bytes of weights in a\.bin, b\.bin, too few from \w+\/\w+ on/
  ],
  'with a file too long': [
    laidOut((parts) => oneFile(one(parts, (part) => ({ ...part, bytes: Buffer.concat([part.bytes, part.bytes]) })))),
    /\d+ bytes of weights in weights\.bin, \d+ in the manifest/
  ],
  'without a manifest': [rewritten({ weightsManifest: undefined }), /no weightsManifest that lists groups with paths/],
  'without the names of its files': [
    rewritten({ weightsManifest: [{ weights: [] }] }),
    /groups with paths and weights/
  ],
  'without layers': [rewritten({ modelTopology: undefined }), /a network is declared by a tf\.sequential/],
  'of another format': [rewritten({ format: 'graph-model' }), /format "graph-model"/]
}

describe('a model that is not whole, or of a kind that no engine here reads', () => {
  const networks = { 'a perceptron': plain, 'a network with normalised layers': normalised }
  const table = Object.entries(networks).flatMap(([name, model]) =>
    Object.entries(refused).map(([words, [layout, sentence]]) => [name, words, model, layout, sentence] as const)
  )
  test.each(table)('%s %s is refused in a sentence that names the file', async (_, __, model, layout, sentence) => {
    const at = await layout(async () => scatter(model()))
    const error = await loadModel(at).catch((error: Error) => error)
    expect(error).toBeInstanceOf(Error)
    expect((error as Error).message).toMatch(sentence)
    expect((error as Error).message.startsWith(`${join(at, 'model.json')}: `)).toBe(true)
  })
})

describe('a model in the form of Keras', () => {
  /** Keras 3's fields around a layer of Keras 2. */
  const keras3 = (class_name: string, config: object, more: object = {}): object => {
    const dtype = { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' }, registered_name: null }
    return { module: 'keras.layers', class_name, config: { dtype, ...config }, registered_name: null, ...more }
  }
  const input = keras3('InputLayer', { batch_shape: [null, width], dtype: 'float32', name: 'input' })
  const layer = (name: string, units: number, more?: object): object => {
    const initializer = { module: 'keras.initializers', class_name: 'GlorotUniform', config: { seed: null } }
    return keras3('Dense', { name, units, activation: 'relu', use_bias: true, kernel_initializer: initializer }, more)
  }
  const part = (name: string, shape: number[]): Part => {
    const values = uniformMatrix(name, 1, tf.util.sizeFromShape(shape))
    return { name, shape, dtype: 'float32', bytes: Buffer.from(values.buffer) }
  }
  const parts = [
    part('dense/kernel', [width, 4]),
    part('dense/bias', [4]),
    part('dense_1/kernel', [4, 2]),
    part('dense_1/bias', [2])
  ]
  const model = (layers: object[]): object => ({
    modelTopology: { class_name: 'Sequential', config: { name: 's', layers } }
  })

  test('a sequential model of Keras 3, whose input has a batch_shape, is that of Keras 2', async () => {
    const at = await write(model([input, layer('dense', 4), layer('dense_1', 2)]), oneFile(parts))
    await expect(theirs(at)).rejects.toThrow(/InputLayer should be passed/)
    const before = { class_name: 'InputLayer', config: { batch_input_shape: [null, width], name: 'input' } }
    const twin = await write(model([before, layer('dense', 4), layer('dense_1', 2)]), oneFile(parts))
    await expectSame(at, await theirs(twin))
  })

  test('a functional model of Keras 3 is refused at once, as a model and as a policy', async () => {
    const history = { class_name: '__keras_tensor__', config: { shape: [null, width], keras_history: ['input', 0, 0] } }
    const connected = layer('dense', 4, { name: 'dense', inbound_nodes: [{ args: [history], kwargs: {} }] })
    const topology = {
      class_name: 'Functional',
      config: {
        name: 'f',
        layers: [input, connected],
        input_layers: [['input', 0, 0]],
        output_layers: [['dense', 0, 0]]
      }
    }
    const sentence = /connected as in Keras 3: save it as sequential, or with Keras 2/
    const at = await write({ modelTopology: topology }, oneFile(parts.slice(0, 2)))
    await expect(loadModel(at)).rejects.toThrow(sentence)
    await expect(loadModel(at)).rejects.toThrow(`${join(at, 'model.json')}: `)
    expect(() => topologyOf(topology)).toThrow(sentence)
  })

  test('a layer that keeps its state from call to call is refused: the same state would have other actions', () => {
    const stateful = layers.lstm({ units: 3, stateful: true, batchInputShape: [1, 2, width] })
    expect(() => topologyOf(tf.sequential({ layers: [stateful] }))).toThrow(
      'a stateful layer answers by what it was asked before'
    )
  })

  test('a recurrent layer whose weights have the names of its cell is loaded as TensorFlow.js loads it', async () => {
    const { json, parts } = await saved(scatter(overSequence(layers.lstm({ units: 3, returnSequences: true }))))
    const cells = parts.map((part) => ({ ...part, name: part.name.replace(/^(lstm\w*)\//, '$1/lstm_cell/') }))
    expect(cells.filter(({ name }) => name.includes('lstm_cell/'))).toHaveLength(3)
    await expectSame(await write(json, oneFile(cells)))
  })

  test('a model that was compiled with an optimizer of Keras alone is loaded, as the optimizer is no part of it', async () => {
    const { json, parts } = await saved(scatter(normalised()))
    const at = await write(
      { ...json, trainingConfig: { optimizer_config: { class_name: 'AdamW', config: {} }, loss: 'mse' } },
      oneFile(parts)
    )
    await expect(theirs(at)).rejects.toThrow()
    await expectSame(at, await theirs(await write(json, oneFile(parts))))
  })
})

describe('a network without one input and one output of rows', () => {
  const two = () => tf.input({ shape: [3] })
  const declared: Record<string, [() => unknown, RegExp]> = {
    'with two inputs': [
      () => {
        const inputs = [two(), two()]
        return tf.model({ inputs, outputs: through(dense(2), joined(layers.concatenate(), ...inputs)) })
      },
      /the network has 2 inputs and must have one/
    ],
    'with two outputs': [
      () => functional((x) => [through(dense(2), x), through(dense(2), x)]),
      /the network has 2 outputs and must have one/
    ],
    'with sequences as inputs': [() => sequential(dense(2, { inputShape: [3, 2] })), /input must be rows of numbers/],
    'with sequences as outputs': [
      () => sequential(layers.repeatVector({ n: 2, ...first })),
      /output must be rows of numbers/
    ],
    'without the size of its input': [
      () => ({
        class_name: 'Sequential',
        config: { name: 's', layers: [{ class_name: 'Dense', config: { name: 'd', units: 2 } }] }
      }),
      /TensorFlow\.js cannot make this network: The first layer in a Sequential model must get an `inputShape`/
    ],
    'of a layer that TensorFlow.js does not know': [
      () => ({
        class_name: 'Sequential',
        config: { name: 's', layers: [{ class_name: 'Swish', config: { name: 'd', batch_input_shape: [null, 6] } }] }
      }),
      /TensorFlow\.js cannot make this network: Unknown layer: Swish/
    ]
  }
  test.each(Object.entries(declared))('a network %s is refused when it is made', async (_, [declare, sentence]) => {
    await expect(createNetwork(declare(), generator(1))).rejects.toThrow(sentence)
    await expect(createNetwork(declare(), generator(1), 'tensorflow')).rejects.toThrow(sentence)
  })

  test('a saved network with two outputs is refused when it is loaded, in a sentence that names the file', async () => {
    const { json, parts } = await saved(functional((x) => [through(dense(2), x), through(dense(2), x)]))
    const at = await write(json, oneFile(parts))
    await expect(loadModel(at)).rejects.toThrow(
      `${join(at, 'model.json')}: the network has 2 outputs and must have one`
    )
  })
})

test.each(['fused', 'tensorflow'] as const)(
  'weights in memory whose shapes are others are refused on the %s engine',
  async (engine) => {
    const { topology, weights } = modelOf(await createNetwork(plain(), generator(1), engine))
    const [kernel, ...others] = weights
    const turned = [{ ...kernel, shape: [...kernel.shape].reverse() }, ...others]
    await expect(networkOf({ topology, weights: turned }, engine)).rejects.toThrow(
      /has the shape \[8,6\], and its layer takes \[6,8\]/
    )
    await expect(networkOf({ topology, weights: others }, engine)).rejects.toThrow(/has 6 weights .*, not 5/)
    const foreign = [...others, { ...kernel, name: 'mine' }]
    await expect(networkOf({ topology, weights: foreign }, engine)).rejects.toThrow(
      /lacks the weights \[dense_1\/kernel\] and holds \[mine\] that no layer takes/
    )
  }
)

test.each(['fused', 'tensorflow'] as const)(
  'weights in memory are matched with layers by name on the %s engine, are saved so, and by their order where names say nothing',
  async (engine) => {
    const network = await createNetwork(sequential(dense(6, first), dense(6)), generator(1), engine)
    const { topology, weights } = modelOf(network)
    const input = uniformMatrix('x', 3, width)
    const turned = { topology, weights: [...weights].reverse() }
    const nameless = { topology, weights: weights.map((weight, i) => ({ ...weight, name: `${i}` })) }
    const at = await folder()
    await saveModel(at, turned)
    for (const model of [turned, nameless, await loadModel(at)])
      expect((await networkOf(model, engine)).predict(input, 3)).toEqual(network.predict(input, 3))
  }
)

test('a folder without model.json is refused with the path, whatever else it holds', async () => {
  const at = await folder()
  await writeFile(join(at, 'weights.bin'), '')
  await expect(loadModel(at)).rejects.toThrow(`there is no ${at}/model.json: name a folder that saveModel has written`)
})
