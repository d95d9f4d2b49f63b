/**
 * The arithmetic of a multilayer perceptron, as f32x4 kernels over one flat memory (AssemblyScript).
 *
 * After a ReLU and dropout most of a layer's outputs are zero. So they are kept as a list of the units that are active,
 * and every product, forward and for both gradients, runs over that list alone. A dense layer is the case in which the
 * list is full.
 *
 * Layouts, f32 unless said otherwise:
 *   weights   [panels][inputs + 1][16]: a panel of 16 columns is one run of memory; row `inputs` is the bias; columns
 *             past the last stay zero
 *   matrix    [rows][panels * 16], row-major: a layer's sums or outputs before they are listed, and gradients by them
 *   list      [rows][inputs + 2] entries of 8 bytes: i32 offset of the unit's row within a panel of weights, f32 value;
 *             behind the active units stand the bias, with value 1, and the bias again with 0, to make up pairs
 *   counts    [rows] i32: active units in each row's list, the bias not counted
 *   slopes    [rows][inputs + 2]: for each entry the derivative of the value by the sum that went into the unit
 * Rows come in chunks small enough for the first-level cache; the caller cuts them.
 *
 * Four accumulators, not eight: V8 moves all loads of a loop's turn to its start, and more would not fit its registers.
 * Only plain SIMD: relaxed SIMD may give other bits on another machine.
 */

/** A dense layer, with the activation behind it: where its parts are and how large. The caller writes it. */
@unmanaged
export class Layer {
  inputs: i32
  units: i32
  panels: i32
  activation: i32
  weights: usize
  gradients: usize
  /** Matrix of its sums, then of its outputs; and of gradients by its sums. */
  sums: usize
  sumGradients: usize
  /** Its inputs, listed. */
  entries: usize
  counts: usize
  slopes: usize
}

/** Bytes of one row of a panel. */
const ROW: i32 = 64

export const LINEAR: i32 = 0
export const RELU: i32 = 1
export const TANH: i32 = 2

/** Ends a row's list. */
@inline
function close(entry: usize, inputs: i32): void {
  store<i32>(entry, inputs * ROW)
  store<f32>(entry, 1, 4)
  store<i32>(entry, inputs * ROW, 8)
  store<f32>(entry, 0, 12)
}

/** Lists a layer's inputs, every one active: rows `order[0 … rows)` of a matrix, or the first ones when order is 0. */
export function list(layer: Layer, source: usize, order: usize, rows: i32): void {
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
    close(entries, inputs)
    entries += 16
    store<i32>(counts + (r << 2), inputs)
  }
}

/** sums = list x weights, bias included. */
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

/** e^x - 1 by x = n ln 2 + r and a Taylor series in r, |r| <= ln 2 / 2: about two units in the last place. */
@inline
function expm1(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)))
  // ln 2 in two parts, the first exact when multiplied by a small whole number
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

/** tanh x = e / (e + 2), e = e^2x - 1; past +-9 it is +-1 in single precision. */
@inline
function tanh(x: v128): v128 {
  const bounded = f32x4.max(f32x4.min(x, f32x4.splat(9)), f32x4.splat(-9))
  const e = expm1(f32x4.add(bounded, bounded))
  return f32x4.div(e, f32x4.add(e, f32x4.splat(2)))
}

/** Turns sums into outputs, in place. */
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

/** Turns gradients by the outputs into gradients by the sums, in place. */
export function deactivate(layer: Layer, rows: i32): void {
  const activation = layer.activation, gradients = layer.sumGradients, outputs = layer.sums
  if (activation == LINEAR) return
  const one = f32x4.splat(1), zero = f32x4.splat(0)
  for (let i: usize = 0; i < usize(rows * layer.panels * ROW); i += 16) {
    const y = v128.load(outputs + i), g = v128.load(gradients + i)
    const slope = activation == RELU ? v128.and(one, f32x4.gt(y, zero)) : f32x4.sub(one, f32x4.mul(y, y))
    v128.store(gradients + i, f32x4.mul(g, slope))
  }
}

/** Marsaglia's xorshift128, four independent streams side by side; state: four vectors. Returns 4 x 32 random bits. */
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

/** For each set of lanes, as bits, the bytes of a vector in the order that has those lanes first. */
const FIRST = memory.data<u8>([
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
 * Lists a layer's active units as the inputs of the next: those that dropout keeps and, after a ReLU (which need not have
 * been applied), that are above zero. Kept values are multiplied by `scale`, 1 / (1 - rate) (inverted dropout).
 *
 * @param drop a unit falls out when its 32 random bits are below this number; 0 is no dropout
 */
export function compact(layer: Layer, next: Layer, rows: i32, drop: u32, scale: f32, state: usize): void {
  const outputs = layer.sums, units = layer.units, panels = layer.panels, activation = layer.activation
  const entries = next.entries, counts = next.counts, slopes = next.slopes
  const zero = f32x4.splat(0), one = f32x4.splat(1), scales = f32x4.splat(scale), limit = i32x4.splat(drop)
  const lanes = i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(ROW))
  for (let r = 0; r < rows; r++) {
    let from = outputs + r * panels * ROW
    let entry = entries + r * (units + 2) * 8
    let slope = slopes + r * (units + 2) * 4
    const first = entry
    for (let k = 0; k < units; k += 4) {
      const y = v128.load(from)
      // not `y > 0`: a NaN has to be passed on
      let active = activation == RELU ? v128.not(f32x4.le(y, zero)) : i32x4.splat(-1)
      if (drop) active = v128.and(active, i32x4.ge_u(random(state), limit))
      let bits = i32x4.bitmask(active)
      if (units - k < 4) bits &= (1 << (units - k)) - 1
      // all four are written, the active ones first, and kept by moving on: no branch to mispredict
      const order = v128.load(FIRST + (bits << 4))
      const offset = i8x16.swizzle(i32x4.add(lanes, i32x4.splat(k * ROW)), order)
      const value = i8x16.swizzle(f32x4.mul(y, scales), order)
      v128.store(entry, v128.shuffle<i32>(offset, value, 0, 4, 1, 5))
      v128.store(entry, v128.shuffle<i32>(offset, value, 2, 6, 3, 7), 16)
      const d = activation == TANH ? f32x4.mul(f32x4.sub(one, f32x4.mul(y, y)), scales) : scales
      v128.store(slope, i8x16.swizzle(d, order))
      const kept = popcnt(bits)
      entry += kept << 3
      slope += kept << 2
      from += 16
    }
    close(entry, units)
    store<i32>(counts + (r << 2), i32((entry - first) >> 3))
  }
}

/** gradients += listᵀ x sumGradients, the bias's included. */
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

/** The sum of each of four vectors, one a lane. */
@inline
function totals(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 2, 6), v128.shuffle<f32>(a, b, 1, 5, 3, 7))
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 2, 6), v128.shuffle<f32>(c, d, 1, 5, 3, 7))
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7))
}

/**
 * gradients = (sumGradients x weightsᵀ) * slopes, for the units in the list; zero for the others. Four units at a
 * time; when their number is no multiple of four, the last four overlap the ones before.
 *
 * @param gradients [rows][inputs, padded to panels]: by the sums of the layer below, or by the network's inputs
 */
export function inputGradients(layer: Layer, rows: i32, gradients: usize): void {
  const inputs = layer.inputs, panels = layer.panels, weights = layer.weights, sumGradients = layer.sumGradients
  const entries = layer.entries, counts = layer.counts, slopes = layer.slopes
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
      const g = f32x4.mul(totals(a0, a1, a2, a3), v128.load(slopes + (r * (inputs + 2) + start) * 4))
      store<f32>(to + (o0 >> 4), f32x4.extract_lane(g, 0))
      if (count > 1) store<f32>(to + (o1 >> 4), f32x4.extract_lane(g, 1))
      if (count > 2) store<f32>(to + (o2 >> 4), f32x4.extract_lane(g, 2))
      if (count > 3) store<f32>(to + (o3 >> 4), f32x4.extract_lane(g, 3))
    }
  }
}
