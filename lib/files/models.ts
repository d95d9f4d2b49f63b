import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fingerprint } from '../experiments/hash'
import { decodeModel, encodeModel, type Model } from '../networks'
import { weightsFile } from '../networks/model'
import { writeAtomically } from './atomic'

/** Saves a model as a folder that `tf.loadLayersModel('file://…/model.json')` reads. */
export async function saveModel(folder: string, model: Model): Promise<void> {
  const { json, weights } = encodeModel(model, { fingerprint: await fingerprint(model) })
  await writeAtomically(join(folder, weightsFile), weights)
  await writeAtomically(join(folder, 'model.json'), json)
}

/**
 * Loads a model saved by `saveModel` or TensorFlow.js.
 *
 * @throws Error that names the file, for one that is missing, damaged or foreign
 */
export async function loadModel(folder: string): Promise<Model> {
  const path = join(folder, 'model.json')
  const json = await readFile(path, 'utf8')
  const model = decodeModel({ json, weights: await readFile(join(folder, weightsFile)) }, path)
  const { fingerprint: saved } = JSON.parse(json) as { fingerprint?: unknown }
  if (saved !== undefined && saved !== (await fingerprint(model)))
    throw new Error(`${path}: damaged, for this is not the network that was saved`)
  return model
}
