import { describe, expect, test } from 'vitest'
import { nearest, scaled, scales } from '../lib/nearest'
import { generator, uniform } from '../lib/random'

const points = (count: number, columns: number, name: string) => {
  const rng = generator(1, name)
  return Float32Array.from({ length: count * columns }, () => uniform(rng, -1, 1))
}

describe('the nearest of some points', () => {
  test.each([1, 2, 5, 11])('are those that sorting all by their distance gives, in %d dimensions', (columns) => {
    const count = 60
    const some = points(count, columns, 'points')
    for (let query = 0; query < 20; query++) {
      const point = points(1, columns, `query ${query}`)
      const sorted = Array.from({ length: count }, (_, row) => {
        const ways = Array.from(point, (value, i) => some[row * columns + i] - value)
        return { row, square: ways.reduce((sum, way) => sum + way * way, 0) }
      }).sort((a, b) => a.square - b.square)
      for (const k of [1, 3, 59, 60, 100]) expect(nearest(some, point, k)).toEqual(sorted.slice(0, k))
    }
  })

  test('are none where there is no point', () => {
    expect(nearest(new Float32Array(), Float32Array.of(1, 2), 3)).toEqual([])
  })
})

describe('scales', () => {
  test('are one over the standard deviation of each column, and 0 for one that does not change', () => {
    // of 1, 2, 3 it is 1, of 0, 5, 10 it is 5
    const matrix = Float32Array.of(1, 0.1, 0, 2, 0.1, 5, 3, 0.1, 10)
    expect([...scales(matrix, 3)]).toEqual([1, 0, 1 / 5])
    expect([...scaled(matrix, scales(matrix, 3))]).toEqual([1, 0, 0, 2, 0, 1, 3, 0, 2])
  })

  test('of a column that does not change are 0 whatever its value and however long it is', () => {
    for (const value of [0.1, 1 / 3, -1e-7, 12345.678])
      for (const rows of [1, 3, 7, 1001]) expect([...scales(new Float32Array(rows).fill(value), rows)]).toEqual([0])
  })
})
