import { permutation, type Rng } from '../random'
import { turns } from '../turn'
import type { Examples, Network, TrainingOptions } from './network'

export interface FitOptions {
  readonly loss: TrainingOptions['loss']
  /** Adam's step. */
  readonly learningRate: number
  /** Passes over the examples. */
  readonly epochs: number
  /** Rows a step. */
  readonly batch: number
  /** Whether training goes on from the weights as they are, or from fresh ones. */
  readonly weights: 'warm' | 'fresh'
  /** Whether Adam's moments go on from the last fit, or start from zero. */
  readonly optimizer: 'kept' | 'fresh'
  /** Stop after so many epochs without a better validation loss. */
  readonly patience?: number
}

/** What a fit did; losses are means over rows and outputs. */
export interface FitReport {
  /** Mean training loss of each epoch, under dropout. */
  readonly training: number[]
  /** Validation loss after each epoch; empty when nothing is held out. */
  readonly validation: number[]
  /** The epoch, from 1, whose weights were kept. */
  readonly kept: number
}

/**
 * Trains a network by mini-batches and leaves in it the weights that did best on the held-out rows (section 3.1, Data
 * Aggregation); the last ones where nothing is held out.
 *
 * @param rng draws fresh weights, the order of rows and dropout
 * @throws RangeError when there is nothing to learn from, and when a loss is not finite, for then the weights are lost; the
 *   signal's reason when aborted, the weights then unfinished
 */
export async function fit(
  network: Network,
  examples: Examples,
  options: FitOptions,
  rng: Rng,
  signal?: AbortSignal
): Promise<FitReport> {
  const { epochs, batch, weights, patience = Number.POSITIVE_INFINITY } = options
  const held = (row: number): boolean => examples.validation?.[row] === 1
  const rows = Array.from({ length: examples.rows }, (_, row) => row)
  const learned = Uint32Array.from(rows.filter((row) => !held(row)))
  const validated = Uint32Array.from(rows.filter(held))
  if (examples.validation && examples.validation.length !== examples.rows)
    throw new RangeError(
      `validation must tell of each of the ${examples.rows} examples, not of ${examples.validation.length}`
    )
  if (learned.length === 0)
    throw new RangeError(`there is nothing to fit: all of the ${examples.rows} examples are held out`)

  if (weights === 'fresh') await network.initialize(rng)
  const training = network.train(examples, { ...options, rng })
  const pause = turns(signal)
  const report = { training: [] as number[], validation: [] as number[], kept: 0 }
  let best = Number.POSITIVE_INFINITY
  let bestWeights: Float32Array[] | undefined
  for (let epoch = 1; epoch <= epochs && epoch - report.kept <= patience; epoch++) {
    const order = permutation(rng, learned.length).map((i) => learned[i])
    let sum = 0
    for (let from = 0; from < order.length; from += batch) {
      const rows = order.subarray(from, from + batch)
      sum += training.step(rows) * rows.length
      await pause()
    }
    report.training.push(finite(sum / order.length, 'training', epoch))
    if (validated.length === 0) report.kept = epoch
    else {
      const loss = finite(training.loss(validated), 'validation', epoch)
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

function finite(loss: number, what: string, epoch: number): number {
  if (Number.isFinite(loss)) return loss
  throw new RangeError(
    `the ${what} loss is ${loss} in epoch ${epoch}: look for numbers in the examples that are not finite, or lower the learning rate`
  )
}
