/** How well a score finds what it is to find. */

/** Rows by descending score; of equal ones the first comes first. */
const ranked = (scores: ArrayLike<number>): number[] =>
  Array.from(scores, (_, row) => row).sort((a, b) => scores[b] - scores[a] || a - b)

/**
 * The precision, mean over the rows to be found, when one asks down to each: the area under the curve of precision against recall.
 * Rows of equal scores are found together. By chance it is their share.
 *
 * @throws RangeError when there is nothing to find, or a score is NaN
 */
export function averagePrecision(scores: ArrayLike<number>, wanted: ArrayLike<number>): number {
  const order = ranked(scores)
  const unsaid = order.find((row) => Number.isNaN(scores[row]))
  if (unsaid !== undefined) throw new RangeError(`the score of row ${unsaid} is NaN: it has no place among the others`)
  let [found, area, positives] = [0, 0, 0]
  for (let from = 0; from < order.length; ) {
    let to = from
    let here = 0
    while (to < order.length && scores[order[to]] === scores[order[from]]) here += wanted[order[to++]]
    found += here
    area += here * (found / to)
    positives += here
    from = to
  }
  if (positives === 0) throw new RangeError('there is nothing to find')
  return area / positives
}

/** Of the rows asked about, the share that is to be found, and of those to be found the share asked about; NaN of none. */
export function precisionAndRecall(asked: ArrayLike<number>, wanted: ArrayLike<number>) {
  const rows = Array.from(wanted, (_, row) => row)
  const count = (which: (row: number) => boolean): number => rows.filter(which).length
  const both = count((row) => asked[row] === 1 && wanted[row] === 1)
  return { precision: both / count((row) => asked[row] === 1), recall: both / count((row) => wanted[row] === 1) }
}
