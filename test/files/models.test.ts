import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { loadModel, saveModel } from '../../lib/files/models'
import { createNetwork, type Model, modelOf, perceptron } from '../../lib/networks'
import { encodeModel } from '../../lib/networks/format'
import { generator } from '../../lib/util/random'

let folder: string
let model: Model
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radgrad-models-'))
  model = modelOf(await createNetwork(perceptron(3, [4], 2, { activation: 'tanh' }), generator(1)))
  await saveModel(folder, model)
})

const damaged = /model\.json: damaged, for this is not the network that was saved/

test('a model that could not be loaded again is not saved', async () => {
  const [first, ...rest] = model.weights
  const odd = { ...model, weights: [{ ...first, shape: JSON.parse('["3", "4"]') as number[] }, ...rest] }
  const elsewhere = join(folder, 'elsewhere')
  await expect(saveModel(elsewhere, odd)).rejects.toThrow('the model to save: a weight without name or shape')
  await expect(readFile(join(elsewhere, 'model.json'))).rejects.toThrow('ENOENT')
})

describe('a saved model', () => {
  test('a saved model is loaded as it was', async () => {
    expect(await loadModel(folder)).toEqual(model)
  })

  test('a saved model with another activation is refused, though it could be run', async () => {
    const path = join(folder, 'model.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace('"tanh"', '"relu"'))
    await expect(loadModel(folder)).rejects.toThrow(damaged)
  })

  test('a saved model with one bit of a weight changed is refused', async () => {
    const path = join(folder, 'weights.bin')
    const weights = await readFile(path)
    weights[5] ^= 1
    await writeFile(path, weights)
    await expect(loadModel(folder)).rejects.toThrow(damaged)
  })

  test('a model that others saved without a fingerprint is loaded', async () => {
    await writeFile(join(folder, 'model.json'), encodeModel(model).json)
    expect(await loadModel(folder)).toEqual(model)
  })
})
