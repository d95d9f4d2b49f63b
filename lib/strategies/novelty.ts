import { nearest, scaled, scales } from '../nearest'
import { lazily } from './scores'
import type { Critic } from './strategy'

/**
 * How far a state is from those labelled (Firouzkouhi and others, CRSAIL, 2025). Score: `novelty`, its distance to the k-th nearest
 * of them, entries measured in their standard deviations. No network, and no use of a gradient: in those units its length is one almost
 * everywhere.
 */
export const labelledStates = (k: number): Critic => ({
  name: 'labelled states',
  async begin({ observationSize: m }) {
    let scale: Float64Array = new Float64Array(m)
    let points: Float32Array = new Float32Array()
    return {
      networks: [],
      async learn({ labelled: { observations, rows } }) {
        scale = scales(observations, rows)
        points = scaled(observations, scale)
        return []
      },
      keep() {
        const kept = [scale, points] as const
        return () => {
          ;[scale, points] = kept
        }
      },
      scores: (states, _, rows) =>
        lazily({
          novelty() {
            const places = scaled(states, scale)
            return Float32Array.from({ length: rows }, (_, row) => {
              const found = nearest(points, places.subarray(row * m, (row + 1) * m), k)
              return Math.sqrt(found[found.length - 1].square)
            })
          }
        })
    }
  }
})
