/** The fused engine: multilayer perceptrons on WebAssembly kernels (`kernels/`), with the same bits on every machine. */
import { integer, type Rng } from '../util/random'
import { CHUNK, copyIn, copyOut, layOut, type Memory } from './fused-memory'
import { denseLayers, drawWeights, shapesOf } from './mlp'
import { adam, checkMatrix, checkRows, checkWeights, type Examples, type Network, sizeOf } from './network'
import type { Topology } from './topology'

/**
 * Creates a network on the fused engine. Returns the reason as a string for a topology with more than dense, dropout and activation
 * layers.
 *
 * @param rng draws the initial weights
 */
export function fusedNetwork(topology: Topology, rng: Rng): Network | string {
  const declared = denseLayers(topology)
  if (typeof declared === 'string') return declared
  const memory = layOut(declared)
  const { layers, floats } = memory
  const [weightsRun, gradientsRun] = memory.runs
  const { inputs } = layers[0]
  const last = layers[layers.length - 1]
  const outputs = last.units
  pack(memory, weightsRun, drawWeights(layers, rng))

  return {
    engine: 'fused',
    topology,
    inputs,
    outputs,
    predict(values, rows) {
      const result = new Float32Array(rows * outputs)
      forwardInChunks(memory, values, rows, (from, count) => copyOut(memory, last.sums, result, from, count))
      return result
    },
    inputGradients(values, outputGradients, rows) {
      checkMatrix('output gradients', outputGradients, rows, outputs)
      const result = new Float32Array(rows * inputs)
      forwardInChunks(memory, values, rows, (from, count) => {
        copyIn(memory, outputGradients, from, last.sumGradients, count)
        backward(memory, count, 'inputs')
        copyOut(memory, memory.inputGradients, result, from, count)
      })
      return result
    },
    weightGradients(values, outputGradients, rows) {
      checkMatrix('output gradients', outputGradients, rows, outputs)
      floats(gradientsRun, memory.length).fill(0)
      forwardInChunks(memory, values, rows, (from, count) => {
        copyIn(memory, outputGradients, from, last.sumGradients, count)
        backward(memory, count, 'weights')
      })
      return unpack(memory, gradientsRun)
    },
    weights() {
      const values = unpack(memory, weightsRun)
      return shapesOf(layers).map((shape, i) => ({ ...shape, values: values[i] }))
    },
    setWeights(values) {
      checkWeights(shapesOf(layers), values)
      pack(memory, weightsRun, values)
    },
    async initialize(rng) {
      pack(memory, weightsRun, drawWeights(layers, rng))
    },
    train: trainer(memory),
    dispose() {}
  }
}

/** Computes the outputs for the rows that the first layer has listed. */
function forward({ kernels, layers, randomAt }: Memory, rows: number, dropping: boolean): void {
  for (const [i, layer] of layers.entries()) {
    const next = layers.at(i + 1)
    kernels.dense(layer.at, rows)
    // a ReLU between layers is applied when its active units are listed
    if (!next || layer.activation !== 'relu') kernels.activate(layer.at, rows)
    if (!next) return
    const drop = dropping ? Math.floor(layer.dropout * 2 ** 32) : 0
    kernels.listActive(layer.at, next.at, rows, drop, drop ? 1 / (1 - layer.dropout) : 1, randomAt)
  }
}

/** Propagates gradients from the outputs to the weights, where they add to the gradients there, or to the inputs. */
function backward({ kernels, layers, inputGradients }: Memory, rows: number, to: 'weights' | 'inputs'): void {
  kernels.activationBackward(layers[layers.length - 1].at, rows)
  for (let i = layers.length - 1; i >= 0; i--) {
    if (to === 'weights') kernels.weightGradients(layers[i].at, rows)
    if (i > 0) kernels.inputGradients(layers[i].at, rows, layers[i - 1].sumGradients.at)
    else if (to === 'inputs') kernels.inputGradients(layers[i].at, rows, inputGradients.at)
  }
}

type Visit = (from: number, count: number) => void

/** Computes the outputs of one chunk of rows after another, without dropout, and calls `visit` after each. */
function forwardInChunks(memory: Memory, values: Float32Array, rows: number, visit: Visit): void {
  const { kernels, layers, sourceAt } = memory
  const { at, inputs } = layers[0]
  checkMatrix('inputs', values, rows, inputs)
  for (let from = 0; from < rows; from += CHUNK) {
    const count = Math.min(CHUNK, rows - from)
    memory.floats(sourceAt, count * inputs).set(values.subarray(from * inputs, (from + count) * inputs))
    kernels.listInputs(at, sourceAt, 0, count)
    forward(memory, count, false)
    visit(from, count)
  }
}

/** Copies kernel and bias of each layer out of a run. */
function unpack({ layers, visit }: Memory, run: number): Float32Array[] {
  const arrays = shapesOf(layers).map(({ shape }) => new Float32Array(sizeOf(shape)))
  visit(run, (row, array, from) => arrays[array].set(row, from))
  return arrays
}

/** Copies kernel and bias of each layer into a run. */
function pack({ visit }: Memory, run: number, values: readonly Float32Array[]): void {
  visit(run, (row, array, from) => row.set(values[array].subarray(from, from + row.length)))
}

/** Returns the method `train` of a network. */
function trainer(memory: Memory): Network['train'] {
  const { kernels, layers, runs, orderAt, randomAt, floats, indexes } = memory
  const [, gradientsRun, firstRun, secondRun] = runs
  const first = layers[0]
  const last = layers[layers.length - 1]
  /** Adam's beta1^t and beta2^t. */
  let [power1, power2] = [1, 1]
  /** The examples in memory; those of an earlier training are overwritten. */
  let current: Examples | undefined

  return (examples, { loss, learningRate, optimizer, rng }) => {
    checkMatrix('inputs', examples.inputs, examples.rows, first.inputs)
    checkMatrix('targets', examples.targets, examples.rows, last.units)
    const [inputsAt, targetsAt] = memory.put(examples.inputs, examples.targets)
    current = examples
    indexes(randomAt, 16).set(Array.from({ length: 16 }, () => integer(rng, 2 ** 32)))
    if (optimizer === 'fresh') {
      for (const run of [firstRun, secondRun]) floats(run, memory.length).fill(0)
      power1 = 1
      power2 = 1
    }
    const lossAndGradient = loss === 'logistic' ? kernels.logistic : kernels.squaredError

    /** Computes the mean loss over rows and calls `visit` after each chunk, with its gradients at the outputs. */
    function meanLoss(rows: Uint32Array, dropping: boolean, visit: (count: number) => void): number {
      if (current !== examples) throw new Error('this network has since been given other examples to train on')
      checkRows(rows, examples)
      const scale = 1 / (rows.length * last.units)
      let sum = 0
      for (let from = 0; from < rows.length; from += CHUNK) {
        const count = Math.min(CHUNK, rows.length - from)
        indexes(orderAt, count).set(rows.subarray(from, from + count))
        kernels.listInputs(first.at, inputsAt, orderAt, count)
        forward(memory, count, dropping)
        sum += lossAndGradient(last.at, targetsAt, orderAt, count, scale)
        visit(count)
      }
      return sum * scale
    }

    return {
      step(batch) {
        floats(gradientsRun, memory.length).fill(0)
        const mean = meanLoss(batch, true, (count) => backward(memory, count, 'weights'))
        power1 *= adam.beta1
        power2 *= adam.beta2
        const [step, unbias] = [learningRate / (1 - power1), 1 / (1 - power2)]
        kernels.adam(...runs, memory.length, adam.beta1, adam.beta2, step, unbias, adam.epsilon)
        return mean
      },
      loss: (rows) => meanLoss(rows, false, () => {})
    }
  }
}
