/** Models of TensorFlow.js, saved in files of any layout, and read by TensorFlow.js and by us. */
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as tf from '@tensorflow/tfjs-node'
import { expect } from 'vitest'
import { loadModel } from '../../lib/files/models'
import { networkOf } from '../../lib/networks'
import { generator, uniform } from '../../lib/util/random'
import { deviation, uniformMatrix } from './networks'

export const width = 6
export const rows = 5
export const inputs = uniformMatrix('inputs', rows, width)

export const { layers } = tf
export const dense = (units: number, more: Partial<Parameters<typeof layers.dense>[0]> = {}) =>
  layers.dense({ units, ...more })
export const first = { inputShape: [width] }
export const sequential = (...list: tf.layers.Layer[]): tf.LayersModel => tf.sequential({ layers: list })
export type Symbolic = tf.SymbolicTensor
export const functional = (connect: (input: Symbolic) => tf.SymbolicTensor | tf.SymbolicTensor[]): tf.LayersModel => {
  const input = tf.input({ shape: [width] })
  return tf.model({ inputs: input, outputs: connect(input) })
}
/** Rows of numbers through layers that take sequences, [3, 2]. */
export const overSequence = (...list: tf.layers.Layer[]): tf.LayersModel =>
  sequential(layers.reshape({ targetShape: [3, 2], ...first }), ...list, layers.flatten(), dense(2))
export const joined = (layer: tf.layers.Layer, ...of: Symbolic[]): Symbolic => layer.apply(of) as Symbolic
export const through = (layer: tf.layers.Layer, of: Symbolic): Symbolic => layer.apply(of) as Symbolic

export const plain = () =>
  sequential(dense(8, { ...first, activation: 'relu' }), layers.dropout({ rate: 0.2 }), dense(8), dense(2))
/** Its two normalised layers have weights of one shape: positions tell them apart no better than shapes. */
export const normalised = () =>
  sequential(
    dense(4, first),
    layers.batchNormalization(),
    layers.batchNormalization(),
    dense(2, { activation: 'selu' })
  )

/** A weight as the manifest lists it, with its bytes. */
export interface Part {
  name: string
  shape: number[]
  dtype: string
  group?: string
  quantization?: unknown
  bytes: Buffer
}

/** A group of weights and its files: one, or several that are cut at the bytes given. */
export interface Group {
  parts: Part[]
  paths: string[]
  cuts?: number[]
}

export type Json = Record<string, unknown> & {
  modelTopology: { config: { layers: { config: Record<string, unknown> }[] } }
}

/** Gives every weight other numbers, those of variances above zero. */
export function scatter(model: tf.LayersModel): tf.LayersModel {
  const rng = generator(1, 'scatter')
  const values = model.weights.map((weight) => {
    const shape = weight.read().shape
    const least = weight.originalName.includes('variance') ? 0.5 : -1
    return tf.tensor(
      Array.from({ length: tf.util.sizeFromShape(shape) }, () => uniform(rng, least, 1)),
      shape
    )
  })
  model.setWeights(values)
  return model
}

export const folder = () => mkdtemp(join(tmpdir(), 'radgrad-oracle-'))

/** Saves a model as TensorFlow.js does, and takes the files apart. */
export async function saved(model: tf.LayersModel, includeOptimizer = false): Promise<{ json: Json; parts: Part[] }> {
  const at = await folder()
  await model.save(pathToFileURL(at).href, { includeOptimizer })
  const { weightsManifest, ...json } = JSON.parse(await readFile(join(at, 'model.json'), 'utf8'))
  const bytes = await readFile(join(at, 'weights.bin'))
  let offset = 0
  const parts = weightsManifest[0].weights.map((entry: Part) => {
    const start = offset
    offset += 4 * tf.util.sizeFromShape(entry.shape)
    return { ...entry, bytes: bytes.subarray(start, offset) }
  })
  expect(offset).toBe(bytes.length)
  return { json, parts }
}

export async function write(json: object, groups: readonly Group[]): Promise<string> {
  const at = await folder()
  const weightsManifest = groups.map(({ parts, paths }) => ({
    paths,
    weights: parts.map(({ bytes, ...entry }) => entry)
  }))
  await writeFile(join(at, 'model.json'), JSON.stringify({ ...json, weightsManifest }))
  for (const { parts, paths, cuts = [] } of groups) {
    const bytes = Buffer.concat(parts.map((part) => part.bytes))
    for (const [i, path] of paths.entries()) {
      await mkdir(dirname(join(at, path)), { recursive: true })
      await writeFile(join(at, path), bytes.subarray(cuts[i - 1] ?? 0, cuts[i] ?? bytes.length))
    }
  }
  return at
}

export async function theirs(at: string): Promise<Float32Array> {
  const model = await tf.loadLayersModel(pathToFileURL(join(at, 'model.json')).href)
  const outputs = tf.tidy(() => (model.predict(tf.tensor2d(inputs, [rows, width])) as tf.Tensor).dataSync<'float32'>())
  model.dispose()
  return outputs
}

export async function ours(at: string, engine?: 'tensorflow'): Promise<Float32Array> {
  const network = await networkOf(await loadModel(at), engine)
  const outputs = network.predict(inputs, rows)
  network.dispose()
  return outputs
}

/** Loads a folder with both readers and on both engines. */
export async function expectSame(at: string, expected?: Float32Array): Promise<void> {
  const oracle = expected ?? (await theirs(at))
  expect(oracle.every(Number.isFinite)).toBe(true)
  expect(new Set(oracle).size).toBeGreaterThan(1)
  expect(deviation(await ours(at), oracle)).toBeLessThan(1e-5)
  expect(deviation(await ours(at, 'tensorflow'), oracle)).toBeLessThan(1e-5)
}

export const bin = ['weights.bin']

/** Layouts of files that both readers load. */
export type Layout = (model: () => Promise<tf.LayersModel>) => Promise<string>

export const laidOut =
  (groups: (parts: Part[]) => Group[], change = (json: Json): object => json): Layout =>
  async (model) => {
    const { json, parts } = await saved(await model())
    return write(change(json), groups(parts))
  }

export const oneFile = (parts: Part[]): Group[] => [{ parts, paths: bin }]
