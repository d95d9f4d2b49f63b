/**
 * The arithmetic of a multilayer perceptron, as f32x4 kernels over one flat memory (AssemblyScript).
 *
 * After a ReLU and dropout most of a layer's outputs are zero. A list holds the units that are active, and every product,
 * forward and backward, runs over that list alone. The list is full where every unit is active.
 *
 * Layouts, f32 unless said otherwise:
 *   weights      [panels][inputs + 1][16]: a panel of 16 columns is contiguous; row `inputs` is the bias; columns past the
 *                last stay zero
 *   matrix       [rows][panels * 16], row-major: a layer's sums, its outputs before they are listed, or the gradients with
 *                respect to either
 *   list         [rows][inputs + 2] entries of 8 bytes: i32 offset of the unit's row within a panel of weights, f32 value.
 *                Behind the active units come the bias with value 1 and the bias again with value 0, to complete a pair
 *   counts       [rows] i32: active units in each row's list, without the bias
 *   derivatives  [rows][inputs + 2]: of each entry's value with respect to the sum that went into its unit
 * The caller cuts the rows into chunks small enough for the first-level cache.
 *
 * Four accumulators, not eight: V8 moves all loads of a loop's body to its start, and more would not fit its registers.
 * Only plain SIMD: relaxed SIMD may give other bits on another machine.
 */

/** A dense layer and the activation behind it: addresses and sizes of its parts. The caller writes them. */
@unmanaged
export class Layer {
  inputs: i32
  units: i32
  panels: i32
  activation: i32
  weights: usize
  gradients: usize
  /** Matrix of its sums, overwritten by its outputs. */
  sums: usize
  /** Matrix of the gradients with respect to its outputs, overwritten by those with respect to its sums. */
  sumGradients: usize
  /** The list of its inputs. */
  entries: usize
  counts: usize
  derivatives: usize
}

/** Bytes in a row of a panel. */
const ROW: i32 = 64

export const LINEAR: i32 = 0
export const RELU: i32 = 1
export const TANH: i32 = 2

/** Appends the bias to a row's list. */
@inline
function endList(entry: usize, inputs: i32): void {
  store<i32>(entry, inputs * ROW)
  store<f32>(entry, 1, 4)
  store<i32>(entry, inputs * ROW, 8)
  store<f32>(entry, 0, 12)
}

/** Lists all inputs of a layer as active: rows `order[0 … rows)` of a matrix, or its first rows where `order` is 0. */
export function listInputs(layer: Layer, source: usize, order: usize, rows: i32): void {
  const inputs = layer.inputs, counts = layer.counts
  let entries = layer.entries
  for (let r = 0; r < rows; r++) {
    let from = source + ((order ? load<i32>(order + (r << 2)) : r) * inputs) * 4
    for (let k = 0; k < inputs; k++) {
      store<i32>(entries, k * ROW)
      store<f32>(entries, load<f32>(from), 4)
      entries += 8
      from += 4
    }
    endList(entries, inputs)
    entries += 16
    store<i32>(counts + (r << 2), inputs)
  }
}

/** Computes sums = list x weights, bias included. */
export function dense(layer: Layer, rows: i32): void {
  const inputs = layer.inputs, panels = layer.panels, entries = layer.entries, counts = layer.counts
  let weights = layer.weights, sums = layer.sums
  for (let p = 0; p < panels; p++) {
    for (let r = 0; r < rows; r++) {
      let entry = entries + r * (inputs + 2) * 8
      const bias = entry + load<i32>(counts + (r << 2)) * 8
      let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0
      for (; entry <= bias; entry += 16) {
        const w = weights + load<i32>(entry), v = weights + load<i32>(entry, 8)
        const x = v128.load32_splat(entry, 4), y = v128.load32_splat(entry, 12)
        a0 = f32x4.add(f32x4.add(a0, f32x4.mul(x, v128.load(w))), f32x4.mul(y, v128.load(v)))
        a1 = f32x4.add(f32x4.add(a1, f32x4.mul(x, v128.load(w, 16))), f32x4.mul(y, v128.load(v, 16)))
        a2 = f32x4.add(f32x4.add(a2, f32x4.mul(x, v128.load(w, 32))), f32x4.mul(y, v128.load(v, 32)))
        a3 = f32x4.add(f32x4.add(a3, f32x4.mul(x, v128.load(w, 48))), f32x4.mul(y, v128.load(v, 48)))
      }
      const to = sums + r * panels * ROW
      v128.store(to, a0)
      v128.store(to, a1, 16)
      v128.store(to, a2, 32)
      v128.store(to, a3, 48)
    }
    weights += (inputs + 1) * ROW
    sums += ROW
  }
}

/** Computes e^x - 1 with x = n ln 2 + r and a Taylor series in r, |r| <= ln 2 / 2, to about two units in the last place. */
@inline
function expm1(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)))
  // ln 2 in two parts: the product of the first with a small whole number is exact
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)))
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)))
  let s = f32x4.splat(1.0 / 5040.0)
  s = f32x4.add(f32x4.mul(s, r), f32x4.splat(1.0 / 720.0))
  s = f32x4.add(f32x4.mul(s, r), f32x4.splat(1.0 / 120.0))
  s = f32x4.add(f32x4.mul(s, r), f32x4.splat(1.0 / 24.0))
  s = f32x4.add(f32x4.mul(s, r), f32x4.splat(1.0 / 6.0))
  s = f32x4.add(f32x4.mul(s, r), f32x4.splat(0.5))
  s = f32x4.add(f32x4.mul(f32x4.mul(s, r), r), r)
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23)
  return f32x4.add(f32x4.mul(power, s), f32x4.sub(power, f32x4.splat(1)))
}

/** Computes tanh x = e / (e + 2) with e = e^2x - 1; beyond +-9 it is +-1 in single precision. */
@inline
function tanh(x: v128): v128 {
  const bounded = f32x4.max(f32x4.min(x, f32x4.splat(9)), f32x4.splat(-9))
  const e = expm1(f32x4.add(bounded, bounded))
  return f32x4.div(e, f32x4.add(e, f32x4.splat(2)))
}

/** Applies the activation: turns sums into outputs, in place. */
export function activate(layer: Layer, rows: i32): void {
  const activation = layer.activation
  if (activation == LINEAR) return
  let values = layer.sums
  const end = values + rows * layer.panels * ROW
  const zero = f32x4.splat(0)
  for (; values < end; values += 16) {
    const x = v128.load(values)
    v128.store(values, activation == RELU ? f32x4.max(x, zero) : tanh(x))
  }
}

/** Applies the activation's backward pass: turns gradients with respect to the outputs into those with respect to the sums, in place. */
export function activationBackward(layer: Layer, rows: i32): void {
  const activation = layer.activation, gradients = layer.sumGradients, outputs = layer.sums
  if (activation == LINEAR) return
  const one = f32x4.splat(1), zero = f32x4.splat(0)
  for (let i: usize = 0; i < usize(rows * layer.panels * ROW); i += 16) {
    const y = v128.load(outputs + i), g = v128.load(gradients + i)
    const derivative = activation == RELU ? v128.and(one, f32x4.gt(y, zero)) : f32x4.sub(one, f32x4.mul(y, y))
    v128.store(gradients + i, f32x4.mul(g, derivative))
  }
}

/** Returns 4 x 32 random bits from four independent streams of Marsaglia's xorshift128; the state is four vectors. */
@inline
function random(state: usize): v128 {
  let t = v128.load(state)
  const s = v128.load(state, 48)
  v128.store(state, v128.load(state, 16))
  v128.store(state, v128.load(state, 32), 16)
  v128.store(state, s, 32)
  t = v128.xor(t, i32x4.shl(t, 11))
  t = v128.xor(t, i32x4.shr_u(t, 8))
  t = v128.xor(v128.xor(t, s), i32x4.shr_u(s, 19))
  v128.store(state, t, 48)
  return t
}

/** For each set of lanes, as bits, the order of a vector's bytes that moves those lanes to the front. */
const ACTIVE_FIRST = memory.data<u8>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  4, 5, 6, 7, 0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15,
  0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15,
  4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 12, 13, 14, 15,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  0, 1, 2, 3, 12, 13, 14, 15, 4, 5, 6, 7, 8, 9, 10, 11,
  4, 5, 6, 7, 12, 13, 14, 15, 0, 1, 2, 3, 8, 9, 10, 11,
  0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 8, 9, 10, 11,
  8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7,
  0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 4, 5, 6, 7,
  4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
], 16)

/**
 * Lists a layer's active units as the inputs of the next layer. Active are units that dropout keeps and, for a ReLU (which
 * need not have been applied), those above zero. Multiplies their values by `scale`, 1 / (1 - rate) (inverted dropout).
 *
 * @param drop drops a unit when its 32 random bits are below this number; 0 is no dropout
 */
export function listActive(layer: Layer, next: Layer, rows: i32, drop: u32, scale: f32, state: usize): void {
  const outputs = layer.sums, units = layer.units, panels = layer.panels, activation = layer.activation
  const entries = next.entries, counts = next.counts, derivatives = next.derivatives
  const zero = f32x4.splat(0), one = f32x4.splat(1), scales = f32x4.splat(scale), limit = i32x4.splat(drop)
  const lanes = i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(ROW))
  for (let r = 0; r < rows; r++) {
    let from = outputs + r * panels * ROW
    let entry = entries + r * (units + 2) * 8
    let derivative = derivatives + r * (units + 2) * 4
    const first = entry
    for (let k = 0; k < units; k += 4) {
      const y = v128.load(from)
      // not `y > 0`, so that a NaN is passed on
      let active = activation == RELU ? v128.not(f32x4.le(y, zero)) : i32x4.splat(-1)
      if (drop) active = v128.and(active, i32x4.ge_u(random(state), limit))
      let bits = i32x4.bitmask(active)
      if (units - k < 4) bits &= (1 << (units - k)) - 1
      // writes all four, the active ones first, and moves on past those alone: no branch to mispredict
      const order = v128.load(ACTIVE_FIRST + (bits << 4))
      const offset = i8x16.swizzle(i32x4.add(lanes, i32x4.splat(k * ROW)), order)
      const value = i8x16.swizzle(f32x4.mul(y, scales), order)
      v128.store(entry, v128.shuffle<i32>(offset, value, 0, 4, 1, 5))
      v128.store(entry, v128.shuffle<i32>(offset, value, 2, 6, 3, 7), 16)
      const d = activation == TANH ? f32x4.mul(f32x4.sub(one, f32x4.mul(y, y)), scales) : scales
      v128.store(derivative, i8x16.swizzle(d, order))
      const kept = popcnt(bits)
      entry += kept << 3
      derivative += kept << 2
      from += 16
    }
    endList(entry, units)
    store<i32>(counts + (r << 2), i32((entry - first) >> 3))
  }
}

/** Computes gradients += listᵀ x sumGradients, bias included. */
export function weightGradients(layer: Layer, rows: i32): void {
  const inputs = layer.inputs, panels = layer.panels, entries = layer.entries, counts = layer.counts
  let sumGradients = layer.sumGradients, gradients = layer.gradients
  for (let p = 0; p < panels; p++) {
    for (let r = 0; r < rows; r++) {
      const from = sumGradients + r * panels * ROW
      const d0 = v128.load(from), d1 = v128.load(from, 16), d2 = v128.load(from, 32), d3 = v128.load(from, 48)
      let entry = entries + r * (inputs + 2) * 8
      const bias = entry + load<i32>(counts + (r << 2)) * 8
      for (; entry <= bias; entry += 8) {
        const g = gradients + load<i32>(entry)
        const x = v128.load32_splat(entry, 4)
        v128.store(g, f32x4.add(v128.load(g), f32x4.mul(x, d0)))
        v128.store(g, f32x4.add(v128.load(g, 16), f32x4.mul(x, d1)), 16)
        v128.store(g, f32x4.add(v128.load(g, 32), f32x4.mul(x, d2)), 32)
        v128.store(g, f32x4.add(v128.load(g, 48), f32x4.mul(x, d3)), 48)
      }
    }
    sumGradients += ROW
    gradients += (inputs + 1) * ROW
  }
}

/** Returns the sums over the lanes of four vectors, one in each lane. */
@inline
function laneSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 2, 6), v128.shuffle<f32>(a, b, 1, 5, 3, 7))
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 2, 6), v128.shuffle<f32>(c, d, 1, 5, 3, 7))
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7))
}

/**
 * Computes gradients = (sumGradients x weightsᵀ) * derivatives for the units in the list, and zero for the others. Takes
 * four units at a time; where their number is no multiple of four, the last four overlap the ones before.
 *
 * @param gradients [rows][inputs, padded to panels]: with respect to the sums of the layer below or the network's inputs
 */
export function inputGradients(layer: Layer, rows: i32, gradients: usize): void {
  const inputs = layer.inputs, panels = layer.panels, weights = layer.weights, sumGradients = layer.sumGradients
  const entries = layer.entries, counts = layer.counts, derivatives = layer.derivatives
  const stride = ((inputs + 15) >> 4) * ROW
  for (let r = 0; r < rows; r++) {
    const to = gradients + r * stride
    memory.fill(to, 0, stride)
    const count = load<i32>(counts + (r << 2))
    const from = sumGradients + r * panels * ROW
    for (let e = 0; e < count; e += 4) {
      const start = e + 4 <= count ? e : max(count - 4, 0)
      const entry = entries + (r * (inputs + 2) + start) * 8
      const o0 = load<i32>(entry), o1 = load<i32>(entry, 8), o2 = load<i32>(entry, 16), o3 = load<i32>(entry, 24)
      let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0
      let w = weights
      for (let d = from; d < from + panels * ROW; d += ROW) {
        const w0 = w + o0, w1 = w + o1, w2 = w + o2, w3 = w + o3
        let x = v128.load(d), y = v128.load(d, 16)
        a0 = f32x4.add(f32x4.add(a0, f32x4.mul(x, v128.load(w0))), f32x4.mul(y, v128.load(w0, 16)))
        a1 = f32x4.add(f32x4.add(a1, f32x4.mul(x, v128.load(w1))), f32x4.mul(y, v128.load(w1, 16)))
        a2 = f32x4.add(f32x4.add(a2, f32x4.mul(x, v128.load(w2))), f32x4.mul(y, v128.load(w2, 16)))
        a3 = f32x4.add(f32x4.add(a3, f32x4.mul(x, v128.load(w3))), f32x4.mul(y, v128.load(w3, 16)))
        x = v128.load(d, 32)
        y = v128.load(d, 48)
        a0 = f32x4.add(f32x4.add(a0, f32x4.mul(x, v128.load(w0, 32))), f32x4.mul(y, v128.load(w0, 48)))
        a1 = f32x4.add(f32x4.add(a1, f32x4.mul(x, v128.load(w1, 32))), f32x4.mul(y, v128.load(w1, 48)))
        a2 = f32x4.add(f32x4.add(a2, f32x4.mul(x, v128.load(w2, 32))), f32x4.mul(y, v128.load(w2, 48)))
        a3 = f32x4.add(f32x4.add(a3, f32x4.mul(x, v128.load(w3, 32))), f32x4.mul(y, v128.load(w3, 48)))
        w += (inputs + 1) * ROW
      }
      const g = f32x4.mul(laneSums(a0, a1, a2, a3), v128.load(derivatives + (r * (inputs + 2) + start) * 4))
      store<f32>(to + (o0 >> 4), f32x4.extract_lane(g, 0))
      if (count > 1) store<f32>(to + (o1 >> 4), f32x4.extract_lane(g, 1))
      if (count > 2) store<f32>(to + (o2 >> 4), f32x4.extract_lane(g, 2))
      if (count > 3) store<f32>(to + (o3 >> 4), f32x4.extract_lane(g, 3))
    }
  }
}
