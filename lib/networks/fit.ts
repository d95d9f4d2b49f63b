import { createYielder } from '../util/event-loop'
import { permutation, type Rng } from '../util/random'
import type { Examples, Network, TrainingOptions } from './network'

export interface FitOptions {
  readonly loss: TrainingOptions['loss']
  /** Step size of Adam. */
  readonly learningRate: number
  /** Passes over the examples. */
  readonly epochs: number
  /** Rows in each step. */
  readonly batch: number
  /** Training starts from the current weights (`warm`) or from freshly drawn ones. */
  readonly weights: 'warm' | 'fresh'
  /** Adam's moments continue from the last fit (`kept`) or start from zero. */
  readonly optimizer: 'kept' | 'fresh'
  /** Epochs without a better validation loss after which training stops. */
  readonly patience?: number
}

/** The course of a fit. Losses are means over rows and outputs. */
export interface FitReport {
  /** Mean training loss of each epoch, under dropout. */
  readonly training: number[]
  /** Validation loss after each epoch; empty if no row is held out. */
  readonly validation: number[]
  /** The epoch, from 1, whose weights were kept. */
  readonly kept: number
}

/**
 * Trains a network on mini-batches and keeps the weights of the least validation loss (section 3.1, Data Aggregation), or the
 * last ones if no row is held out.
 *
 * @param rng draws fresh weights, the order of rows, and dropout
 * @throws RangeError if all rows are held out, or if a loss is not finite: the weights are then lost
 * @throws the signal's reason when aborted: training is then unfinished
 */
export async function fit(
  network: Network,
  examples: Examples,
  options: FitOptions,
  rng: Rng,
  signal?: AbortSignal
): Promise<FitReport> {
  const { epochs, batch, weights, patience = Number.POSITIVE_INFINITY } = options
  const isHeldOut = (row: number): boolean => examples.validation?.[row] === 1
  const rows = Array.from({ length: examples.rows }, (_, row) => row)
  const learned = Uint32Array.from(rows.filter((row) => !isHeldOut(row)))
  const heldOut = Uint32Array.from(rows.filter(isHeldOut))
  if (examples.validation && examples.validation.length !== examples.rows)
    throw new RangeError(
      `validation must have an entry for each of the ${examples.rows} examples, not ${examples.validation.length} entries`
    )
  if (learned.length === 0)
    throw new RangeError(`there is nothing to fit: all of the ${examples.rows} examples are held out`)

  if (weights === 'fresh') await network.initialize(rng)
  const training = network.train(examples, { ...options, rng })
  const yieldNow = createYielder(signal)
  const report = { training: [] as number[], validation: [] as number[], kept: 0 }
  let best = Number.POSITIVE_INFINITY
  let bestWeights: Float32Array[] | undefined
  for (let epoch = 1; epoch <= epochs && epoch - report.kept <= patience; epoch++) {
    const order = permutation(rng, learned.length).map((i) => learned[i])
    let sum = 0
    for (let from = 0; from < order.length; from += batch) {
      const rows = order.subarray(from, from + batch)
      sum += training.step(rows) * rows.length
      await yieldNow()
    }
    report.training.push(checkFinite(sum / order.length, 'training', epoch))
    if (heldOut.length === 0) report.kept = epoch
    else {
      const loss = checkFinite(training.loss(heldOut), 'validation', epoch)
      report.validation.push(loss)
      if (loss < best) {
        best = loss
        bestWeights = network.weights().map(({ values }) => values)
        report.kept = epoch
      }
    }
  }
  if (bestWeights) network.setWeights(bestWeights)
  return report
}

function checkFinite(loss: number, kind: string, epoch: number): number {
  if (Number.isFinite(loss)) return loss
  throw new RangeError(
    `the ${kind} loss is ${loss} in epoch ${epoch}: look for numbers in the examples that are not finite, or lower the learning rate`
  )
}
