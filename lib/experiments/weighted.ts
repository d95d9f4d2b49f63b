import { gather } from '../matrices'
import { nearest, scaled, scales } from '../nearest'
import type { Examples } from '../networks'
import type { Rng } from '../random'
import type { Met } from '../strategies'
import type { Dataset } from './dataset'

/**
 * What the policy learns from when labelled states are weighted, so that they stand for all states met (section 5 calls it
 * observation weighting): each counts for as many as it is the nearest labelled one of (the nearest-neighbour estimate of a
 * ratio of densities; Loog, 2012). The states are drawn anew in that proportion, as many as there are, those to learn from
 * and those held out apart.
 */
export function weightedExamples(data: Dataset, met: Met, rng: Rng): Examples {
  const { rows, observations, actions, validation } = data
  const counts = shares(observations, rows, met)
  const drawn = new Uint32Array(rows)
  for (const side of [0, 1]) {
    const members = [...validation.keys()].filter((row) => validation[row] === side)
    const pick = picker(members, counts)
    for (const row of members) drawn[row] = pick(rng)
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

/** Draws members in proportion to their counts, or evenly where none has any. */
function picker(members: readonly number[], counts: Uint32Array): (rng: Rng) => number {
  const some = members.some((row) => counts[row] > 0)
  let sum = 0
  const sums = members.map((row) => {
    sum += some ? counts[row] : 1
    return sum
  })
  return (rng) => {
    const at = rng() * sum
    let [low, high] = [0, sums.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle] > at) high = middle
      else low = middle + 1
    }
    return members[low]
  }
}
