/** The rules of the studies beyond the paper for what counts as an error and as a risk. */
import type { VisitedStates } from 'radgrad'
import { quantile } from 'radgrad/dist/internal.js'

/** Marks the fifth of the states in which the learner errs most, [rows]. */
export function largestErrors(errors: ArrayLike<number>): Uint8Array {
  const limit = quantile(Float64Array.from(errors).sort(), 1 - 1 / 5)
  return Uint8Array.from(errors, (error) => Number(error > limit))
}

/** Steps within which an end of the episode makes a state risky. */
const riskySteps = 50

/** Marks the states from which the task ends the episode within fifty steps, [rows]. */
export const riskyStates = ({ lengths }: Pick<VisitedStates, 'lengths'>, horizon: number): Uint8Array =>
  Uint8Array.from(
    lengths.flatMap((length) =>
      Array.from({ length }, (_, step) => Number(length < horizon && length - step <= riskySteps))
    )
  )
