import { gather } from '../matrices'
import { nearest, scaled, scales } from '../nearest'
import type { Examples } from '../networks'
import type { Rng } from '../random'
import type { Met } from '../strategies'
import type { Dataset } from './dataset'

/**
 * What the policy learns from when labelled states are weighted, so that they stand for all states met (section 5 calls it
 * observation weighting): each counts for as many as it is the nearest labelled one of (the nearest-neighbour estimate of a
 * ratio of densities; Loog, 2012). The states are drawn in that proportion, as many as there are, those to learn from and those
 * held out apart; systematically, so that with even weights each is drawn once.
 */
export function weightedExamples(data: Dataset, met: Met, rng: Rng): Examples {
  const { rows, observations, actions, validation } = data
  const counts = shares(observations, rows, met)
  const drawn = new Uint32Array(rows)
  for (const side of [0, 1]) {
    const members = [...validation.keys()].filter((row) => validation[row] === side)
    systematic(members, counts, rng).forEach((row, i) => {
      drawn[members[i]] = row
    })
  }
  const [m, n] = [observations.length / rows, actions.length / rows]
  return { rows, inputs: gather(observations, drawn, m), targets: gather(actions, drawn, n), validation }
}

/** Of how many of the states met each labelled one is the nearest. */
export function shares(observations: Float32Array, rows: number, met: Met): Uint32Array {
  const m = observations.length / rows
  const scale = scales(met.observations, met.rows)
  const [labelled, all] = [scaled(observations, scale), scaled(met.observations, scale)]
  const counts = new Uint32Array(rows)
  for (let row = 0; row < met.rows; row++)
    counts[nearest(labelled, all.subarray(row * m, (row + 1) * m), 1)[0].row] += 1
  return counts
}

/** As many members as there are, each as often as its count is a multiple of the mean, by one draw; evenly where all are 0. */
function systematic(members: readonly number[], counts: Uint32Array, rng: Rng): number[] {
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
