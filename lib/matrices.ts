/** Matrices are flat and row-major, [rows, columns]. */

/** Euclidean norms of the rows of a matrix. */
export function norms(matrix: Float32Array, rows: number): Float32Array {
  const columns = matrix.length / rows
  return Float32Array.from({ length: rows }, (_, row) => {
    let square = 0
    for (let i = row * columns; i < (row + 1) * columns; i++) square += matrix[i] * matrix[i]
    return Math.sqrt(square)
  })
}

/** Euclidean distances between the rows of two matrices. */
export const distances = (a: Float32Array, b: Float32Array, rows: number): Float32Array =>
  norms(
    a.map((value, i) => value - b[i]),
    rows
  )

/** Some rows of a matrix. */
export function gather(matrix: Float32Array, rows: ArrayLike<number>, columns: number): Float32Array {
  const gathered = new Float32Array(rows.length * columns)
  for (let i = 0; i < rows.length; i++)
    gathered.set(matrix.subarray(rows[i] * columns, (rows[i] + 1) * columns), i * columns)
  return gathered
}

/** States and actions side by side, [s; a], [rows, both]: what a critic sees. */
export function joinColumns(states: Float32Array, actions: Float32Array, rows: number): Float32Array {
  const [m, n] = [states.length / rows, actions.length / rows]
  const joined = new Float32Array(states.length + actions.length)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < m; i++) joined[row * (m + n) + i] = states[row * m + i]
    for (let i = 0; i < n; i++) joined[row * (m + n) + m + i] = actions[row * n + i]
  }
  return joined
}

/** One matrix below another. */
export function concatenated(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/** Whether all rows of a matrix are the same. */
export const isConstant = (matrix: Float32Array, columns: number): boolean =>
  matrix.every((value, i) => Math.abs(value - matrix[i % columns]) <= 1e-6 * (1 + Math.abs(value)))
