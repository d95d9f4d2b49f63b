/** Settings and gates of the experts, set before the sweep; see docs/experts.md. */
import type { EnvironmentName } from 'radgrad'
import type { Measures } from './measure.ts'

/** A limit that a measure must reach. */
export interface Gate {
  readonly measure: keyof Measures
  readonly limit: number
  readonly side: 'at least' | 'at most'
}

export interface TaskPlan {
  readonly floor: number
  readonly discount: number
  readonly steps: number
  /** Steps between two snapshots. */
  readonly every: number
  /** Trials without noise in a measurement. */
  readonly episodes: number
  readonly gates: readonly Gate[]
}

const atLeast = (measure: keyof Measures, limit: number): Gate => ({ measure, limit, side: 'at least' })
const atMost = (measure: keyof Measures, limit: number): Gate => ({ measure, limit, side: 'at most' })

export const plans: Readonly<Record<EnvironmentName, TaskPlan>> = {
  reacher: {
    ...{ floor: 0.05, discount: 0.95, steps: 4e6, every: 2e5, episodes: 500 },
    gates: [atLeast('return', -3.75), atMost('steepness', 0.4)]
  },
  hopper: {
    ...{ floor: 0.35, discount: 0.995, steps: 5e6, every: 5e5, episodes: 100 },
    gates: [
      atLeast('return', 3650),
      atLeast('returnNoise02', 3600),
      atLeast('returnNoise03', 3500),
      atMost('steepness', 5)
    ]
  },
  // Of these two nine tenths of what Berkeley's experts return, and no larger a share of it lost under noise.
  halfcheetah: {
    ...{ floor: 0.35, discount: 0.995, steps: 6e6, every: 1e6, episodes: 100 },
    gates: [atLeast('return', 3741), atLeast('returnNoise02', 3201)]
  },
  walker2d: {
    ...{ floor: 0.35, discount: 0.995, steps: 6e6, every: 1e6, episodes: 100 },
    gates: [atLeast('return', 4979), atLeast('returnNoise02', 4936)]
  }
}

/** The largest relative shortfall of the measures at any gate; at most 0 where all are reached. */
export const shortfall = (measures: Measures, gates: readonly Gate[]): number =>
  Math.max(
    ...gates.map(({ measure, limit, side }) => {
      const missing = side === 'at least' ? limit - measures[measure] : measures[measure] - limit
      return missing / Math.abs(limit)
    })
  )
