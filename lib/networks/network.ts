import type { Rng } from '../util/random'
import type { Topology } from './topology'

/**
 * A network on either engine. Matrices are flat and row-major, [rows, columns]. Rows do not influence one another, and dropout
 * acts in training only.
 */
export interface Network {
  readonly engine: EngineName
  readonly topology: Topology
  /** Numbers in a row of inputs. */
  readonly inputs: number
  /** Numbers in a row of outputs. */
  readonly outputs: number
  /** Computes the outputs, [rows, outputs], for `inputs`, [rows, inputs]. */
  predict(inputs: Float32Array, rows: number): Float32Array
  /**
   * Computes the gradient of a scalar with respect to the inputs, [rows, inputs]. `outputGradients`, [rows, outputs], is the
   * scalar's gradient with respect to the outputs; a one-hot row gives a row of the Jacobian.
   */
  inputGradients(inputs: Float32Array, outputGradients: Float32Array, rows: number): Float32Array
  /** Computes the gradient with respect to the weights, summed over rows, in the order and shapes of `weights`. */
  weightGradients(inputs: Float32Array, outputGradients: Float32Array, rows: number): Float32Array[]
  /** Copies the weights, in TensorFlow.js's order. */
  weights(): Weight[]
  /** @throws RangeError unless number, shapes and order are those of `weights` */
  setWeights(values: readonly Float32Array[]): void
  /** Draws the weights anew. */
  initialize(rng: Rng): Promise<void>
  /** Prepares the network for training steps on examples. `fit` does all of a training. */
  train(examples: Examples, options: TrainingOptions): Training
  /** Frees memory that is not garbage-collected. */
  dispose(): void
}

/** A policy: a network, or anything else that maps states to actions. */
export type Policy = Pick<Network, 'inputs' | 'outputs' | 'predict'>

export type EngineName = 'fused' | 'tensorflow'

export interface Weight {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** Training examples: `inputs` [rows, ·] and `targets` [rows, ·]. */
export interface Examples {
  readonly rows: number
  readonly inputs: Float32Array
  readonly targets: Float32Array
  /** 1 for rows held out for validation, 0 for rows to train on; without it the network trains on all. */
  readonly validation?: Uint8Array
}

export interface TrainingOptions {
  /** Mean squared error, or the mean logistic loss of outputs that are logits and targets in [0, 1]. */
  readonly loss: 'squared-error' | 'logistic'
  /** Step size of Adam. */
  readonly learningRate: number
  /** Adam's moments start from zero (`fresh`) or continue from the last training. */
  readonly optimizer: 'fresh' | 'kept'
  /** Draws the dropout masks. */
  readonly rng: Rng
}

/** A network in training on one set of examples, until the next call of `train`. Batches are indexes of rows. */
export interface Training {
  /** Takes one step of Adam. Returns the batch's mean loss under dropout before the step. */
  step(batch: Uint32Array): number
  /** Computes the mean loss over rows, without dropout. */
  loss(rows: Uint32Array): number
}

/** Adam's constants: TensorFlow.js's defaults. */
export const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const

/** @throws RangeError unless `values` holds [rows, columns] numbers */
export function checkMatrix(name: string, values: ArrayLike<number>, rows: number, columns: number): void {
  if (!Number.isInteger(rows) || rows < 0) throw new RangeError(`rows must be a whole number from 0, not ${rows}`)
  if (values.length !== rows * columns)
    throw new RangeError(
      `${name} must hold ${rows} rows of ${columns} numbers, ${rows * columns} in all, not ${values.length}`
    )
}

/** @throws RangeError unless the batch names at least one row and only rows of the examples */
export function checkRows(rows: Uint32Array, examples: Examples): void {
  if (rows.length === 0) throw new RangeError('a batch must name at least one row')
  for (const row of rows)
    if (row >= examples.rows) throw new RangeError(`there is no row ${row} among ${examples.rows} examples`)
}
