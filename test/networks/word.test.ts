/** The word that is said of a network that the fused engine cannot compute. */
import * as tf from '@tensorflow/tfjs-node'
import { beforeEach, expect, test, vi } from 'vitest'
import { createNetwork, perceptron } from '../../lib/networks'
import { generator } from '../../lib/util/random'

const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
const heard = (): string[] => warn.mock.calls.map(([words]) => String(words))
beforeEach(() => void warn.mockClear())

const { layers } = tf
type Dense = Partial<Parameters<typeof layers.dense>[0]>
const dense = (units: number, more: Dense = {}) => layers.dense({ units, ...more })
const begin = (more: Dense = {}) => dense(3, { inputShape: [6], ...more })
const sequential = (...list: tf.layers.Layer[]) => tf.sequential({ layers: list })

const reasons: [string, () => tf.LayersModel][] = [
  ['mine has activation "sigmoid"', () => sequential(begin({ activation: 'sigmoid', name: 'mine' }))],
  ['mine has use_bias false', () => sequential(begin(), dense(2, { useBias: false, name: 'mine' }))],
  ['mine has trainable false', () => sequential(begin(), dense(2, { trainable: false, name: 'mine' }))],
  [
    'mine has kernel_initializer {"class_name":"Ones"',
    () => sequential(begin({ kernelInitializer: 'ones', name: 'mine' }))
  ],
  [
    'mine has bias_initializer {"class_name":"Ones"',
    () => sequential(begin({ biasInitializer: 'ones', name: 'mine' }))
  ],
  ['mine is a ELU that cannot be folded', () => sequential(begin(), layers.elu({ name: 'mine' }))],
  [
    'mine is a Dropout that cannot be folded',
    () => sequential(begin(), layers.dropout({ rate: 0.5 }), layers.dropout({ rate: 0.5, name: 'mine' }), dense(2))
  ],
  ['the network does not end with a dense layer', () => sequential(begin(), layers.dropout({ rate: 0.5 }))],
  [
    'the network is not sequential',
    () => {
      const input = tf.input({ shape: [6] })
      return tf.model({ inputs: input, outputs: dense(2).apply(input) as tf.SymbolicTensor })
    }
  ]
]

test.each(reasons)(
  'TensorFlow computes a network since %s, by the name that its user gave, which is said once however many there are',
  async (reason, declare) => {
    for (let i = 0; i < 3; i++) {
      expect((await createNetwork(declare(), generator(i))).engine).toBe('tensorflow')
    }
    expect(heard()).toHaveLength(1)
    expect(heard()[0]).toContain(`radgrad: the fused engine cannot compute a network: ${reason}`)
    expect(heard()[0]).toContain('TensorFlow does, tens of times slower')
  }
)

test('one word is said of two networks that differ in the names of their layers alone', async () => {
  for (const name of ['mine', 'yours'])
    await createNetwork(sequential(begin({ activation: 'softplus', name })), generator(1))
  expect(heard()).toHaveLength(1)
  expect(heard()[0]).toContain('mine has activation "softplus"')
})

test('nothing is said of a network that TensorFlow refuses as well', async () => {
  const cube = sequential(layers.flatten({ inputShape: [3, 2] }))
  await expect(createNetwork(cube, generator(1))).rejects.toThrow(/input must be rows of numbers/)
  expect(heard()).toEqual([])
})

test('nothing is said of a network on the fused engine, or where the tensorflow engine was asked for', async () => {
  await createNetwork(perceptron(6, [4], 2), generator(1))
  await createNetwork(perceptron(6, [4], 2), generator(1), 'tensorflow')
  await createNetwork(sequential(begin({ activation: 'hardSigmoid' })), generator(1), 'tensorflow')
  expect(heard()).toEqual([])
})
