/** Saved models in the format of TensorFlow.js, read and written by TensorFlow.js too. */
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as tf from '@tensorflow/tfjs-node'
import { describe, expect, test } from 'vitest'
import { loadModel, saveModel } from '../../lib/files/models'
import { createNetwork, modelOf, networkOf, perceptron } from '../../lib/networks'
import { decodeModel, encodeModel } from '../../lib/networks/format'
import { generator, integer } from '../../lib/util/random'
import { deviation, policy, uniformMatrix } from './networks'

const folder = () => mkdtemp(join(tmpdir(), 'radgrad-model-'))
const inputs = uniformMatrix('inputs', 6, 11)
const predicted = (model: tf.LayersModel) => (model.predict(tf.tensor2d(inputs, [6, 11])) as tf.Tensor).dataSync()

test('a saved model loads with the same bits', async () => {
  const at = await folder()
  const network = await createNetwork(policy, generator(1))
  await saveModel(at, modelOf(network))
  expect((await readdir(at)).sort()).toEqual(['model.json', 'weights.bin'])
  const loaded = await networkOf(await loadModel(at))
  expect(loaded.engine).toBe('fused')
  expect(loaded.weights()).toEqual(network.weights())
  expect(loaded.predict(inputs, 6)).toEqual(network.predict(inputs, 6))
})

test('a saved model loads in TensorFlow.js, and what TensorFlow.js saves loads with the same bits', async () => {
  const at = await folder()
  const network = await createNetwork(policy, generator(1))
  await saveModel(at, modelOf(network))
  const theirs = await tf.loadLayersModel(pathToFileURL(join(at, 'model.json')).href)
  expect(deviation(network.predict(inputs, 6), predicted(theirs))).toBeLessThan(1e-4)
  const again = await folder()
  await theirs.save(pathToFileURL(again).href)
  const back = await networkOf(await loadModel(again))
  expect(back.engine).toBe('fused')
  expect(back.predict(inputs, 6)).toEqual(network.predict(inputs, 6))
})

test('a model that only TensorFlow computes can be saved and loaded', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, inputShape: [11], activation: 'selu' }),
      tf.layers.batchNormalization(),
      tf.layers.dense({ units: 1 })
    ]
  })
  const at = await folder()
  await model.save(pathToFileURL(at).href)
  const network = await networkOf(await loadModel(at))
  expect(network.engine).toBe('tensorflow')
  expect(deviation(network.predict(inputs, 6), predicted(model))).toBeLessThan(1e-6)
  const again = await folder()
  await saveModel(again, modelOf(network))
  expect(
    deviation(predicted(await tf.loadLayersModel(pathToFileURL(join(again, 'model.json')).href)), predicted(model))
  ).toBeLessThan(1e-6)
})

describe('a damaged or foreign model', () => {
  const damage: [string, (at: string) => Promise<void>, RegExp][] = [
    ['no JSON', (at) => writeFile(join(at, 'model.json'), '{"format":'), /model\.json: no JSON/],
    ['JSON of something else', (at) => writeFile(join(at, 'model.json'), '[1]'), /model\.json: no JSON object/],
    ['a graph model', (at) => writeFile(join(at, 'model.json'), '{"format":"graph-model"}'), /format "graph-model"/],
    [
      'truncated weights',
      async (at) => writeFile(join(at, 'weights.bin'), (await readFile(join(at, 'weights.bin'))).subarray(0, 400)),
      /400 bytes of weights in weights\.bin, too few from dense_1\/kernel on/
    ],
    [
      'weights that are too long',
      async (at) =>
        writeFile(join(at, 'weights.bin'), Buffer.concat([await readFile(join(at, 'weights.bin')), Buffer.alloc(4)])),
      /bytes of weights in weights\.bin, .* in the manifest/
    ],
    [
      'weights that are not finite',
      async (at) => writeFile(join(at, 'weights.bin'), (await readFile(join(at, 'weights.bin'))).fill(0xff, 0, 8)),
      /dense_1\/kernel holds a number that is not finite/
    ]
  ]
  test.each(damage)('the error for %s names the file', async (_, spoil, message) => {
    const at = await folder()
    await saveModel(at, modelOf(await createNetwork(policy, generator(1))))
    await spoil(at)
    await expect(loadModel(at)).rejects.toThrow(message)
  })

  test('a topology with the weights of another network is refused', async () => {
    const model = modelOf(await createNetwork(perceptron(11, [8], 2), generator(1)))
    await expect(networkOf({ ...model, topology: policy })).rejects.toThrow(/has 10 weights .*, not 4/)
  })

  test('10,000 mutated models are each refused or sound', async () => {
    const { json, weights } = encodeModel({
      topology: perceptron(2, [3], 1),
      weights: [
        { name: 'dense_1/kernel', shape: [2, 3], values: new Float32Array(6).fill(1) },
        { name: 'dense_1/bias', shape: [3], values: new Float32Array(3) }
      ]
    })
    const rng = generator(1, 'mutations')
    let refused = 0
    for (let i = 0; i < 10_000; i++) {
      const bytes = Buffer.from(json)
      for (let hits = 1 + integer(rng, 3); hits > 0; hits--) bytes[integer(rng, bytes.length)] = integer(rng, 256)
      try {
        const model = await decodeModel(bytes.toString(), async () => weights)
        expect(model.weights.every(({ values }) => values.every(Number.isFinite))).toBe(true)
        expect(model.topology.config.layers.length).toBeGreaterThan(0)
      } catch (error) {
        expect((error as Error).message).toMatch(/^model\.json: /)
        refused += 1
      }
    }
    expect(refused).toBeGreaterThan(1000)
  }, 300_000)
})
