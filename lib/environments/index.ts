/** Tasks by name, loaded. */
import { check, choice, object } from '../util/schema'
import type { Masses } from './capsule'
import type { Environment } from './environment'
import { makeEnvironment } from './episodes'
import { simulate } from './mujoco'
import { type EnvironmentName, environments, tasks } from './tasks'

export type { Masses } from './capsule'
export type { Environment, Episodes, Shape, Start, Step } from './environment'
export { makeEnvironment, type Task } from './episodes'
export { simulate } from './mujoco'
export { type Rollout, rollout } from './rollout'
export { type EnvironmentName, environments, type PaperEnvironment, paperEnvironments } from './tasks'

const loaded = new Map<string, Promise<Environment>>()

/**
 * Loads an environment. It has no state, so each one is loaded once and shared.
 *
 * @param options.masses masses of the limbs: `legacy` as in MuJoCo of the paper's time, or `current`
 * @throws RangeError for an unknown name, of the environment or of masses
 */
export async function loadEnvironment(name: EnvironmentName, options: { masses: Masses }): Promise<Environment> {
  check(choice(environments), 'environment', name)
  check(object({ masses: choice(['legacy', 'current']) }), 'options', options)
  const { masses } = options
  const key = `${name} ${masses}`
  const { task, model } = tasks[name]
  const found = loaded.get(key) ?? simulate(model(masses)).then((simulator) => makeEnvironment(task, simulator))
  loaded.set(key, found)
  found.catch(() => loaded.delete(key)) // so that the next call tries again
  return found
}
