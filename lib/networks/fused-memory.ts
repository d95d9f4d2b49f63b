/**
 * The memory of a network on the fused engine. Weights, their gradients and Adam's moments lie in runs of one layout, a
 * weight's panel by panel as `lib/kernels/perceptron.ts` describes it; behind them lie the lists and sums of one chunk of
 * rows, then what a caller puts there.
 */
import kernelsBase64 from './kernels.generated'
import type { Activation, DenseLayer } from './topology'

/** Rows that go through the network together: few enough for the first-level cache. */
export const CHUNK = 32
/** Columns of a panel of weights. */
const PANEL = 16

/** What `lib/kernels` exports; layers, and whatever ends in `At`, are addresses. */
export interface Kernels {
  readonly memory: WebAssembly.Memory
  readonly base: WebAssembly.Global
  list(layer: number, sourceAt: number, orderAt: number, rows: number): void
  dense(layer: number, rows: number): void
  activate(layer: number, rows: number): void
  deactivate(layer: number, rows: number): void
  compact(layer: number, next: number, rows: number, drop: number, scale: number, randomAt: number): void
  weightGradients(layer: number, rows: number): void
  inputGradients(layer: number, rows: number, gradientsAt: number): void
  squaredError(output: number, targetsAt: number, orderAt: number, rows: number, scale: number): number
  logistic(output: number, targetsAt: number, orderAt: number, rows: number, scale: number): number
  /** Addresses of the four runs, their length; then beta1, beta2, step, unbias, epsilon. */
  adam(
    ...numbers: [...Runs, length: number, b1: number, b2: number, step: number, unbias: number, epsilon: number]
  ): void
}

/** Addresses of weights, their gradients, and Adam's first and second moments. */
type Runs = [weights: number, gradients: number, first: number, second: number]

/** A matrix of one chunk's rows, padded to whole panels. */
export interface Matrix {
  readonly at: number
  readonly columns: number
}

/** A dense layer and what of it the kernels compute. */
export interface Layer extends DenseLayer {
  /** The address of its description. */
  readonly at: number
  readonly sums: Matrix
  readonly sumGradients: Matrix
}

export interface Memory {
  readonly kernels: Kernels
  readonly layers: readonly Layer[]
  /** A chunk of inputs, dense and unpadded; the gradients by them; indexes of a chunk's rows; the state of dropout. */
  readonly sourceAt: number
  readonly inputGradients: Matrix
  readonly orderAt: number
  readonly randomAt: number
  readonly runs: Runs
  /** Numbers in a run. */
  readonly length: number
  /** A view of some numbers. The memory's growth detaches views, so they are taken when needed. */
  floats(at: number, length: number): Float32Array
  indexes(at: number, length: number): Uint32Array
  /** Copies arrays behind everything else, in place of those put there before, and gives their addresses. */
  put(...arrays: readonly Float32Array[]): number[]
  /** Calls `visit` for each row of each panel of a run: the weights from input k (the bias's: k = inputs) to units from j on. */
  visit(run: number, visit: (weights: Float32Array, layer: number, k: number, j: number) => void): void
}

const activations: Record<Activation, number> = { linear: 0, relu: 1, tanh: 2 }
const padded = (columns: number): number => Math.ceil(columns / PANEL) * PANEL

let compiled: WebAssembly.Module | undefined

function instantiate(): Kernels {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(kernelsBase64), (c) => c.charCodeAt(0)))
  return new WebAssembly.Instance(compiled).exports as unknown as Kernels
}

/** An instance of the kernels with a memory of its own, laid out for a network's layers. */
export function layOut(described: readonly DenseLayer[]): Memory {
  const kernels = instantiate()
  let top = kernels.base.value as number
  const allocate = (bytes: number): number => {
    const at = Math.ceil(top / 64) * 64
    top = at + bytes
    // kernels may read a little past the last array
    const missing = top + 1024 - kernels.memory.buffer.byteLength
    if (missing > 0) kernels.memory.grow(Math.ceil(missing / 65536))
    return at
  }
  const matrix = (columns: number): Matrix => ({ at: allocate(CHUNK * padded(columns) * 4), columns })
  const floats = (at: number, length: number): Float32Array => new Float32Array(kernels.memory.buffer, at, length)
  const indexes = (at: number, length: number): Uint32Array => new Uint32Array(kernels.memory.buffer, at, length)

  // all layers in one run, so that Adam, and clearing the gradients, is one call
  const sizes = described.map(({ inputs, units }) => (inputs + 1) * padded(units))
  const length = sizes.reduce((sum, size) => sum + size, 0)
  const runs = [0, 1, 2, 3].map(() => allocate(length * 4)) as Runs
  const starts = sizes.map((_, i) => 4 * sizes.slice(0, i).reduce((sum, size) => sum + size, 0))

  const layers = described.map((layer, i): Layer => {
    const { inputs, units, activation } = layer
    const [sums, sumGradients] = [matrix(units), matrix(units)]
    // `compact` writes whole vectors, past the end of the last row's list too
    const entriesAt = allocate((CHUNK * (inputs + 2) + 4) * 8)
    const countsAt = allocate(CHUNK * 4)
    const slopesAt = allocate((CHUNK * (inputs + 2) + 4) * 4)
    floats(slopesAt, CHUNK * (inputs + 2)).fill(1)
    const fields = [
      inputs,
      units,
      padded(units) / PANEL,
      activations[activation],
      runs[0] + starts[i],
      runs[1] + starts[i]
    ]
    fields.push(sums.at, sumGradients.at, entriesAt, countsAt, slopesAt)
    const at = allocate(fields.length * 4)
    indexes(at, fields.length).set(fields)
    return { ...layer, at, sums, sumGradients }
  })
  const { inputs } = described[0]
  const sourceAt = allocate(CHUNK * inputs * 4)
  const inputGradients = matrix(inputs)
  const orderAt = allocate(CHUNK * 4)
  const randomAt = allocate(64)
  const end = top

  return {
    kernels,
    layers,
    sourceAt,
    inputGradients,
    orderAt,
    randomAt,
    runs,
    length,
    floats,
    indexes,
    put(...arrays) {
      top = end
      const addresses = arrays.map(({ byteLength }) => allocate(byteLength))
      arrays.forEach((array, i) => {
        floats(addresses[i], array.length).set(array)
      })
      return addresses
    },
    visit(run, visit) {
      described.forEach(({ inputs, units }, layer) => {
        let at = run + starts[layer]
        for (let j = 0; j < units; j += PANEL)
          for (let k = 0; k <= inputs; k++, at += PANEL * 4) visit(floats(at, Math.min(PANEL, units - j)), layer, k, j)
      })
    }
  }
}

/** The rows of a padded matrix into some rows of a dense one, or with `back` the other way, padding with zeros. */
export function copyRows(
  { floats }: Memory,
  { at, columns }: Matrix,
  dense: Float32Array,
  from: number,
  rows: number,
  back = false
): void {
  const width = padded(columns)
  const matrix = floats(at, rows * width)
  if (back) matrix.fill(0)
  for (let r = 0; r < rows; r++)
    for (let j = 0; j < columns; j++) {
      const [inside, outside] = [r * width + j, (from + r) * columns + j]
      if (back) matrix[inside] = dense[outside]
      else dense[outside] = matrix[inside]
    }
}
