/** The scales of figures of a whole task, and the paper's numbers on them. */
import type { SeedResults } from '../analysis/results-by-seed'
import type { EnvironmentName } from '../environments'
import type { StrategyName } from '../strategies'
import { exponential, logarithm } from '../util/float'
import { mean } from '../util/statistics'
import type { Layout } from './theme'

/** Results of the nine strategies, one a seed. */
export type Results = readonly SeedResults[]

/** End values of the paper's, from its Table 2; `lossSd` is over trials. */
export type PaperEnds = Readonly<Record<string, { readonly [key in Field | 'lossSd']: number }>>

export const fields = ['loss', 'queries'] as const
export type Field = (typeof fields)[number]

/** An axis, from its first to its last number. */
export type Scale = Readonly<{ log: boolean; ends: readonly [number, number]; ticks?: Ticks | undefined }>
type Ticks = readonly number[]

const costTicks = [100, 200, 500, 1000, 2000, 4000, 10_000, 20_000, 50_000, 100_000]

/** Returns the scale to a number, from 0 by default. */
export const linear = (to: number, from = 0, ticks?: Ticks): Scale => ({ log: false, ends: [from, to], ticks })
const log = (from: number, to: number, ticks: Ticks): Scale => ({ log: true, ends: [from, to], ticks })

const walker = (most: number, ticks: Ticks) => ({
  loss: linear(most, 0, ticks),
  queries: log(150, 400_000, [1000, 10_000, 100_000]),
  cost: log(7000, 200_000, costTicks)
})

/** A task's scales, the same for every expert and any number of seeds: of losses, of queries as they grow, and of queries in the end. */
export const scales: Readonly<Record<EnvironmentName, Readonly<Record<Field | 'cost', Scale>>>> = {
  reacher: {
    loss: log(0.2, 16, [0.25, 0.5, 1, 2, 4, 8]),
    queries: linear(4500, 0, [0, 2000, 4000]),
    cost: log(400, 4500, costTicks)
  },
  hopper: walker(4100, [0, 1000, 2000, 3000, 4000]),
  halfcheetah: walker(12_000, [0, 3000, 6000, 9000, 12_000]),
  walker2d: walker(6000, [0, 2000, 4000, 6000])
}

/** Returns the place of a number on an axis, from 0 at its first to 1 at its last; a number beyond the first has the place of it. */
export function placeOn({ log, ends: [from, to] }: Scale, value: number): number {
  const above = Math.max(from, value)
  return log ? logarithm(above / from) / logarithm(to / from) : (above - from) / (to - from)
}

/** Returns the number at a place of an axis. */
export const atPlace = ({ log, ends: [from, to] }: Scale, place: number): number =>
  log ? from * exponential(place * logarithm(to / from)) : from + place * (to - from)

/** Returns a number as Plotly wants it of ranges and annotations: on a logarithmic axis its exponent of ten. */
export const coordinate = ({ log }: Pick<Scale, 'log'>, value: number) =>
  log ? logarithm(value) / logarithm(10) : value

/** Returns a scale's axis, with its numbers as `4k` from a thousand on. */
export function axisOf(scale: Scale, rest: Layout = {}): Layout {
  const ticktext = scale.ticks?.map((tick) => (tick < 1000 ? `${tick}` : `${tick / 1000}k`))
  const range = scale.ends.map((end) => coordinate(scale, end))
  return { type: scale.log ? 'log' : 'linear', range, tickvals: scale.ticks, ticktext, automargin: false, ...rest }
}

/** Returns the axis of so many iterations, with room at the right for what stands beside the last. */
export const iterationAxis = (last: number, room: number): Layout => ({
  title: { text: 'iteration' },
  showgrid: false,
  automargin: false,
  range: [0.5, (1 + room) * last + 0.5],
  tickvals: [1, 5, 10, 15, last].filter((tick) => tick <= last)
})

/**
 * Returns how many iterations results have.
 *
 * @throws RangeError without results, and for seeds of which one has more than another
 */
export function iterationsOf(results: Results): number {
  if (results.length === 0) throw new RangeError('there are no results to plot: give those of a seed at least')
  const counts = results.map(({ outcomes }) => outcomes.dagger.iterations.length)
  const odd = counts.findIndex((count) => count !== counts[0])
  if (odd > 0) throw new RangeError(`seed ${results[odd].seed} has ${counts[odd]} iterations, the first ${counts[0]}`)
  return counts[0]
}

/** Returns one field of each seed's run of a strategy, iteration by iteration. */
export const courses = (results: Results, strategy: StrategyName, field: Field | 'lossSd'): number[][] =>
  results.map(({ outcomes }) => outcomes[strategy].iterations.map((record) => record[field]))

/** Returns the mean over seeds of one field of a strategy's runs, iteration by iteration. */
export function meanCourse(results: Results, strategy: StrategyName, field: Field): number[] {
  const each = courses(results, strategy, field)
  return each[0].map((_, i) => mean(each.map((course) => course[i])))
}
