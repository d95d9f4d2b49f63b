import type { Dataset } from './dataset'
import type { Examples } from './networks'
import type { VisitedStates } from './strategies'
import { inverseStandardDeviations, nearestNeighbours, scaleColumns } from './strategies/related/nearest-neighbours'
import { gather } from './util/matrix'
import type { Rng } from './util/random'

/**
 * Weights each labelled state by the number of visited states whose nearest labelled neighbour it is, so that the labelled states stand for
 * all visited ones (section 5, observation weighting; the nearest-neighbour estimate of a ratio of densities, Loog, 2012). Resamples
 * as many states as there are in that proportion, those to train on and those held out apart; systematically, so that even weights
 * draw each once.
 */
export function weightedExamples(data: Dataset, visited: VisitedStates, rng: Rng): Examples {
  const { rows, observations, expertActions, validation } = data
  const counts = nearestCounts(observations, rows, visited)
  const drawn = new Uint32Array(rows)
  for (const side of [0, 1]) {
    const members = [...validation.keys()].filter((row) => validation[row] === side)
    resampleSystematically(members, counts, rng).forEach((row, i) => {
      drawn[members[i]] = row
    })
  }
  const [m, n] = [observations.length / rows, expertActions.length / rows]
  return { rows, inputs: gather(observations, drawn, m), targets: gather(expertActions, drawn, n), validation }
}

/** Counts for each labelled state the visited states to which it is nearest. */
export function nearestCounts(observations: Float32Array, rows: number, visited: VisitedStates): Uint32Array {
  const m = observations.length / rows
  const scales = inverseStandardDeviations(visited.observations, visited.rows)
  const [labelled, all] = [scaleColumns(observations, scales), scaleColumns(visited.observations, scales)]
  const counts = new Uint32Array(rows)
  for (let row = 0; row < visited.rows; row++)
    counts[nearestNeighbours(labelled, all.subarray(row * m, (row + 1) * m), 1)[0].row] += 1
  return counts
}

/** Draws as many members as there are, each as often as its count is a multiple of the mean, by one draw; evenly where all are 0. */
function resampleSystematically(members: readonly number[], counts: Uint32Array, rng: Rng): number[] {
  const total = members.reduce((sum, row) => sum + counts[row], 0)
  const weights = members.map((row) => (total > 0 ? (counts[row] * members.length) / total : 1))
  const offset = rng()
  let [at, sum] = [0, 0]
  return members.flatMap((row, i) => {
    sum += weights[i]
    const upTo = i === members.length - 1 ? members.length : Math.ceil(sum - offset)
    const times = Math.max(0, upTo - at)
    at += times
    return new Array<number>(times).fill(row)
  })
}
