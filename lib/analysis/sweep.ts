import type { Outcome, RecordedProtocol, RunRecord } from '../record'
import { type AnyStrategyName, titleOf } from '../strategies'
import { hash } from '../util/hash'
import { isRecord } from '../util/json'
import { mean } from '../util/statistics'

/** The runs of one protocol: a rule at one threshold. */
export interface SweepPoint {
  readonly protocol: RecordedProtocol
  /** By ascending seed. */
  readonly runs: readonly RunSummary[]
}

/** The points of a sweep. */
export type SweepPoints = readonly SweepPoint[]

/** The cost of a run, in queries, and its loss. */
export interface RunSummary {
  readonly seed: number
  /** In all iterations. */
  readonly queries: number
  /** Mean over the last five iterations: on Hopper a single one says little. */
  readonly loss: number
}

/**
 * Summarizes a run by its last five iterations.
 *
 * @param trials counts the first trials alone, to compare the run with one that has no more, from the same starts
 */
export function summarizeRun(outcome: Outcome, trials = outcome.expertReturns.length): Omit<RunSummary, 'seed'> {
  const { iterations, expertReturns } = outcome
  const expertReturn = mean(expertReturns.slice(0, trials))
  return {
    queries: iterations[iterations.length - 1].queries,
    loss: mean(iterations.slice(-5).map(({ returns }) => expertReturn - mean(returns.slice(0, trials))))
  }
}

/** Groups records by their protocols, and summarizes each run with `summarizeRun`. */
export async function sweepPoints(records: Iterable<RunRecord>): Promise<SweepPoint[]> {
  const points = new Map<string, { protocol: RecordedProtocol; runs: RunSummary[] }>()
  for (const { protocol, seed, outcome } of records) {
    const key = await hash(protocol)
    const point = points.get(key) ?? { protocol, runs: [] }
    point.runs.push({ seed, ...summarizeRun(outcome) })
    points.set(key, point)
  }
  for (const { runs } of points.values()) runs.sort((a, b) => a.seed - b.seed)
  return [...points.values()]
}

/** Returns the points with some of their seeds, without the points that have none of them. */
export const withSeeds = (points: readonly SweepPoint[], isWanted: (seed: number) => boolean): SweepPoint[] =>
  points
    .map(({ protocol, runs }) => ({ protocol, runs: runs.filter(({ seed }) => isWanted(seed)) }))
    .filter(({ runs }) => runs.length > 0)

/** Returns the losses of some runs minus those of others, seed by seed. */
export const lossDifferences = (runs: readonly RunSummary[], than: readonly RunSummary[]): number[] =>
  runs.flatMap(({ seed, loss }) => than.filter((run) => run.seed === seed).map((run) => loss - run.loss))

/** Returns the points of one strategy. */
export const ofStrategy = (points: readonly SweepPoint[], name: AnyStrategyName): SweepPoint[] =>
  points.filter(({ protocol }) => protocol.strategy === name)

/** Returns the point of the least mean loss among those within a budget of queries, or among all when none is within it. */
export function bestWithin(budget: number, points: readonly SweepPoint[]): SweepPoint | undefined {
  const affordable = points.filter((point) => means(point).queries <= budget)
  const candidates = affordable.length > 0 ? affordable : points
  return [...candidates].sort((a, b) => means(a).loss - means(b).loss)[0]
}

/** Returns the best point of each strategy within a budget of queries, in the order in which strategies first appear. */
export function bestPerStrategy(budget: number, points: readonly SweepPoint[]): SweepPoint[] {
  const strategies = new Set(points.map(({ protocol }) => protocol.strategy))
  return [...strategies].flatMap((name) => bestWithin(budget, ofStrategy(points, name)) ?? [])
}

/** Returns the mean queries and the mean loss of a point's runs. */
export const means = ({ runs }: SweepPoint): Pick<RunSummary, 'queries' | 'loss'> => ({
  queries: mean(runs.map(({ queries }) => queries)),
  loss: mean(runs.map(({ loss }) => loss))
})

type Cells = Record<string, string | number>

/**
 * Returns a row for each iteration of some records, for a frame. A column has each field of the protocols that differs among them. A strategy
 * has its title, or its whole name where another has the same title; `cost` is that of the labels so far.
 */
export function recordRows(records: Iterable<RunRecord>): Cells[] {
  const all = [...records].map((record) => ({ ...record, fields: fieldsOf(record.protocol) }))
  const names = new Set(all.flatMap(({ fields }) => Object.keys(fields)))
  const differing = [...names].filter((name) => new Set(all.map(({ fields }) => fields[name])).size > 1)
  const titles = [...new Set(all.map(({ protocol }) => protocol.strategy))].map(titleOf)
  const nameOf = (name: string) => (titles.filter((one) => one === titleOf(name)).length > 1 ? name : titleOf(name))
  return all.flatMap(({ protocol: { environment, strategy }, fields, seed, outcome }) =>
    outcome.iterations.map(({ iteration, queries, cost, loss }): Cells => {
      const varied = Object.fromEntries(differing.map((name) => [name, fields[name] ?? '']))
      const row = { ...varied, environment, strategy: nameOf(strategy), seed, iteration, queries, loss }
      return cost === undefined ? row : { ...row, cost }
    })
  )
}

/** Returns the fields of a protocol by their paths, with those of the hyperparameters by their own. */
const fieldsOf = (value: unknown, path = ''): Cells =>
  isRecord(value)
    ? Object.assign({}, ...Object.entries(value).map(([key, inner]) => fieldsOf(inner, path ? `${path}.${key}` : key)))
    : { [path.replace('hyperparameters.', '')]: typeof value === 'number' ? value : String(value) }
