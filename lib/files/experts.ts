import { type EnvironmentName, environments, tasks } from '../environments/tasks'
import type { Model } from '../networks'
import { host } from '../notebook/host'
import { check, choice, text } from '../util/schema'
import { loadModel } from './models'

/** The fingerprints of Berkeley's published experts, by task: a record of a run with one of them names it so. */
export const berkeleyExperts = {
  reacher: 'd50b143a7415d58acde0b1ea3139baff1cf42cd5de276d25b0b1e067ecae4e86',
  hopper: '3ce8867a3bdb546bcf6d7a87d8aef5f95d956c33c3f886b754110600469c7364',
  halfcheetah: 'a03cda81c9da26944a1238454de8d4ec3f93ee7d54ac4dd61162cbd61befe1a9',
  walker2d: 'a476d8d5b406f85b0dd8f18c48bffee16e44173d526f06cc58f12f8c468ef3bf'
} as const satisfies Record<EnvironmentName, string>

/**
 * Loads the expert for a task: ours, or the one in a folder, either Berkeley's (`Reacher-v2.pkl`) or a saved model
 * (`reacher/model.json`).
 *
 * @throws RangeError for an unknown environment; Error that names the files looked for, or says what is wrong with the file
 */
export async function loadExpert(name: EnvironmentName, folder = `${host().settings().data}/experts`): Promise<Model> {
  check(choice(environments), 'environment', name)
  check(text, 'folder', folder)
  const { exists, readFile, berkeleyModel } = host()
  const pickle = `${folder}/${tasks[name].gym}-v2.pkl`
  if (await exists(pickle)) return berkeleyModel(await readFile(pickle), pickle)
  const saved = `${folder}/${name}`
  if (await exists(`${saved}/model.json`)) return loadModel(saved)
  throw new Error(`there is no expert for ${name} in ${folder}: looked for ${pickle} and ${saved}/model.json`)
}
