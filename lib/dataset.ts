import type { Examples } from './networks'
import type { Mask } from './strategies'
import { concatenate } from './util/matrix'
import type { Rng } from './util/random'

/** The labelled states, the paper's D (Algorithm 1, line 2). Each label is one query. Matrices are flat and row-major. */
export interface Dataset {
  readonly rows: number
  /** [rows, observationSize]. */
  readonly observations: Float32Array
  /** The labels: the expert's actions, [rows, actionSize], not clipped to the actuators' range. */
  readonly expertActions: Float32Array
  /** The actions that the learner proposed, [rows, actionSize]. */
  readonly learnerActions: Float32Array
  /** 1 for the states held out for validation; drawn once, when a state is appended. */
  readonly validation: Mask
}

/** States labelled in one iteration. */
export type Labelled = Omit<Dataset, 'validation'>

export const emptyDataset: Dataset = {
  rows: 0,
  observations: new Float32Array(),
  expertActions: new Float32Array(),
  learnerActions: new Float32Array(),
  validation: new Uint8Array()
}

/**
 * Appends the states of an iteration, some drawn to be held out.
 *
 * @param fraction of the states to hold out (section 3.1, Data Aggregation)
 */
export function append(data: Dataset, labelled: Labelled, fraction: number, rng: Rng): Dataset {
  const rows = data.rows + labelled.rows
  return {
    rows,
    observations: concatenate([data.observations, labelled.observations]),
    expertActions: concatenate([data.expertActions, labelled.expertActions]),
    learnerActions: concatenate([data.learnerActions, labelled.learnerActions]),
    validation: Uint8Array.from({ length: rows }, (_, row) => data.validation[row] ?? Number(rng() < fraction))
  }
}

/** Returns what the policy is trained on: the expert's action in each labelled state. */
export function policyExamples({ rows, observations: inputs, expertActions: targets, validation }: Dataset): Examples {
  return { rows, inputs, targets, validation }
}

/** Clips labels to the actuators' range. */
export const clipLabels = (labelled: Labelled): Labelled => ({
  ...labelled,
  expertActions: labelled.expertActions.map((action) => Math.max(-1, Math.min(1, action)))
})
