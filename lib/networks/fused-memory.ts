/**
 * The memory of a network on the fused engine. Weights, their gradients and Adam's two moments are four runs of one layout, panel
 * by panel as `kernels/perceptron.ts` describes it. Behind them lie the lists and sums of one chunk of rows, then the examples.
 */
import kernelsBase64 from './kernels.generated'
import type { Activation, DenseLayer } from './mlp'

/** Rows that pass through the network together: few enough for the first-level cache. */
export const CHUNK = 32
/** Columns of a panel of weights. */
const PANEL = 16

/** Exports of `kernels/index.ts`. Layers, and names that end in `At`, are addresses. */
export interface Kernels {
  readonly memory: WebAssembly.Memory
  readonly base: WebAssembly.Global
  listInputs(layer: number, sourceAt: number, orderAt: number, rows: number): void
  dense(layer: number, rows: number): void
  activate(layer: number, rows: number): void
  activationBackward(layer: number, rows: number): void
  listActive(layer: number, next: number, rows: number, drop: number, scale: number, randomAt: number): void
  weightGradients(layer: number, rows: number): void
  inputGradients(layer: number, rows: number, gradientsAt: number): void
  squaredError(output: number, targetsAt: number, orderAt: number, rows: number, scale: number): number
  logistic(output: number, targetsAt: number, orderAt: number, rows: number, scale: number): number
  adam(
    ...numbers: [...Runs, length: number, beta1: number, beta2: number, step: number, unbias: number, epsilon: number]
  ): void
}

/** Addresses of weights, their gradients, and Adam's first and second moments. */
type Runs = [weights: number, gradients: number, first: number, second: number]

/** A matrix of one chunk's rows, padded to whole panels. */
export type Matrix = { readonly at: number; readonly columns: number }

/** A dense layer and its matrices in the kernels' memory. */
export interface Layer extends DenseLayer {
  /** Address of the kernels' description of it. */
  readonly at: number
  readonly sums: Matrix
  readonly sumGradients: Matrix
}

/** The memory of a network, as `layOut` returns it. */
export type Memory = ReturnType<typeof layOut>

const activations: Record<Activation, number> = { linear: 0, relu: 1, tanh: 2 }
const padded = (columns: number): number => Math.ceil(columns / PANEL) * PANEL

let compiled: WebAssembly.Module | undefined

function instantiate(): Kernels {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(kernelsBase64), (c) => c.charCodeAt(0)))
  return new WebAssembly.Instance(compiled).exports as unknown as Kernels
}

/** Creates an instance of the kernels whose memory is laid out for the layers of a network. */
export function layOut(declared: readonly DenseLayer[]) {
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
  // take a view each time: growth of the memory detaches it
  const floats = (at: number, length: number): Float32Array => new Float32Array(kernels.memory.buffer, at, length)
  const indexes = (at: number, length: number): Uint32Array => new Uint32Array(kernels.memory.buffer, at, length)

  // all layers in one run, so that Adam takes one call and so does clearing the gradients
  const sizes = declared.map(({ inputs, units }) => (inputs + 1) * padded(units))
  /** Numbers in a run. */
  const length = sizes.reduce((sum, size) => sum + size, 0)
  const runs = [0, 1, 2, 3].map(() => allocate(length * 4)) as Runs
  const starts = sizes.map((_, i) => 4 * sizes.slice(0, i).reduce((sum, size) => sum + size, 0))

  const layers = declared.map((layer, i): Layer => {
    const { inputs, units, activation } = layer
    const [sums, sumGradients] = [matrix(units), matrix(units)]
    // `listActive` writes whole vectors, also past the end of the last row's list
    const entriesAt = allocate((CHUNK * (inputs + 2) + 4) * 8)
    const countsAt = allocate(CHUNK * 4)
    const derivativesAt = allocate((CHUNK * (inputs + 2) + 4) * 4)
    floats(derivativesAt, CHUNK * (inputs + 2)).fill(1)
    const sizes = [inputs, units, padded(units) / PANEL, activations[activation]]
    const addresses = [runs[0] + starts[i], runs[1] + starts[i], sums.at, sumGradients.at]
    const fields = [...sizes, ...addresses, entriesAt, countsAt, derivativesAt] // as in the kernels' class Layer
    const at = allocate(fields.length * 4)
    indexes(at, fields.length).set(fields)
    return { ...layer, at, sums, sumGradients }
  })
  const { inputs } = declared[0]
  /** One chunk of inputs, unpadded. */
  const sourceAt = allocate(CHUNK * inputs * 4)
  /** Gradients with respect to those inputs. */
  const inputGradients = matrix(inputs)
  /** Indexes of one chunk's rows. */
  const orderAt = allocate(CHUNK * 4)
  /** State of the generator of dropout masks. */
  const randomAt = allocate(64)
  const end = top

  /** Copies arrays behind everything else, in place of those put there before. Returns their addresses. */
  function put(...arrays: readonly Float32Array[]): number[] {
    top = end
    const addresses = arrays.map(({ byteLength }) => allocate(byteLength))
    for (const [i, array] of arrays.entries()) floats(addresses[i], array.length).set(array)
    return addresses
  }

  /**
   * Visits each row of each panel of a run: the weights of input k to units from j on, or their biases, which follow the last input's.
   * Calls `visitor` with the row, and with its place among the network's weights: the index of its array, and where in that it begins.
   */
  function visit(run: number, visitor: (row: Float32Array, array: number, from: number) => void): void {
    for (const [layer, { inputs, units }] of declared.entries()) {
      let at = run + starts[layer]
      for (let j = 0; j < units; j += PANEL)
        for (let k = 0; k <= inputs; k++, at += PANEL * 4) {
          const [array, from] = k < inputs ? [2 * layer, k * units + j] : [2 * layer + 1, j]
          visitor(floats(at, Math.min(PANEL, units - j)), array, from)
        }
    }
  }

  return { kernels, layers, sourceAt, inputGradients, orderAt, randomAt, runs, length, floats, indexes, put, visit }
}

/** Copies a chunk of `rows` rows from a padded matrix into a dense one, from row `from` on. */
export function copyOut({ floats }: Memory, matrix: Matrix, dense: Float32Array, from: number, rows: number): void {
  const { at, columns } = matrix
  const width = padded(columns)
  const source = floats(at, rows * width)
  for (let r = 0; r < rows; r++)
    for (let j = 0; j < columns; j++) dense[(from + r) * columns + j] = source[r * width + j]
}

/** Copies a chunk of `rows` rows of a dense matrix, from row `from` on, into a padded one. The padding is zero. */
export function copyIn({ floats }: Memory, dense: Float32Array, from: number, matrix: Matrix, rows: number): void {
  const { at, columns } = matrix
  const width = padded(columns)
  const target = floats(at, rows * width).fill(0)
  for (let r = 0; r < rows; r++)
    for (let j = 0; j < columns; j++) target[r * width + j] = dense[(from + r) * columns + j]
}
