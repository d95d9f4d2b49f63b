/** Functions that JavaScript engines may round differently, built from operations that they may not: the same bits everywhere. */

/** Computes e^x with x = n ln 2 + r and a series in r, to about one unit in the last place. */
export function exponential(x: number): number {
  if (!(x > -745)) return Number.isNaN(x) ? x : 0
  if (x > 709) return Number.POSITIVE_INFINITY
  const n = Math.round(x / Math.LN2)
  const r = x - n * 0.6931471803691238 - n * 1.9082149292705877e-10
  let sum = 1
  for (let k = 14; k > 0; k--) sum = 1 + (sum * r) / k
  let scaled = sum
  for (let k = Math.abs(n); k > 0; k--) scaled = n > 0 ? scaled * 2 : scaled / 2
  return scaled
}

/** Computes 1 / (1 + e^-x). */
export const sigmoid = (x: number): number => 1 / (1 + exponential(-x))

/** Computes the natural logarithm of a number above zero, by Halley's steps on e^y = x. */
export function logarithm(x: number): number {
  let y = 0
  for (let step = 0; step < 400; step++) y += (2 * (x - exponential(y))) / (x + exponential(y))
  return y
}
