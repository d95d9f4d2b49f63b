import { concatenated } from '../matrices'
import type { Examples } from '../networks'
import type { Rng } from '../random'

/** The labelled states, the paper's D: each expert's action was asked for once, and counts as one query. */
export interface Dataset {
  readonly rows: number
  /** [rows, observationSize]. */
  readonly observations: Float32Array
  /** The expert's actions there, [rows, actionSize], as it gave them: not clipped to what the actuators take. */
  readonly actions: Float32Array
  /** The actions that the learner proposed there, [rows, actionSize]. */
  readonly proposals: Float32Array
  /** Why the expert was asked, as bits: the reasons of the strategy's rule. */
  readonly reasons: Uint8Array
  /** The iteration, from 1, that asked. */
  readonly iterations: Uint16Array
  /** 1 for the states held out for validation; drawn once, when a state is appended. */
  readonly validation: Uint8Array
}

export const emptyDataset: Dataset = {
  rows: 0,
  observations: new Float32Array(),
  actions: new Float32Array(),
  proposals: new Float32Array(),
  reasons: new Uint8Array(),
  iterations: new Uint16Array(),
  validation: new Uint8Array()
}

/** States labelled in one iteration. */
export type Labelled = Omit<Dataset, 'iterations' | 'validation'>

/** The dataset with the states of an iteration behind it, a share of them drawn to be held out. */
export function append(dataset: Dataset, labelled: Labelled, iteration: number, share: number, rng: Rng): Dataset {
  const rows = dataset.rows + labelled.rows
  const iterations = new Uint16Array(rows).fill(iteration)
  iterations.set(dataset.iterations)
  const validation = Uint8Array.from({ length: rows }, (_, row) => dataset.validation[row] ?? Number(rng() < share))
  const reasons = new Uint8Array(rows)
  reasons.set(dataset.reasons)
  reasons.set(labelled.reasons, dataset.rows)
  const joined = (key: 'observations' | 'actions' | 'proposals') => concatenated(dataset[key], labelled[key])
  return {
    rows,
    observations: joined('observations'),
    actions: joined('actions'),
    proposals: joined('proposals'),
    reasons,
    iterations,
    validation
  }
}

/** What the policy learns from: the expert's action in each state. */
export const policyExamples = ({ rows, observations, actions, validation }: Dataset): Examples => ({
  rows,
  inputs: observations,
  targets: actions,
  validation
})
