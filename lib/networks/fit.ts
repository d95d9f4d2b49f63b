import { exactOptional, type InferOutput, optional, unknown } from 'valibot'
import { checksOf } from '../check'
import { createYielder } from '../util/event-loop'
import { isList } from '../util/json'
import { permutation, type Rng } from '../util/random'
import { a, check, choice, count, func, object, positive, wholeNumber } from '../util/schema'
import type { Examples, Network } from './network'
import { penaltyIn } from './topology'

export const lossSchema = choice(['squared-error', 'logistic'])

/** Schema of the options of a training, as protocols have them. */
export const fitSchema = object({
  /** Mean squared error, or the mean logistic loss of outputs that are logits and targets in [0, 1]. */
  loss: lossSchema,
  /** Step size of Adam. */
  learningRate: positive,
  /** Passes over the examples. */
  epochs: count,
  /** Rows in each step. */
  batch: count,
  /** Training starts from the current weights (`warm`) or from freshly drawn ones. */
  weights: choice(['warm', 'fresh']),
  /** Adam's moments continue from the last fit (`kept`) or start from zero. */
  optimizer: choice(['fresh', 'kept']),
  /** Epochs without a better validation loss after which training stops. */
  patience: exactOptional(count)
})

/** Options of a training. */
export type FitOptions = InferOutput<typeof fitSchema>

/** The course of a fit. Losses are means over rows and outputs. */
export interface FitReport {
  /** Mean training loss of each epoch, under dropout. */
  readonly training: number[]
  /** Validation loss after each epoch; empty if no row is held out. */
  readonly validation: number[]
  /** The epoch, from 1, whose weights were kept. */
  readonly kept: number
}

const [matrix, flags] = [a<Float32Array>('a list', isList), optional(unknown())]
const examplesSchema = object({ rows: wholeNumber, inputs: matrix, targets: matrix, validation: flags })

/** Networks whose fit goes on. */
const inTraining = new WeakSet<Network>()
export const isInTraining = (network: Network): boolean => inTraining.has(network)

/**
 * Trains a network on mini-batches and keeps the weights of the least validation loss (section 3.1, Data Aggregation), or the
 * last ones if no row is held out.
 *
 * @param examples with the rows to hold out, if any
 * @param rng draws fresh weights, the order of rows, and dropout
 * @throws RangeError if all rows are held out, or if a loss is not finite: the weights are then lost
 * @throws the signal's reason when aborted: training is then unfinished
 */
export async function fit(network: Network, examples: Examples, options: FitOptions, rng: Rng, signal?: AbortSignal) {
  check(fitSchema, 'fit', options)
  check(func, 'rng', rng)
  checkExamples(network, examples, options.loss)
  if (inTraining.has(network)) throw new Error('this network is still in training: await its fit before the next')
  inTraining.add(network)
  return train(network, examples, options, rng, signal).finally(() => inTraining.delete(network))
}

async function train(network: Network, examples: Examples, options: FitOptions, rng: Rng, signal?: AbortSignal) {
  const { epochs, batch, weights, patience = Number.POSITIVE_INFINITY } = options
  const isHeldOut = (row: number): boolean => examples.validation?.[row] === 1
  const rows = Array.from({ length: examples.rows }, (_, row) => row)
  const learned = Uint32Array.from(rows.filter((row) => !isHeldOut(row)))
  const heldOut = Uint32Array.from(rows.filter(isHeldOut))
  if (learned.length === 0)
    throw new RangeError(`there is nothing to fit: all of the ${examples.rows} examples are held out`)

  if (weights === 'fresh') await network.initialize(rng)
  const training = network.train(examples, { ...options, rng })
  const yieldNow = createYielder(signal)
  const report = { training: [] as number[], validation: [] as number[], kept: 0 } satisfies FitReport
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

function checkExamples({ topology, inputs, outputs }: Network, examples: Examples, loss: FitOptions['loss']): void {
  check(examplesSchema, 'examples', examples)
  const penalty = penaltyIn(topology)
  if (penalty) throw new RangeError(penalty)
  const { numbers, mask } = checksOf(examples.rows, (row) => `row ${row}`)
  numbers('the input', examples.inputs, inputs)
  const { targets } = examples
  const odd = numbers('the target', targets, outputs).findIndex((target) => target < 0 || target > 1)
  const where = `the target for row ${Math.floor(odd / outputs)}`
  if (loss === 'logistic' && odd >= 0)
    throw new RangeError(`${where} is ${targets[odd]}: a logistic one is from 0 to 1`)
  if (examples.validation) mask('validation', examples.validation)
}

function checkFinite(loss: number, kind: string, epoch: number): number {
  if (Number.isFinite(loss)) return loss
  const advice = 'lower the learning rate, or look for huge numbers in the examples'
  throw new RangeError(`the ${kind} loss is ${loss} in epoch ${epoch}: ${advice}`)
}
