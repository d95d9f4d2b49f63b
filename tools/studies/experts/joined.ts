/** Returns arrays one behind the other, in an array of a kind. */
export function joined<Numbers extends Float32Array | Float64Array>(
  Kind: new (length: number) => Numbers,
  arrays: readonly ArrayLike<number>[]
): Numbers {
  const result = new Kind(arrays.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const array of arrays) {
    result.set(array, at)
    at += array.length
  }
  return result
}
