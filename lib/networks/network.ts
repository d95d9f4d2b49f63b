import type { InferOutput } from 'valibot'
import type { Rng } from '../util/random'
import { choice } from '../util/schema'
import type { FitOptions } from './fit'
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

/** A policy: a network, or anything else that maps states, [rows, inputs], to actions, [rows, outputs]. The states are its own to write into, and
 * what it gives is copied. */
export type Policy = Pick<Network, 'inputs' | 'outputs' | 'predict'>

/** Answers queries: a policy, or one that answers later, as a person does, or a server. */
export interface Expert extends Pick<Policy, 'inputs' | 'outputs'> {
  predict(states: Float32Array, rows: number): Float32Array | Promise<Float32Array>
}

/** An engine that computes networks: `fused`, our kernels, is fast for multilayer perceptrons; `tensorflow` takes any topology. */
export type EngineName = InferOutput<typeof engineSchema>

export const engineSchema = choice(['fused', 'tensorflow'])

export type Weight = { readonly name: string; readonly shape: readonly number[]; readonly values: Float32Array }

/** Training examples. */
export interface Examples {
  readonly rows: number
  /** [rows, inputs of the network]. */
  readonly inputs: Float32Array
  /** [rows, outputs of the network]. */
  readonly targets: Float32Array
  /** 1 for rows held out for validation, 0 for rows to train on; without it the network trains on all. */
  readonly validation?: Uint8Array
}

/** Options of `Network.train`. */
export interface TrainingOptions extends Pick<FitOptions, 'loss' | 'learningRate' | 'optimizer'> {
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
  const [size, { length }] = [rows * columns, values]
  if (length !== size)
    throw new RangeError(`${name} must hold ${rows} rows of ${columns} numbers, ${size} in all, not ${length}`)
}

/** @throws RangeError unless `values` has the number and the sizes of the weights that a network takes */
export function checkWeights(taken: readonly Omit<Weight, 'values'>[], values: readonly Float32Array[]): void {
  const names = taken.map(({ name }) => name)
  if (values.length !== taken.length)
    throw new RangeError(`this network has ${taken.length} weights (${names}), not ${values.length}`)
  for (const [i, { shape }] of taken.entries()) {
    const columns = shape.at(-1) ?? 1
    checkMatrix(names[i], values[i], sizeOf(shape) / columns, columns)
  }
}

export const valuesOf = (weights: readonly Weight[]): Float32Array[] => weights.map(({ values }) => values)

/** Returns the count of numbers in an array of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** @throws RangeError unless the batch names at least one row and only rows of the examples */
export function checkRows(rows: Uint32Array, examples: Examples): void {
  if (rows.length === 0) throw new RangeError('a batch must name at least one row')
  for (const row of rows)
    if (row >= examples.rows) throw new RangeError(`there is no row ${row} among ${examples.rows} examples`)
}
