import { mapValues } from '../util/json'
import { gather } from '../util/matrix'

type Columns<Name extends string> = Readonly<Record<Name, () => Float32Array>>

/** Scores of a batch of states and proposed actions: columns of [rows] by name, each computed when it is first called. */
export type Scores = Columns<string>

/**
 * Returns a column of scores, [rows].
 *
 * @throws RangeError when the critic does not give it
 */
export const column = (scores: Scores, name: string): Float32Array => columnOf(scores, name)()

/** Returns what computes a column of scores. */
export function columnOf(scores: Scores, name: string): () => Float32Array {
  if (Object.hasOwn(scores, name)) return scores[name]
  const given = Object.keys(scores).join(', ') || 'no scores'
  throw new RangeError(`the critic gives ${given}; the rule queries by '${name}'`)
}

/** Computes each column once, when it is first called: a rule looks at few of the scores that its critic can give. */
export const memoizeColumns = <Name extends string>(columns: Columns<Name>): Columns<Name> =>
  mapValues(columns, memoize)

/** Returns the scores of some rows. */
export const gatherScores = (scores: Scores, rows: readonly number[]): Scores =>
  mapValues(scores, (column) => () => gather(column(), rows, 1))

/** Computes a value once, when it is first called. */
export function memoize<T extends object>(compute: () => T): () => T {
  let computed: T | undefined
  return () => {
    computed ??= compute()
    return computed
  }
}
