/** Canonical names of layers, with TensorFlow.js's automatic ones on the other side. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as tf from '@tensorflow/tfjs-node'
import { describe, expect, test } from 'vitest'
import { paperEnvironments } from '../../lib/environments'
import { loadExpert } from '../../lib/files/experts'
import { saveModel } from '../../lib/files/models'
import { createNetwork, modelOf, perceptron, topologyOf } from '../../lib/networks'
import { fingerprint } from '../../lib/networks/format'
import { canonicalTopology, readTopology } from '../../lib/networks/topology'
import { protocolFor } from '../../lib/protocol'
import { protocolHash, withExpertHash } from '../../lib/record'
import { hash } from '../../lib/util/hash'
import { generator } from '../../lib/util/random'
import { packedRecords } from '../packs'
import { deviation, lossNetwork, policy, uniformMatrix } from './networks'

const dense = (units: number, more: Partial<Parameters<typeof tf.layers.dense>[0]> = {}) =>
  tf.layers.dense({ units, ...more })

/** Models of TensorFlow.js from 11 inputs to 2 outputs; each call declares the same network anew. */
const declarations: Record<string, () => tf.LayersModel> = {
  'a perceptron': () =>
    tf.sequential({
      layers: [dense(8, { inputShape: [11], activation: 'relu' }), tf.layers.dropout({ rate: 0.2 }), dense(2)]
    }),
  'a nested sequential model': () => {
    const inner = tf.sequential({ layers: [dense(5, { inputShape: [7], activation: 'tanh' }), dense(4)] })
    return tf.sequential({ layers: [dense(7, { inputShape: [11] }), inner, dense(2)] })
  },
  'a functional model with a skip connection': () => {
    const input = tf.input({ shape: [11] })
    const hidden = dense(6, { activation: 'relu' }).apply(input) as tf.SymbolicTensor
    const joined = tf.layers.concatenate().apply([input, dense(3).apply(hidden) as tf.SymbolicTensor, hidden])
    return tf.model({ inputs: input, outputs: dense(2).apply(joined) as tf.SymbolicTensor })
  },
  'a functional model that uses a nested one twice': () => {
    const side = tf.input({ shape: [4] })
    const half = tf.model({ inputs: side, outputs: dense(4, { activation: 'selu' }).apply(side) as tf.SymbolicTensor })
    const input = tf.input({ shape: [11] })
    const once = half.apply(dense(4).apply(input)) as tf.SymbolicTensor
    const twice = half.apply(once) as tf.SymbolicTensor
    const sum = tf.layers.add().apply([once, twice]) as tf.SymbolicTensor
    return tf.model({ inputs: input, outputs: dense(2).apply(sum) as tf.SymbolicTensor })
  },
  'a model with a wrapped layer': () =>
    tf.sequential({
      layers: [
        tf.layers.reshape({ targetShape: [11, 1], inputShape: [11] }),
        tf.layers.timeDistributed({ layer: dense(3) }),
        tf.layers.flatten(),
        dense(2)
      ]
    })
}

const predict = (model: tf.LayersModel, inputs: Float32Array): Float32Array =>
  (model.predict(tf.tensor2d(inputs, [5, 11])) as tf.Tensor).dataSync<'float32'>()

describe.each(Object.entries(declarations))('%s', (_, declare) => {
  test('two declarations of it have other names in TensorFlow.js and one protocol hash', async () => {
    const expert = await loadExpert('reacher')
    const models = [declare(), declare()]
    const [first, second] = await Promise.all(models.map((model) => hash(readTopology(model))))
    expect(first).not.toBe(second)
    const hashOf = async (model: unknown): Promise<string> =>
      protocolHash(await withExpertHash(protocolFor('reacher', 'dagger', expert, { policy: topologyOf(model) })))
    expect(await hashOf(models[0])).toBe(await hashOf(models[1]))
    expect(await hashOf(models[0])).not.toBe(await hashOf(policy))
  })

  test('the network under canonical names computes what TensorFlow.js does, also after it is saved and loaded there', async () => {
    const model = declare()
    const network = await createNetwork(model, generator(1))
    const values = model.getWeights().map((weight) => weight.dataSync<'float32'>().slice())
    network.setWeights(values)
    const inputs = uniformMatrix('inputs', 5, 11)
    const expected = predict(model, inputs)
    expect(deviation(network.predict(inputs, 5), expected)).toBeLessThan(1e-5)
    const folder = await mkdtemp(join(tmpdir(), 'radgrad-topology-'))
    await saveModel(folder, modelOf(network))
    const loaded = await tf.loadLayersModel(pathToFileURL(join(folder, 'model.json')).href)
    expect(deviation(predict(loaded, inputs), expected)).toBeLessThan(1e-5)
  })

  test('its weights have distinct names, and a second renaming changes nothing', async () => {
    const network = await createNetwork(declare(), generator(1))
    const names = network.weights().map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/_\d+\/(kernel|bias)$/)
    expect(canonicalTopology(network.topology)).toEqual(network.topology)
  })

  test('its fingerprint does not depend on the names of its layers', async () => {
    const network = await createNetwork(declare(), generator(1))
    const { weights } = modelOf(network)
    expect(await fingerprint({ topology: readTopology(declare()), weights })).toBe(
      await fingerprint({ topology: network.topology, weights })
    )
  })
})

test('The canonical form of a perceptron is its own text, so that hashes of protocols and networks stand', () => {
  for (const topology of [
    policy,
    lossNetwork,
    perceptron(3, [], 1),
    perceptron(11, [64, 64], 3, { activation: 'tanh' })
  ])
    expect(JSON.stringify(topologyOf(topology))).toBe(JSON.stringify(topology))
})

test('Committed experts and the policies of committed records are in canonical form', async () => {
  for (const environment of paperEnvironments) {
    const { topology } = await loadExpert(environment)
    expect(JSON.stringify(canonicalTopology(topology))).toBe(JSON.stringify(topology))
  }
  const policies = new Set(packedRecords('data/results').map(({ protocol }) => JSON.stringify(protocol.policy)))
  expect(policies.size).toBe(paperEnvironments.length)
  for (const policy of policies) expect(JSON.stringify(canonicalTopology(JSON.parse(policy)))).toBe(policy)
})

test('Canonical names follow class and position', () => {
  const topology = topologyOf(
    tf.sequential({
      layers: [
        dense(4, { inputShape: [11], name: 'first' }),
        tf.layers.layerNormalization(),
        dense(4),
        tf.layers.reshape({ targetShape: [4, 1] }),
        tf.layers.conv1d({ filters: 2, kernelSize: 2 })
      ]
    })
  )
  const names = topology.config.layers.map(({ config }) => config.name)
  expect(names).toEqual(['dense_1', 'layer_normalization_1', 'dense_2', 'reshape_1', 'conv1d_1'])
  expect(topology.config.name).toBe('sequential')
})

test('Layers that differ in anything but a name keep different hashes', async () => {
  const declared = [dense(4, { inputShape: [11] }), dense(4, { inputShape: [11], activation: 'relu' })]
  const [linear, relu] = declared.map((layer) => topologyOf(tf.sequential({ layers: [layer] })))
  expect(await hash(linear)).not.toBe(await hash(relu))
})
