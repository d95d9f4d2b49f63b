import type { Rng } from '../random'
import type { Topology } from './topology'

/**
 * A network, whichever engine computes it. Matrices are flat and row-major, [rows, columns]; rows never influence one
 * another. Dropout acts while training only.
 */
export interface Network {
  readonly engine: EngineName
  readonly topology: Topology
  /** Numbers in a row of inputs. */
  readonly inputs: number
  /** Numbers in a row of outputs. */
  readonly outputs: number
  /** The outputs, [rows, outputs], for `inputs`, [rows, inputs]. */
  predict(inputs: Float32Array, rows: number): Float32Array
  /**
   * The gradient by the inputs, [rows, inputs], of any scalar of a row's outputs: `outputGradients`, [rows, outputs],
   * holds that scalar's gradient by them. A row of zeros and a single one gives a row of the Jacobian.
   */
  inputGradients(inputs: Float32Array, outputGradients: Float32Array, rows: number): Float32Array
  /** The same by the weights, summed over rows; in the order and shapes of `weights`. */
  weightGradients(inputs: Float32Array, outputGradients: Float32Array, rows: number): Float32Array[]
  /** A copy of the weights, in TensorFlow.js's order. */
  weights(): Weight[]
  /** @throws RangeError when number, shape or order are not those of `weights` */
  setWeights(values: readonly Float32Array[]): void
  /** Draws the weights anew. */
  initialize(rng: Rng): Promise<void>
  /** Readies the network to learn from examples; see `fit`, which most want instead. */
  train(examples: Examples, options: TrainingOptions): Training
  /** Frees what the engine holds outside the garbage collector's reach. */
  dispose(): void
}

/** What acts: a network, or anything else that has an action for a state. */
export type Policy = Pick<Network, 'inputs' | 'outputs' | 'predict'>

export type EngineName = 'fused' | 'tensorflow'

export interface Weight {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** What a network learns from: `inputs` [rows, ·] and `targets` [rows, ·]. */
export interface Examples {
  readonly rows: number
  readonly inputs: Float32Array
  readonly targets: Float32Array
  /** 1 for the rows held out for validation, 0 for those to learn from; without it all are learned from. */
  readonly validation?: Uint8Array
}

export interface TrainingOptions {
  /** Mean squared error, or the mean logistic loss of outputs that are logits and targets in [0, 1]. */
  readonly loss: 'squared-error' | 'logistic'
  /** Adam's step. */
  readonly learningRate: number
  /** Whether Adam's moments start from zero or go on from the last training. */
  readonly optimizer: 'fresh' | 'kept'
  /** Draws the dropout masks. */
  readonly rng: Rng
}

/** A network learning from one set of examples, until it is given others by the next `train`. Rows are named by index. */
export interface Training {
  /** One step of Adam on a batch of rows; gives the batch's mean loss under dropout, before the step. */
  step(batch: Uint32Array): number
  /** The mean loss over rows, without dropout. */
  loss(rows: Uint32Array): number
}

/** Adam's constants, as TensorFlow.js has them by default. */
export const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const

/** @throws RangeError unless `values` holds [rows, columns] numbers */
export function checkMatrix(what: string, values: ArrayLike<number>, rows: number, columns: number): void {
  if (!Number.isInteger(rows) || rows < 0) throw new RangeError(`rows must be a whole number from 0, not ${rows}`)
  if (values.length !== rows * columns)
    throw new RangeError(
      `${what} must hold ${rows} rows of ${columns} numbers, ${rows * columns} in all, not ${values.length}`
    )
}

/** @throws RangeError unless there are rows and each is one of the examples */
export function checkRows(rows: Uint32Array, examples: Examples): void {
  if (rows.length === 0) throw new RangeError('a batch must name at least one row')
  for (const row of rows)
    if (row >= examples.rows) throw new RangeError(`there is no row ${row} among ${examples.rows} examples`)
}
