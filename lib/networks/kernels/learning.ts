/** Losses and the optimizer, as kernels, with the layouts of `perceptron.ts`. */
import { Layer } from './perceptron'

/**
 * Returns the squared error, the sum of (y - t)² over all outputs, and sets gradients = 2 (y - t) * scale.
 *
 * @param targets [·, width]; row order[r] holds the targets of row r
 */
export function squaredError(output: Layer, targets: usize, order: usize, rows: i32, scale: f32): f64 {
  const outputs = output.sums, gradients = output.sumGradients, width = output.units, stride = output.panels * 64
  let sum: f64 = 0
  for (let r = 0; r < rows; r++) {
    const t = targets + load<i32>(order + (r << 2)) * width * 4
    for (let j = 0; j < width; j++) {
      const error = load<f32>(outputs + r * stride + j * 4) - load<f32>(t + j * 4)
      sum += f64(error) * f64(error)
      store<f32>(gradients + r * stride + j * 4, 2 * error * scale)
    }
  }
  return sum
}

/**
 * Returns the logistic loss of logits z with labels t in [0, 1], the sum of log(1 + e^z) - t z, and sets gradients =
 * (sigmoid(z) - t) * scale.
 */
export function logistic(output: Layer, targets: usize, order: usize, rows: i32, scale: f32): f64 {
  const outputs = output.sums, gradients = output.sumGradients, width = output.units, stride = output.panels * 64
  let sum: f64 = 0
  for (let r = 0; r < rows; r++) {
    const t = targets + load<i32>(order + (r << 2)) * width * 4
    for (let j = 0; j < width; j++) {
      const z = load<f32>(outputs + r * stride + j * 4)
      const label = load<f32>(t + j * 4)
      const decay = NativeMathf.exp(-abs(z))
      const one: f32 = 1
      const sigmoid = (z >= 0 ? one : decay) / (one + decay)
      sum += f64(max(z, 0) - label * z + NativeMathf.log1p(decay))
      store<f32>(gradients + r * stride + j * 4, (sigmoid - label) * scale)
    }
  }
  return sum
}

/** Sets lanes of at most `smallest` in size to zero. */
@inline
function flush(x: v128, smallest: v128): v128 {
  return v128.andnot(x, f32x4.le(f32x4.abs(x), smallest)) // NaN stays NaN
}

/**
 * Takes one step of Adam (Kingma and Ba, 2015) over `length` parameters, a multiple of 4, as TensorFlow.js does:
 * p -= step * m / (sqrt(v * unbias) + epsilon), step = learning rate / (1 - beta1^t), unbias = 1 / (1 - beta2^t).
 *
 * Sets moments too small to move a parameter to zero: those of inactive units would decay into denormal numbers, which
 * processors handle a hundred times slower.
 */
export function adam(
  parameters: usize, gradients: usize, first: usize, second: usize, length: i32,
  beta1: f32, beta2: f32, step: f32, unbias: f32, epsilon: f32
): void {
  const b1 = f32x4.splat(beta1), c1 = f32x4.splat(1 - beta1), b2 = f32x4.splat(beta2), c2 = f32x4.splat(1 - beta2)
  const rate = f32x4.splat(step), correction = f32x4.splat(unbias), floor = f32x4.splat(epsilon)
  for (let i: usize = 0; i < usize(length) * 4; i += 16) {
    const g = flush(v128.load(gradients + i), f32x4.splat(1e-15))
    const m = flush(f32x4.add(f32x4.mul(b1, v128.load(first + i)), f32x4.mul(c1, g)), f32x4.splat(1e-30))
    const v = flush(f32x4.add(f32x4.mul(b2, v128.load(second + i)), f32x4.mul(c2, f32x4.mul(g, g))), f32x4.splat(1e-30))
    v128.store(first + i, m)
    v128.store(second + i, v)
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(v, correction)), floor)
    v128.store(parameters + i, f32x4.sub(v128.load(parameters + i), f32x4.div(f32x4.mul(rate, m), root)))
  }
}
