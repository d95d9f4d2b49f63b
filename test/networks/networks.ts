/** Networks and matrices for tests. */
import { perceptron } from '../../lib/networks'
import { generator, uniform } from '../../lib/util/random'

/** The paper's networks on Reacher, section 3.1. */
export const policy = perceptron(11, [128, 128, 32, 8], 2, { dropout: 0.2 })
export const lossNetwork = perceptron(13, [128, 128, 64, 64, 32, 32, 16, 16, 8], 2, { dropout: 0.2 })

export function uniformMatrix(name: string, rows: number, columns: number, size = 1): Float32Array {
  const rng = generator(1, name)
  return Float32Array.from({ length: rows * columns }, () => uniform(rng, -size, size))
}

/** Returns the largest difference as a fraction of the largest expected number. */
export function deviation(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let difference = 0
  let size = 0
  for (let i = 0; i < actual.length; i++) {
    difference = Math.max(difference, Math.abs(actual[i] - expected[i]))
    size = Math.max(size, Math.abs(expected[i]))
  }
  return difference === 0 ? 0 : difference / size
}
