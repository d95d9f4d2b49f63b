/**
 * The fused engine: multilayer perceptrons on WebAssembly kernels (`lib/kernels`), the same bits on every machine.
 *
 * A network owns an instance of the kernels and so a memory of its own. There its weights, gradients and Adam's moments
 * lie in runs of the same layout, and behind them the lists and sums of one chunk of rows. Whatever the number of rows,
 * they go through in chunks that fit the first-level cache.
 */
import { integer, type Rng } from '../random'
import { initialWeights } from './initialize'
import kernelsBase64 from './kernels.generated'
import { adam, checkMatrix, type Examples, type Network, type Training, type TrainingOptions } from './network'
import { type Activation, type DenseLayer, denseLayers, type Topology } from './topology'

/** Rows that go through the network together. */
const CHUNK = 32
/** Columns of a panel of weights. */
const PANEL = 16

const activations: Record<Activation, number> = { linear: 0, relu: 1, tanh: 2 }

/** What `lib/kernels` exports; numbers ending in `At` are addresses. */
interface Kernels {
  readonly memory: WebAssembly.Memory
  readonly base: WebAssembly.Global
  list(sourceAt: number, inputs: number, orderAt: number, rows: number, entriesAt: number, countsAt: number): void
  dense(
    entriesAt: number,
    inputs: number,
    countsAt: number,
    rows: number,
    weightsAt: number,
    panels: number,
    sumsAt: number
  ): void
  activate(valuesAt: number, length: number, activation: number): void
  deactivate(gradientsAt: number, outputsAt: number, length: number, activation: number): void
  compact(
    outputsAt: number,
    rows: number,
    units: number,
    panels: number,
    activation: number,
    drop: number,
    scale: number,
    randomAt: number,
    entriesAt: number,
    countsAt: number,
    slopesAt: number
  ): void
  weightGradients(
    entriesAt: number,
    inputs: number,
    countsAt: number,
    rows: number,
    sumGradientsAt: number,
    panels: number,
    gradientsAt: number
  ): void
  inputGradients(
    sumGradientsAt: number,
    rows: number,
    panels: number,
    weightsAt: number,
    inputs: number,
    entriesAt: number,
    countsAt: number,
    slopesAt: number,
    gradientsAt: number,
    stride: number
  ): void
  squaredError: Loss
  logistic: Loss
  adam(
    parametersAt: number,
    gradientsAt: number,
    firstAt: number,
    secondAt: number,
    length: number,
    beta1: number,
    beta2: number,
    step: number,
    unbias: number,
    epsilon: number
  ): void
}

type Loss = (
  outputsAt: number,
  stride: number,
  width: number,
  targetsAt: number,
  orderAt: number,
  rows: number,
  scale: number,
  gradientsAt: number
) => number

let compiled: WebAssembly.Module | undefined

function instantiate(): Kernels {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(kernelsBase64), (c) => c.charCodeAt(0)))
  return new WebAssembly.Instance(compiled).exports as unknown as Kernels
}

/** A dense layer with the addresses of what belongs to it. */
interface Layer extends DenseLayer {
  readonly panels: number
  /** Bytes from one row to the next of its sums, and of gradients by them. */
  readonly stride: number
  readonly weightsAt: number
  /** From a weight to its gradient. */
  readonly gradientsFrom: number
  readonly sumsAt: number
  readonly sumGradientsAt: number
  /** Its inputs, listed. */
  readonly entriesAt: number
  readonly countsAt: number
  readonly slopesAt: number
}

/**
 * A network on the fused engine; `undefined` when the topology holds more than dense, dropout and activation layers.
 *
 * @param rng draws the first weights
 */
export function fusedNetwork(topology: Topology, rng: Rng): Network | undefined {
  const described = denseLayers(topology)
  if (!described) return undefined
  const inputs = described[0].inputs
  const outputs = described[described.length - 1].units

  const kernels = instantiate()
  let top = kernels.base.value as number
  const allocate = (bytes: number): number => {
    const at = Math.ceil(top / 64) * 64
    top = at + bytes
    const missing = top + 1024 - kernels.memory.buffer.byteLength
    if (missing > 0) kernels.memory.grow(Math.ceil(missing / 65536))
    return at
  }

  // weights of all layers in one run, so that Adam, and clearing the gradients, is one call
  const panelsOf = (units: number): number => Math.ceil(units / PANEL)
  const runs = described.map(({ inputs, units }) => panelsOf(units) * (inputs + 1) * PANEL * 4)
  const runBytes = runs.reduce((sum, bytes) => sum + bytes, 0)
  const [parametersAt, gradientsAt, firstAt, secondAt] = [0, 1, 2, 3].map(() => allocate(runBytes))
  let weightsAt = parametersAt
  const layers: Layer[] = described.map((layer, i) => {
    const at = weightsAt
    weightsAt += runs[i]
    const panels = panelsOf(layer.units)
    const stride = panels * PANEL * 4
    return {
      ...layer,
      panels,
      stride,
      weightsAt: at,
      gradientsFrom: gradientsAt - parametersAt,
      sumsAt: allocate(CHUNK * stride),
      sumGradientsAt: allocate(CHUNK * stride),
      entriesAt: allocate((CHUNK * (layer.inputs + 2) + 4) * 8),
      countsAt: allocate(CHUNK * 4),
      slopesAt: allocate((CHUNK * (layer.inputs + 2) + 4) * 4)
    }
  })
  const first = layers[0]
  const last = layers[layers.length - 1]
  const inputStride = Math.ceil(inputs / 4) * 16
  const sourceAt = allocate(CHUNK * inputs * 4)
  const inputGradientsAt = allocate(CHUNK * inputStride)
  const orderAt = allocate(CHUNK * 4)
  const randomAt = allocate(64)
  const examplesAt = allocate(0)

  // growing the memory detaches views of it, so they are taken when needed
  const floats = (at: number, length: number): Float32Array => new Float32Array(kernels.memory.buffer, at, length)
  floats(first.slopesAt, CHUNK * (inputs + 2)).fill(1)

  let beta1Power = 1
  let beta2Power = 1

  /** Runs the inputs listed by `first` forward. */
  const forward = (rows: number, dropping: boolean): void => {
    for (let i = 0; i < layers.length; i++) {
      const layer = layers[i]
      const { entriesAt, countsAt, panels, units, sumsAt, dropout } = layer
      const activation = activations[layer.activation]
      kernels.dense(entriesAt, layer.inputs, countsAt, rows, layer.weightsAt, panels, sumsAt)
      // a ReLU between layers happens when its active units are listed
      if (layer === last || layer.activation !== 'relu') kernels.activate(sumsAt, rows * panels * PANEL, activation)
      if (layer === last) return
      const next = layers[i + 1]
      const drop = dropping ? Math.floor(dropout * 2 ** 32) : 0
      const scale = drop ? 1 / (1 - dropout) : 1
      kernels.compact(
        sumsAt,
        rows,
        units,
        panels,
        activation,
        drop,
        scale,
        randomAt,
        next.entriesAt,
        next.countsAt,
        next.slopesAt
      )
    }
  }

  /** Takes the gradients by the outputs, in `last.sumGradientsAt`, back: by the weights (added up), or by the inputs. */
  const backward = (rows: number, by: 'weights' | 'inputs'): void => {
    kernels.deactivate(last.sumGradientsAt, last.sumsAt, rows * last.panels * PANEL, activations[last.activation])
    for (let i = layers.length - 1; i >= 0; i--) {
      const { entriesAt, countsAt, slopesAt, sumGradientsAt, panels, weightsAt, gradientsFrom, inputs } = layers[i]
      if (by === 'weights')
        kernels.weightGradients(entriesAt, inputs, countsAt, rows, sumGradientsAt, panels, weightsAt + gradientsFrom)
      if (i === 0 && by === 'weights') return
      const to = i > 0 ? layers[i - 1] : { sumGradientsAt: inputGradientsAt, stride: inputStride }
      kernels.inputGradients(
        sumGradientsAt,
        rows,
        panels,
        weightsAt,
        inputs,
        entriesAt,
        countsAt,
        slopesAt,
        to.sumGradientsAt,
        to.stride
      )
    }
  }

  /** Calls `visit` for each chunk of rows, run forward. */
  const chunked = (values: Float32Array, rows: number, visit: (from: number, count: number) => void): void => {
    checkMatrix('inputs', values, rows, inputs)
    for (let from = 0; from < rows; from += CHUNK) {
      const count = Math.min(CHUNK, rows - from)
      floats(sourceAt, count * inputs).set(values.subarray(from * inputs, (from + count) * inputs))
      kernels.list(sourceAt, inputs, 0, count, first.entriesAt, first.countsAt)
      forward(count, false)
      visit(from, count)
    }
  }

  const spread = (
    at: number,
    stride: number,
    values: Float32Array,
    width: number,
    rows: number,
    from: number
  ): void => {
    const to = floats(at, (rows * stride) / 4)
    to.fill(0)
    for (let r = 0; r < rows; r++)
      for (let j = 0; j < width; j++) to[(r * stride) / 4 + j] = values[(from + r) * width + j]
  }

  const gather = (
    at: number,
    stride: number,
    values: Float32Array,
    width: number,
    rows: number,
    from: number
  ): void => {
    const padded = floats(at, (rows * stride) / 4)
    for (let r = 0; r < rows; r++)
      for (let j = 0; j < width; j++) values[(from + r) * width + j] = padded[(r * stride) / 4 + j]
  }

  /** Calls `visit` for each row of each panel of a layer: 16 weights of input k (the bias's: k = inputs), columns from j. */
  const panelRows = (layer: Layer, offset: number, visit: (row: Float32Array, k: number, j: number) => void): void => {
    const { inputs, units, panels } = layer
    const run = floats(layer.weightsAt + offset, panels * (inputs + 1) * PANEL)
    for (let p = 0, at = 0; p < panels; p++)
      for (let k = 0; k <= inputs; k++, at += PANEL)
        visit(run.subarray(at, at + Math.min(PANEL, units - p * PANEL)), k, p * PANEL)
  }

  /** The matrix and the bias of each layer, out of a run of panels. */
  const unpack = (offset: number): Float32Array[] =>
    layers.flatMap((layer) => {
      const { inputs, units } = layer
      const matrix = new Float32Array(inputs * units)
      const bias = new Float32Array(units)
      panelRows(layer, offset, (row, k, j) => (k < inputs ? matrix.set(row, k * units + j) : bias.set(row, j)))
      return [matrix, bias]
    })

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
      chunked(values, rows, (from, count) => gather(last.sumsAt, last.stride, result, outputs, count, from))
      return result
    },
    inputGradients(values, outputGradients, rows) {
      checkMatrix('output gradients', outputGradients, rows, outputs)
      const result = new Float32Array(rows * inputs)
      chunked(values, rows, (from, count) => {
        spread(last.sumGradientsAt, last.stride, outputGradients, outputs, count, from)
        backward(count, 'inputs')
        gather(inputGradientsAt, inputStride, result, inputs, count, from)
      })
      return result
    },
    weightGradients(values, outputGradients, rows) {
      checkMatrix('output gradients', outputGradients, rows, outputs)
      floats(gradientsAt, runBytes / 4).fill(0)
      chunked(values, rows, (from, count) => {
        spread(last.sumGradientsAt, last.stride, outputGradients, outputs, count, from)
        backward(count, 'weights')
      })
      return unpack(gradientsAt - parametersAt)
    },
    weights() {
      return unpack(0).map((values, i) => ({ ...shapes[i], values }))
    },
    setWeights(values) {
      if (values.length !== shapes.length)
        throw new RangeError(
          `this network has ${shapes.length} weights (${shapes.map((s) => s.name)}), not ${values.length}`
        )
      for (const [i, { name, shape }] of shapes.entries())
        checkMatrix(name, values[i], shape.length > 1 ? shape[0] : 1, shape[shape.length - 1])
      layers.forEach((layer, l) => {
        const { inputs, units } = layer
        const [matrix, bias] = [values[2 * l], values[2 * l + 1]]
        panelRows(layer, 0, (row, k, j) => {
          const from = k < inputs ? matrix.subarray(k * units + j) : bias.subarray(j)
          row.set(from.subarray(0, row.length))
        })
      })
    },
    async initialize(rng) {
      network.setWeights(drawn(rng))
    },
    train(examples, options) {
      return training(examples, options)
    },
    dispose() {}
  }

  function training(examples: Examples, { loss, learningRate, optimizer, rng }: TrainingOptions): Training {
    checkMatrix('inputs', examples.inputs, examples.rows, inputs)
    checkMatrix('targets', examples.targets, examples.rows, outputs)
    top = examplesAt
    const inputsAt = allocate(examples.inputs.byteLength)
    const targetsAt = allocate(examples.targets.byteLength)
    floats(inputsAt, examples.inputs.length).set(examples.inputs)
    floats(targetsAt, examples.targets.length).set(examples.targets)
    const random = new Uint32Array(kernels.memory.buffer, randomAt, 16)
    for (let i = 0; i < 16; i++) random[i] = integer(rng, 2 ** 32)
    const lossAndGradient = loss === 'logistic' ? kernels.logistic : kernels.squaredError
    if (optimizer === 'fresh') {
      floats(firstAt, runBytes / 4).fill(0)
      floats(secondAt, runBytes / 4).fill(0)
      beta1Power = 1
      beta2Power = 1
    }
    /** The mean loss over rows, each chunk of them run forward; `after` sees a chunk's gradients by the outputs. */
    const meanLoss = (rows: Uint32Array, dropping: boolean, after: (count: number) => void): number => {
      let sum = 0
      for (let from = 0; from < rows.length; from += CHUNK) {
        const count = Math.min(CHUNK, rows.length - from)
        new Uint32Array(kernels.memory.buffer, orderAt, count).set(rows.subarray(from, from + count))
        kernels.list(inputsAt, inputs, orderAt, count, first.entriesAt, first.countsAt)
        forward(count, dropping)
        const scale = 1 / (rows.length * outputs)
        sum += lossAndGradient(last.sumsAt, last.stride, outputs, targetsAt, orderAt, count, scale, last.sumGradientsAt)
        after(count)
      }
      return sum / (rows.length * outputs)
    }
    return {
      step(batch) {
        floats(gradientsAt, runBytes / 4).fill(0)
        const mean = meanLoss(batch, true, (count) => backward(count, 'weights'))
        beta1Power *= adam.beta1
        beta2Power *= adam.beta2
        const step = learningRate / (1 - beta1Power)
        const unbias = 1 / (1 - beta2Power)
        kernels.adam(
          parametersAt,
          gradientsAt,
          firstAt,
          secondAt,
          runBytes / 4,
          adam.beta1,
          adam.beta2,
          step,
          unbias,
          adam.epsilon
        )
        return mean
      },
      loss: (rows) => meanLoss(rows, false, () => {})
    }
  }

  network.setWeights(drawn(rng))
  return network
}
