/**
 * One step of trust region policy optimization (Schulman et al. 2015): the policy moves where the surrogate gains most for
 * its divergence, and no further than it may.
 *
 * A policy is Gaussian: a network gives the mean action, and each entry has a standard deviation of its own. The vectors here
 * hold the network's weights one behind the other, then the logarithms of the deviations. Only differences of the
 * logarithms are ever needed, so none is taken.
 */
import type { Network } from 'radgrad'
import { exponential } from 'radgrad/dist/internal.js'
import { joined } from './joined.ts'

export interface Batch {
  readonly rows: number
  /** Inputs of the network, [rows, inputs]. */
  readonly inputs: Float32Array
  /** Actions taken, [rows, outputs]. */
  readonly actions: Float32Array
  /** Standardised advantages, one a row. */
  readonly gains: ArrayLike<number>
}

/** A comparison of a policy with the one that acted. */
export interface Comparison {
  /** Mean gain, weighted by how much likelier each action has become. */
  readonly surrogate: number
  /** Mean Kullback-Leibler divergence. */
  readonly divergence: number
}

/** Largest mean divergence of an update; the line search tolerates half as much again. */
const trust = 0.01
const damping = 0.1
const conjugateSteps = 12
const halvings = 12
/** The Fisher matrix is taken over every fifth state. */
const stride = 5
/** Length of the step in weights over which the Jacobian times a vector is taken as a difference. */
const difference = 0.02

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0)
const plus = (a: Float64Array, b: Float64Array, scale: number): Float64Array =>
  a.map((value, i) => value + scale * b[i])

const weightsOf = (network: Network): Float64Array =>
  joined(
    Float64Array,
    network.weights().map(({ values }) => values)
  )

function setWeights(network: Network, flat: Float64Array): void {
  let at = 0
  network.setWeights(
    network.weights().map(({ values: { length } }) => {
      at += length
      return Float32Array.from(flat.subarray(at - length, at))
    })
  )
}

/** The surrogate's gradient with respect to weights and log-deviations, at the policy that acted. */
export function surrogateGradient(network: Network, deviations: readonly number[], batch: Batch): Float64Array {
  const { rows, inputs, actions, gains } = batch
  const n = deviations.length
  const means = network.predict(inputs, rows)
  const byMeans = new Float32Array(rows * n)
  const byDeviations = new Float64Array(n)
  for (let i = 0; i < rows * n; i++) {
    const deviation = deviations[i % n]
    const away = (actions[i] - means[i]) / deviation
    const gain = gains[Math.floor(i / n)] / rows
    byMeans[i] = (gain * away) / deviation
    byDeviations[i % n] += gain * (away * away - 1)
  }
  return joined(Float64Array, [...network.weightGradients(inputs, byMeans, rows), byDeviations])
}

/**
 * The Fisher matrix times a vector, J' diag(1 / variance) J v for the weights and 2 v for the log-deviations. The product
 * J v is taken as a difference.
 */
export function fisherProduct(
  network: Network,
  deviations: readonly number[],
  inputs: Float32Array,
  rows: number
): (vector: Float64Array) => Float64Array {
  const n = deviations.length
  const before = weightsOf(network)
  const means = network.predict(inputs, rows)
  return (vector) => {
    const weights = vector.subarray(0, before.length)
    const length = Math.sqrt(dot(weights, weights))
    const step = length > 0 ? difference / length : 0
    setWeights(network, plus(before, weights, step))
    const moved = network.predict(inputs, rows)
    setWeights(network, before)
    const slopes = moved.map((value, i) => {
      const slope = step > 0 ? (value - means[i]) / step : 0
      return slope / (deviations[i % n] * deviations[i % n]) / rows
    })
    const byDeviations = vector.subarray(before.length).map((value) => 2 * value)
    return joined(Float64Array, [...network.weightGradients(inputs, slopes, rows), byDeviations])
  }
}

/** Solves product(x) = target, roughly, by conjugate gradients. */
export function conjugateGradients(
  product: (vector: Float64Array) => Float64Array,
  target: Float64Array,
  steps = conjugateSteps
): Float64Array {
  let solution: Float64Array = new Float64Array(target.length)
  let residual: Float64Array = target.slice()
  let search: Float64Array = target.slice()
  let square = dot(residual, residual)
  for (let i = 0; i < steps && square > 1e-10; i++) {
    const image = product(search)
    const length = square / dot(search, image)
    solution = plus(solution, search, length)
    residual = plus(residual, image, -length)
    const next = dot(residual, residual)
    search = plus(residual, search, next / square)
    square = next
  }
  return solution
}

/**
 * Compares a policy with the one that acted.
 *
 * @param means the mean actions of the one that acted, [rows, outputs]
 * @param now those of the other
 * @param logRatios logarithm of the other's deviation over the first one's, for each entry of an action
 */
export function compare(
  deviations: readonly number[],
  means: Float32Array,
  logRatios: ArrayLike<number>,
  now: Float32Array,
  { rows, actions, gains }: Batch
): Comparison {
  const n = deviations.length
  const ratios = deviations.map((_, i) => exponential(logRatios[i]))
  let surrogate = 0
  let divergence = 0
  for (let row = 0; row < rows; row++) {
    let logLikelier = 0
    for (let j = 0; j < n; j++) {
      const i = row * n + j
      const before = (actions[i] - means[i]) / deviations[j]
      const after = (actions[i] - now[i]) / (deviations[j] * ratios[j])
      const shift = (means[i] - now[i]) / deviations[j]
      logLikelier += (before * before - after * after) / 2 - logRatios[j]
      divergence += logRatios[j] + (1 + shift * shift) / (2 * ratios[j] * ratios[j]) - 0.5
    }
    surrogate += exponential(logLikelier) * gains[row]
  }
  return { surrogate: surrogate / rows, divergence: divergence / rows }
}

function everyFifth({ inputs, rows }: Batch, m: number): { inputs: Float32Array; rows: number } {
  const count = Math.max(1, Math.floor(rows / stride))
  const some = new Float32Array(count * m)
  for (let i = 0; i < count; i++) some.set(inputs.subarray(i * stride * m, (i * stride + 1) * m), i * m)
  return { inputs: some, rows: count }
}

/**
 * Updates the network in place, and gives the new deviations. Where no step along the direction helps, all stay as they
 * were.
 *
 * @param floor no deviation becomes smaller
 */
export function improve(
  network: Network,
  deviations: readonly number[],
  batch: Batch,
  floor: number
): Comparison & { deviations: number[] } {
  const before = weightsOf(network)
  const means = network.predict(batch.inputs, batch.rows)
  const gradient = surrogateGradient(network, deviations, batch)
  const some = everyFifth(batch, network.inputs)
  const exact = fisherProduct(network, deviations, some.inputs, some.rows)
  const fisher = (vector: Float64Array): Float64Array => plus(exact(vector), vector, damping)
  const direction = conjugateGradients(fisher, gradient)
  const curvature = dot(direction, fisher(direction))
  let scale = curvature > 0 ? Math.sqrt((2 * trust) / curvature) : 0
  for (let tries = 0; scale > 0 && tries < halvings; tries++, scale /= 2) {
    const logRatios = direction.subarray(before.length).map((value) => scale * value)
    setWeights(network, plus(before, direction.subarray(0, before.length), scale))
    const now = network.predict(batch.inputs, batch.rows)
    const result = compare(deviations, means, logRatios, now, batch)
    if (result.surrogate > 0 && result.divergence < 1.5 * trust)
      return { ...result, deviations: deviations.map((d, i) => Math.max(floor, d * exponential(logRatios[i]))) }
  }
  setWeights(network, before)
  return { surrogate: 0, divergence: 0, deviations: [...deviations] }
}
