/** The tasks: the paper's two, and others. Each is a file of its own and an entry here; sizes are the file's. */
import { halfCheetah, halfCheetahModel } from './halfcheetah'
import { hopper, hopperModel } from './hopper'
import { reacher, reacherModel } from './reacher'
import { walker2d, walker2dModel } from './walker2d'

const thresholds = { loss: { tau: 0.02, epsilon: 0.002 }, safety: { tau: 0.04, epsilon: 1 }, query: 0.3 }
const thresholdsOfHopper = { loss: { tau: 0.3, epsilon: 0.2 }, safety: { tau: 0.3, epsilon: 200 }, query: 0.3 }
const asHopper = { episodes: 10, epochs: 20, thresholds: thresholdsOfHopper }

/**
 * Each task's model, its name in Gym, the episodes and epochs of an iteration, and its thresholds. Those of the paper's tasks are Table 1's.
 * The paper has none for the others: theirs are Hopper's, and rules are compared there at equal rates.
 */
export const tasks = {
  reacher: { gym: 'Reacher', task: reacher, model: reacherModel, episodes: 5, epochs: 100, thresholds },
  hopper: { gym: 'Hopper', task: hopper, model: hopperModel, ...asHopper },
  halfcheetah: { gym: 'HalfCheetah', task: halfCheetah, model: halfCheetahModel, ...asHopper },
  walker2d: { gym: 'Walker2d', task: walker2d, model: walker2dModel, ...asHopper }
}

/** The name of a task. */
export type EnvironmentName = keyof typeof tasks

/** The names of all tasks. */
export const environments = Object.keys(tasks) as readonly EnvironmentName[]

/** The names of the paper's tasks. */
export const paperEnvironments = ['reacher', 'hopper'] as const satisfies readonly EnvironmentName[]

/** The name of one of the paper's tasks. */
export type PaperEnvironment = (typeof paperEnvironments)[number]
