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
  ['dense_1 has activation "sigmoid"', () => sequential(begin({ activation: 'sigmoid' }))],
  ['dense_2 has use_bias false', () => sequential(begin(), dense(2, { useBias: false }))],
  ['dense_2 has trainable false', () => sequential(begin(), dense(2, { trainable: false }))],
  ['dense_1 has kernel_initializer {"class_name":"Ones"', () => sequential(begin({ kernelInitializer: 'ones' }))],
  ['dense_1 has bias_initializer {"class_name":"Ones"', () => sequential(begin({ biasInitializer: 'ones' }))],
  ['dense_1 has bias_constraint {"class_name":"MaxNorm"', () => sequential(begin({ biasConstraint: 'maxNorm' }))],
  ['dense_1 has kernel_regularizer {"class_name":"L1L2"', () => sequential(begin({ kernelRegularizer: 'l1l2' }))],
  ['elu_1 is a ELU that cannot be folded', () => sequential(begin(), layers.elu())],
  [
    'dropout_2 is a Dropout that cannot be folded',
    () => sequential(begin(), layers.dropout({ rate: 0.5 }), layers.dropout({ rate: 0.5 }), dense(2))
  ],
  ['the network does not end with a dense layer', () => sequential(begin(), layers.dropout({ rate: 0.5 }))],
  ['the first layer has batch_input_shape [null,3,2]', () => sequential(layers.flatten({ inputShape: [3, 2] }))],
  [
    'the network is not sequential',
    () => {
      const input = tf.input({ shape: [6] })
      return tf.model({ inputs: input, outputs: dense(2).apply(input) as tf.SymbolicTensor })
    }
  ]
]

test.each(reasons)(
  'TensorFlow computes a network since %s, which is said once however many there are',
  async (reason, declare) => {
    for (let i = 0; i < 3; i++) {
      const made = createNetwork(declare(), generator(i))
      if (reason.includes('[null,3,2]')) await expect(made).rejects.toThrow(/input must be rows of numbers/)
      else expect((await made).engine).toBe('tensorflow')
    }
    expect(heard()).toHaveLength(1)
    expect(heard()[0]).toContain(`radgrad: the fused engine cannot compute a network: ${reason}`)
    expect(heard()[0]).toContain('TensorFlow does, tens of times slower')
  }
)

test('nothing is said of a network on the fused engine, or where the tensorflow engine was asked for', async () => {
  await createNetwork(perceptron(6, [4], 2), generator(1))
  await createNetwork(perceptron(6, [4], 2), generator(1), 'tensorflow')
  await createNetwork(sequential(begin({ activation: 'hardSigmoid' })), generator(1), 'tensorflow')
  expect(heard()).toEqual([])
})
