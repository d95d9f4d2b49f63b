import { type EnvironmentName, environments } from '../environments'
import type { Model } from '../networks'
import { host } from '../notebook/host'
import { check, choice, text } from '../util/schema'
import { loadModel } from './models'

/** The fingerprints of Berkeley's published experts, by task: a record of a run with one of them names it so. */
export const berkeleyExperts = {
  reacher: 'd50b143a7415d58acde0b1ea3139baff1cf42cd5de276d25b0b1e067ecae4e86',
  hopper: '3ce8867a3bdb546bcf6d7a87d8aef5f95d956c33c3f886b754110600469c7364'
} as const

const pickleIn = (folder: string, [first, ...rest]: string): string =>
  `${folder}/${first.toUpperCase()}${rest.join('')}-v2.pkl`

/** Returns true if a folder has an expert for a task. */
export async function hasExpert(environment: EnvironmentName, folder: string): Promise<boolean> {
  const { exists } = host()
  return (await exists(pickleIn(folder, environment))) || exists(`${folder}/${environment}/model.json`)
}

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
  const pickle = pickleIn(folder, name)
  if (await exists(pickle)) return berkeleyModel(await readFile(pickle), pickle)
  const saved = `${folder}/${name}`
  if (await exists(`${saved}/model.json`)) return loadModel(saved)
  throw new Error(`there is no expert for ${name} in ${folder}: looked for ${pickle} and ${saved}/model.json`)
}
