import { expect, test } from 'vitest'
import {
  inverseStandardDeviations,
  nearestNeighbours,
  scaleColumns
} from '../../lib/strategies/related/nearest-neighbours'
import { generator, uniform } from '../../lib/util/random'

const points = (count: number, columns: number, name: string) => {
  const rng = generator(1, name)
  return Float32Array.from({ length: count * columns }, () => uniform(rng, -1, 1))
}

test.each([1, 2, 5, 11])('`nearestNeighbours` finds what sorting by distance finds, in %d dimensions', (columns) => {
  const count = 60
  const some = points(count, columns, 'points')
  for (let query = 0; query < 20; query++) {
    const point = points(1, columns, `query ${query}`)
    const sorted = Array.from({ length: count }, (_, row) => {
      const ways = Array.from(point, (value, i) => some[row * columns + i] - value)
      return { row, squaredDistance: ways.reduce((sum, way) => sum + way * way, 0) }
    }).sort((a, b) => a.squaredDistance - b.squaredDistance)
    for (const k of [1, 3, 59, 60, 100]) expect(nearestNeighbours(some, point, k)).toEqual(sorted.slice(0, k))
  }
})

test('`nearestNeighbours` finds none where there is no point', () => {
  expect(nearestNeighbours(new Float32Array(), Float32Array.of(1, 2), 3)).toEqual([])
})

test('`scaleColumns` by `inverseStandardDeviations` gives every column a standard deviation of one', () => {
  // of 1, 2, 3 it is 1, of 0, 5, 10 it is 5
  const matrix = Float32Array.of(1, 0, 2, 5, 3, 10)
  const scales = inverseStandardDeviations(matrix, 3)
  expect([...scales]).toEqual([1, 1 / 5])
  expect([...scaleColumns(matrix, scales)]).toEqual([1, 0, 2, 1, 3, 2])
})

test('`inverseStandardDeviations` gives 0 for a constant column, whatever its value and length', () => {
  for (const value of [0.1, 1 / 3, -1e-7, 12345.678])
    for (const rows of [1, 3, 7, 1001])
      expect([...inverseStandardDeviations(new Float32Array(rows).fill(value), rows)]).toEqual([0])
})
