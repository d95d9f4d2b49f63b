/** Matrices are flat and row-major, [rows, columns]. */

/** Returns the columns of a matrix of so many rows, which without a row has none. */
function columnsOf({ length }: Float32Array, rows: number): number {
  if (length % rows === 0 || (length === 0 && rows === 0)) return length / rows
  throw new RangeError(`a matrix of ${length} numbers cannot have ${rows} rows`)
}

/** Computes the Euclidean norms of the rows of a matrix, [rows, columns]: [rows]. */
export function norms(matrix: Float32Array, rows: number): Float32Array {
  const columns = columnsOf(matrix, rows)
  return Float32Array.from({ length: rows }, (_, row) => {
    let squaredNorm = 0
    for (let i = row * columns; i < (row + 1) * columns; i++) squaredNorm += matrix[i] * matrix[i]
    return Math.sqrt(squaredNorm)
  })
}

/** Computes the Euclidean distances between corresponding rows of two matrices, [rows, columns] each: [rows]. */
export function distances(a: Float32Array, b: Float32Array, rows: number): Float32Array {
  const differences = a.map((value, i) => value - b[i])
  return norms(differences, rows)
}

/** Copies the given rows of a matrix into a new one. */
export function gather(matrix: Float32Array, rows: ArrayLike<number>, columns: number): Float32Array {
  const gathered = new Float32Array(rows.length * columns)
  for (let i = 0; i < rows.length; i++)
    gathered.set(matrix.subarray(rows[i] * columns, (rows[i] + 1) * columns), i * columns)
  return gathered
}

/** Joins states, [rows, m], and actions, [rows, n], into rows [s; a], [rows, m + n]: the inputs of a critic. */
export function joinColumns(states: Float32Array, actions: Float32Array, rows: number): Float32Array {
  const [m, n] = [columnsOf(states, rows), columnsOf(actions, rows)]
  const joined = new Float32Array(states.length + actions.length)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < m; i++) joined[row * (m + n) + i] = states[row * m + i]
    for (let i = 0; i < n; i++) joined[row * (m + n) + m + i] = actions[row * n + i]
  }
  return joined
}

/** Appends the rows of matrices to one another. */
export function concatenate(matrices: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(matrices.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const matrix of matrices) {
    joined.set(matrix, at)
    at += matrix.length
  }
  return joined
}

/** Tests whether all rows of a matrix are the same, but for rounding. */
export const isConstant = (matrix: Float32Array, columns: number): boolean =>
  matrix.every((value, i) => Math.abs(value - matrix[i % columns]) <= 1e-6 * (1 + Math.abs(value)))
