/** Measures of how well a score, or a query, finds the rows that are relevant. */

/** Returns the rows by descending score; of equal scores the first row comes first. */
const ranked = (scores: ArrayLike<number>): number[] =>
  Array.from(scores, (_, row) => row).sort((a, b) => scores[b] - scores[a] || a - b)

/**
 * Returns the average precision: the area under the curve of precision against recall. Rows of equal scores are found together.
 * By chance it is the share of relevant rows.
 *
 * @param relevant 1 for each row to be found, 0 for the others
 * @throws RangeError when no row is relevant, or a score is NaN
 */
export function averagePrecision(scores: ArrayLike<number>, relevant: ArrayLike<number>): number {
  const order = ranked(scores)
  const unranked = order.find((row) => Number.isNaN(scores[row]))
  if (unranked !== undefined)
    throw new RangeError(`the score of row ${unranked} is NaN: it has no place among the others`)
  let [found, area] = [0, 0]
  for (let start = 0, end = 0; start < order.length; start = end) {
    let foundHere = 0
    while (end < order.length && scores[order[end]] === scores[order[start]]) {
      foundHere += relevant[order[end]]
      end++
    }
    found += foundHere
    area += foundHere * (found / end)
  }
  if (found === 0) throw new RangeError('there is nothing to find')
  return area / found
}

/** Returns the share of queried rows that are relevant, and the share of relevant rows that are queried; NaN of none. */
export function precisionAndRecall(queried: ArrayLike<number>, relevant: ArrayLike<number>) {
  const count = (isCounted: (row: number) => boolean): number =>
    Array.from(relevant, (_, row) => row).filter(isCounted).length
  const found = count((row) => queried[row] === 1 && relevant[row] === 1)
  return { precision: found / count((row) => queried[row] === 1), recall: found / count((row) => relevant[row] === 1) }
}
