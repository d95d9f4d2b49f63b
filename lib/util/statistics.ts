/** Computes the mean; NaN without numbers. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

/** Computes the sample standard deviation, with n - 1; 0 for one number. */
export function standardDeviation(values: ArrayLike<number>): number {
  const centre = mean(values)
  const squares = Array.from(values, (value) => (value - centre) * (value - centre))
  return values.length > 1 ? Math.sqrt((mean(squares) * values.length) / (values.length - 1)) : 0
}

/** Computes a quantile of ascending numbers, interpolated linearly between the two nearest. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (position - below) * (sorted[above] - sorted[below])
}
