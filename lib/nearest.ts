/** Distances between states, each entry measured in its own standard deviation. */
import { standardDeviation } from './statistics'

/** Of each column of a matrix one over its standard deviation; 0 where that is 0. */
export function scales(matrix: Float32Array, rows: number): Float64Array {
  const columns = matrix.length / rows
  return Float64Array.from({ length: columns }, (_, column) => {
    const deviation = standardDeviation(Float64Array.from({ length: rows }, (_, row) => matrix[row * columns + column]))
    return deviation > 0 ? 1 / deviation : 0
  })
}

/** A matrix with its columns scaled. */
export const scaled = (matrix: Float32Array, by: Float64Array): Float32Array =>
  matrix.map((value, i) => value * by[i % by.length])

/** The k points of some nearest to one, nearest first; where there are fewer, all. */
export function nearest(
  points: Float32Array,
  point: Float32Array,
  k: number
): readonly { readonly row: number; readonly square: number }[] {
  const columns = point.length
  const found: { row: number; square: number }[] = []
  let limit = Number.POSITIVE_INFINITY
  for (let row = 0, at = 0; at < points.length; row++, at += columns) {
    let square = 0
    for (let i = 0; i < columns && square < limit; i++) {
      const way = points[at + i] - point[i]
      square += way * way
    }
    if (square >= limit) continue
    if (found.length === k) found.pop()
    let place = found.length
    while (place > 0 && found[place - 1].square > square) place--
    found.splice(place, 0, { row, square })
    if (found.length === k) limit = found[k - 1].square
  }
  return found
}
