import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeModel, encodeModel, type Model } from '../networks'
import { weightsFile } from '../networks/model'
import { writeAtomically } from './atomic'

/** Saves a model as a folder that `tf.loadLayersModel('file://…/model.json')` reads. */
export async function saveModel(folder: string, model: Model): Promise<void> {
  const { json, weights } = encodeModel(model)
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
  return decodeModel({ json, weights: await readFile(join(folder, weightsFile)) }, path)
}
