/** Nearest neighbours among states whose entries are scaled by their standard deviations. */
import { standardDeviation } from '../../util/statistics'

/** Returns 1 / standard deviation of each column of a matrix, and 0 for a constant column. */
export function inverseStandardDeviations(matrix: Float32Array, rows: number): Float64Array {
  const columns = matrix.length / rows
  return Float64Array.from({ length: columns }, (_, column) => {
    const deviation = standardDeviation(Float64Array.from({ length: rows }, (_, row) => matrix[row * columns + column]))
    return deviation > 0 ? 1 / deviation : 0
  })
}

/** Multiplies each column of a matrix by its scale. */
export const scaleColumns = (matrix: Float32Array, scales: Float64Array): Float32Array =>
  matrix.map((value, i) => value * scales[i % scales.length])

/** Finds the rows of the k points nearest to one point, nearest first, or all points if they are fewer. */
export function nearestNeighbours(points: Float32Array, point: Float32Array, k: number) {
  const columns = point.length
  const found: { readonly row: number; readonly squaredDistance: number }[] = []
  let limit = Number.POSITIVE_INFINITY
  for (let row = 0, offset = 0; offset < points.length; row++, offset += columns) {
    let squaredDistance = 0
    for (let i = 0; i < columns && squaredDistance < limit; i++) {
      const difference = points[offset + i] - point[i]
      squaredDistance += difference * difference
    }
    if (squaredDistance >= limit) continue
    if (found.length === k) found.pop()
    let rank = found.length
    while (rank > 0 && found[rank - 1].squaredDistance > squaredDistance) rank--
    found.splice(rank, 0, { row, squaredDistance })
    if (found.length === k) limit = found[k - 1].squaredDistance
  }
  return found
}
