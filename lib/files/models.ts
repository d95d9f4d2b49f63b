import { decodeModel, encodeModel, fingerprint, type Model, orderedWeights, weightsFile } from '../networks/format'
import { host } from '../notebook/host'
import { check, text } from '../util/schema'

/**
 * Saves a model as a folder that `tf.loadLayersModel('file://…/model.json')` reads.
 *
 * @throws Error for a folder that cannot be written
 */
export async function saveModel(folder: string, model: Model): Promise<void> {
  check(text, 'folder', folder)
  const ordered = { ...model, weights: await orderedWeights(model) }
  const { json, weights } = encodeModel(ordered, { fingerprint: await fingerprint(ordered) })
  await decodeModel(json, async () => weights, 'the model to save') // which nobody could load is not saved
  await host().writeFile(`${folder}/${weightsFile}`, weights)
  await host().writeFile(`${folder}/model.json`, json)
}

/**
 * Loads a model saved by `saveModel` or TensorFlow.js.
 *
 * @throws Error that names the file that is missing, damaged or foreign
 */
export async function loadModel(folder: string): Promise<Model> {
  check(text, 'folder', folder)
  const { exists, readFile } = host()
  const path = `${folder}/model.json`
  if (!(await exists(path))) throw new Error(`there is no ${path}: name a folder that saveModel has written`)
  const json = new TextDecoder().decode(await readFile(path))
  const model = await decodeModel(json, (file) => readFile(`${folder}/${file}`), path)
  const { fingerprint: saved } = JSON.parse(json) as { fingerprint?: unknown }
  if (saved !== undefined && saved !== (await fingerprint(model)))
    throw new Error(`${path}: damaged, for this is not the network that was saved`)
  return model
}
