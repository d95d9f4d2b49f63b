/**
 * The fused engine: multilayer perceptrons on WebAssembly kernels (`lib/kernels`), the same bits on every machine. Whatever
 * the number of rows, they go through in chunks.
 */
import { integer, type Rng } from '../random'
import { CHUNK, copyRows, layOut } from './fused-memory'
import { initialWeights } from './initialize'
import {
  adam,
  checkMatrix,
  checkRows,
  type Examples,
  type Network,
  type Training,
  type TrainingOptions
} from './network'
import { denseLayers, type Topology } from './topology'

/**
 * A network on the fused engine; `undefined` when the topology holds more than dense, dropout and activation layers.
 *
 * @param rng draws the first weights
 */
export function fusedNetwork(topology: Topology, rng: Rng): Network | undefined {
  const described = denseLayers(topology)
  if (!described) return undefined
  const memory = layOut(described)
  const { kernels, layers, floats } = memory
  const [weightsRun, gradientsRun, firstRun, secondRun] = memory.runs
  const first = layers[0]
  const last = layers[layers.length - 1]
  const { inputs } = first
  const outputs = last.units
  const beta = { power1: 1, power2: 1 }
  /** What the network learns from now; an earlier training's are gone from its memory. */
  let current: Examples | undefined

  /** Runs the inputs that the first layer lists forward. */
  function forward(rows: number, dropping: boolean): void {
    layers.forEach((layer, i) => {
      kernels.dense(layer.at, rows)
      // a ReLU between layers happens when its active units are listed
      if (layer === last || layer.activation !== 'relu') kernels.activate(layer.at, rows)
      if (layer === last) return
      const drop = dropping ? Math.floor(layer.dropout * 2 ** 32) : 0
      kernels.compact(layer.at, layers[i + 1].at, rows, drop, drop ? 1 / (1 - layer.dropout) : 1, memory.randomAt)
    })
  }

  /** Takes the gradients by the outputs back to the weights, adding to what is there, or to the inputs. */
  function backward(rows: number, to: 'weights' | 'inputs'): void {
    kernels.deactivate(last.at, rows)
    for (let i = layers.length - 1; i >= 0; i--) {
      if (to === 'weights') kernels.weightGradients(layers[i].at, rows)
      if (i > 0) kernels.inputGradients(layers[i].at, rows, layers[i - 1].sumGradients.at)
      else if (to === 'inputs') kernels.inputGradients(first.at, rows, memory.inputGradients.at)
    }
  }

  /** Calls `visit` for each chunk of rows, run forward. */
  function chunked(values: Float32Array, rows: number, visit: (from: number, count: number) => void): void {
    checkMatrix('inputs', values, rows, inputs)
    for (let from = 0; from < rows; from += CHUNK) {
      const count = Math.min(CHUNK, rows - from)
      floats(memory.sourceAt, count * inputs).set(values.subarray(from * inputs, (from + count) * inputs))
      kernels.list(first.at, memory.sourceAt, 0, count)
      forward(count, false)
      visit(from, count)
    }
  }

  /** The matrix and the bias of each layer, out of a run. */
  function unpack(run: number): Float32Array[] {
    const arrays = layers.map(({ inputs, units }) => [new Float32Array(inputs * units), new Float32Array(units)])
    memory.visit(run, (weights, layer, k, j) => {
      const { inputs, units } = layers[layer]
      const [matrix, bias] = arrays[layer]
      if (k < inputs) matrix.set(weights, k * units + j)
      else bias.set(weights, j)
    })
    return arrays.flat()
  }

  const shapes = layers.flatMap(({ name, inputs, units }) => [
    { name: `${name}/kernel`, shape: [inputs, units] },
    { name: `${name}/bias`, shape: [units] }
  ])
  const drawn = (rng: Rng): Float32Array[] =>
    layers.flatMap((layer) => [initialWeights(layer, rng), new Float32Array(layer.units)])

  const network: Network = {
    engine: 'fused',
    topology,
    inputs,
    outputs,
    predict(values, rows) {
      const result = new Float32Array(rows * outputs)
      chunked(values, rows, (from, count) => copyRows(memory, last.sums, result, from, count))
      return result
    },
    inputGradients(values, outputGradients, rows) {
      checkMatrix('output gradients', outputGradients, rows, outputs)
      const result = new Float32Array(rows * inputs)
      chunked(values, rows, (from, count) => {
        copyRows(memory, last.sumGradients, outputGradients, from, count, true)
        backward(count, 'inputs')
        copyRows(memory, memory.inputGradients, result, from, count)
      })
      return result
    },
    weightGradients(values, outputGradients, rows) {
      checkMatrix('output gradients', outputGradients, rows, outputs)
      floats(gradientsRun, memory.length).fill(0)
      chunked(values, rows, (from, count) => {
        copyRows(memory, last.sumGradients, outputGradients, from, count, true)
        backward(count, 'weights')
      })
      return unpack(gradientsRun)
    },
    weights: () => unpack(weightsRun).map((values, i) => ({ ...shapes[i], values })),
    setWeights(values) {
      if (values.length !== shapes.length)
        throw new RangeError(
          `this network has ${shapes.length} weights (${shapes.map((s) => s.name)}), not ${values.length}`
        )
      for (const [i, { name, shape }] of shapes.entries())
        checkMatrix(name, values[i], shape.length > 1 ? shape[0] : 1, shape[shape.length - 1])
      memory.visit(weightsRun, (weights, layer, k, j) => {
        const { inputs, units } = layers[layer]
        const [array, from] = k < inputs ? [values[2 * layer], k * units + j] : [values[2 * layer + 1], j]
        weights.set(array.subarray(from, from + weights.length))
      })
    },
    async initialize(rng) {
      network.setWeights(drawn(rng))
    },
    train: training,
    dispose() {}
  }

  function training(examples: Examples, { loss, learningRate, optimizer, rng }: TrainingOptions): Training {
    checkMatrix('inputs', examples.inputs, examples.rows, inputs)
    checkMatrix('targets', examples.targets, examples.rows, outputs)
    const [inputsAt, targetsAt] = memory.put(examples.inputs, examples.targets)
    current = examples
    memory.indexes(memory.randomAt, 16).set(Array.from({ length: 16 }, () => integer(rng, 2 ** 32)))
    if (optimizer === 'fresh') {
      for (const run of [firstRun, secondRun]) floats(run, memory.length).fill(0)
      beta.power1 = 1
      beta.power2 = 1
    }
    const lossAndGradient = loss === 'logistic' ? kernels.logistic : kernels.squaredError

    /** The mean loss over rows, each chunk of them run forward; `after` finds a chunk's gradients by the outputs. */
    function meanLoss(rows: Uint32Array, dropping: boolean, after: (count: number) => void): number {
      if (current !== examples) throw new Error('this network has since been given other examples to learn from')
      checkRows(rows, examples)
      const scale = 1 / (rows.length * outputs)
      let sum = 0
      for (let from = 0; from < rows.length; from += CHUNK) {
        const count = Math.min(CHUNK, rows.length - from)
        memory.indexes(memory.orderAt, count).set(rows.subarray(from, from + count))
        kernels.list(first.at, inputsAt, memory.orderAt, count)
        forward(count, dropping)
        sum += lossAndGradient(last.at, targetsAt, memory.orderAt, count, scale)
        after(count)
      }
      return sum * scale
    }

    return {
      step(batch) {
        floats(gradientsRun, memory.length).fill(0)
        const mean = meanLoss(batch, true, (count) => backward(count, 'weights'))
        beta.power1 *= adam.beta1
        beta.power2 *= adam.beta2
        const step = learningRate / (1 - beta.power1)
        const unbias = 1 / (1 - beta.power2)
        kernels.adam(...memory.runs, memory.length, adam.beta1, adam.beta2, step, unbias, adam.epsilon)
        return mean
      },
      loss: (rows) => meanLoss(rows, false, () => {})
    }
  }

  network.setWeights(drawn(rng))
  return network
}
