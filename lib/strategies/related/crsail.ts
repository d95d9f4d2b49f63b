/**
 * CRSAIL (Firouzkouhi and others, 2025, arXiv 2512.00453): queries in states that are far from all labelled ones. The learner acts
 * throughout. There is no gradient variant: in the units of the distance its length is one almost everywhere.
 */

import { check, count } from '../../util/schema'
import { topFraction } from '../rules'
import { memoizeColumns } from '../scores'
import { type CriticSpec, learnerThroughout, type QueryStrategy } from '../strategy'
import { inverseStandardDeviations, nearestNeighbours, scaleColumns } from './nearest-neighbours'

/** Our choice: the neighbour whose distance counts. */
const neighbour = 5

/**
 * Our choice: the fraction of the learner's states that count as far. So is that the distance is set before every iteration, as all rates are,
 * where the original sets it once.
 */
const fractionOfStates = 0.05

export const crsail = (rate = fractionOfStates): Record<'crsail', QueryStrategy> => ({
  crsail: {
    title: 'CRSAIL',
    rule: topFraction(rate, 'neighbourDistance'),
    critic: nearestNeighbourCritic(neighbour),
    control: learnerThroughout
  }
})

/**
 * Declares a critic without a network. Score: `neighbourDistance`, to the k-th nearest labelled state, each entry measured in its standard
 * deviations. After CRSAIL (Firouzkouhi and others, 2025).
 *
 * @param k counts the neighbours, from 1
 */
export const nearestNeighbourCritic = (k: number): CriticSpec => {
  check(count, "nearestNeighbourCritic's k", k)
  return {
    name: 'nearest neighbours',
    async create({ observationSize: m }) {
      const state: { scales: Float64Array; points: Float32Array } = {
        scales: new Float64Array(m),
        points: new Float32Array()
      }
      return {
        networks: [],
        states: [state],
        async fit({ labelled: { observations, rows } }) {
          state.scales = inverseStandardDeviations(observations, rows)
          state.points = scaleColumns(observations, state.scales)
          return []
        },
        score: (states, _, rows) =>
          memoizeColumns({
            neighbourDistance() {
              const scaled = scaleColumns(states, state.scales)
              return Float32Array.from({ length: rows }, (_, row) => {
                const found = nearestNeighbours(state.points, scaled.subarray(row * m, (row + 1) * m), k)
                return Math.sqrt(found[found.length - 1].squaredDistance)
              })
            }
          })
      }
    }
  }
}
