import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type EnvironmentName, environments } from '../environments'
import { berkeleyModel } from '../experts/model'
import type { Model } from '../networks'
import { loadModel } from './models'

/** Where ours are: as seen from the compiled library, or from its sources. */
const places = ['../../../data/experts', '../../data/experts'].map((path) => resolve(__dirname, path))
const ours = places.find(existsSync) ?? places[0]

const pickleIn = (folder: string, [first, ...rest]: string): string =>
  join(folder, `${first.toUpperCase()}${rest.join('')}-v2.pkl`)

/** Whether a folder has an expert for a task. */
export const hasExpert = (environment: EnvironmentName, folder: string): boolean =>
  existsSync(pickleIn(folder, environment)) || existsSync(join(folder, environment, 'model.json'))

/**
 * The expert for a task: ours, or the one in a folder, either Berkeley's (`Reacher-v2.pkl`) or a saved model
 * (`reacher/model.json`).
 *
 * @throws Error that says what was looked for where, or what is wrong with the file
 */
export async function loadExpert(environment: EnvironmentName, folder = ours): Promise<Model> {
  if (!environments.includes(environment))
    throw new RangeError(`there is no environment '${environment}': choose one of ${environments.join(', ')}`)
  const pickle = pickleIn(folder, environment)
  if (existsSync(pickle)) return berkeleyModel(await readFile(pickle), pickle)
  const saved = join(folder, environment)
  if (existsSync(join(saved, 'model.json'))) return loadModel(saved)
  throw new Error(
    `there is no expert for ${environment} in ${folder}: looked for ${pickle} and ${join(saved, 'model.json')}`
  )
}
