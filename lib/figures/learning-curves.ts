import { bootstrapMean, type Estimate } from '../analysis/bootstrap'
import type { Contest } from '../analysis/contests'
import type { IterationRecord } from '../experiments/imitate'
import { generator } from '../random'
import { hyperparameters, type StrategyName, strategiesFor, strategyNames } from '../strategies'
import { band, type Figure, figure, type Trace } from './figure'

/** The records of one run, as many as there are so far. */
export interface Run {
  readonly strategy: StrategyName
  readonly seed: number
  readonly records: readonly IterationRecord[]
}

/** One colour a strategy, in every figure. */
export const colours: Readonly<Record<StrategyName, string>> = {
  dagger: '#0072b2',
  random: '#e69f00',
  supervised: '#009e73',
  safedagger: '#d55e00',
  'safedagger-gradient': '#cc79a7',
  'safedagger-gradient-random': '#56b4e9',
  loss: '#000000',
  'loss-gradient': '#999999',
  'loss-gradient-random': '#b8a900'
}

/** A strategy's mark, larger for those that another, drawn later, may hide because it asks as often. */
export const mark = (strategy: StrategyName, size: number): object =>
  strategy === 'supervised' || strategy === 'safedagger' ? { symbol: 'diamond', size: 1.7 * size } : { size }

const strategies = strategiesFor(hyperparameters.reacher)

/** A line of the figure, and a band about it. */
interface Curve {
  readonly strategy: StrategyName
  /** Which of a strategy's curves it is. */
  readonly group: string | number
  readonly points: readonly Point[]
  /** What is told of a point under the pointer, behind the strategy's name; `%{customdata[i]}` is the ith of its data. */
  readonly told: string
}

interface Point {
  readonly iteration: number
  readonly loss: Band
  readonly queries: Band
  readonly data: readonly number[]
}

type Band = Readonly<Record<'value' | 'low' | 'high', number>>

/**
 * Runs as they go on: loss, with one standard deviation over trials on either side, and the expert's labels so far, against
 * the iteration.
 *
 * @param iterations how far the axis goes; the axes stand still
 */
export function learningCurves(title: string, runs: readonly Run[], iterations: number): Figure {
  // by what the first, hardly trained policies lose: later ones may fail without bound
  const firsts = runs.flatMap(({ records }) => records.slice(0, 1).map(({ loss, lossSd }) => loss + lossSd))
  const curves = runs.map(curveOfRun)
  const most = 1.4 * Math.max(1, ...firsts)
  return draw(
    title,
    curves,
    iterations,
    most,
    curves.flatMap((curve) => above(curve, 1.05 * most))
  )
}

/** The paper's Figures 2 and 3: the runs of one seed. */
export const paperFigure = (title: string, { seed, outcomes }: Contest): Figure =>
  drawSettled(
    title,
    strategyNames.map((strategy) => curveOfRun({ strategy, seed, records: outcomes[strategy].iterations }))
  )

/** The same over several seeds: means, with 95 % bootstrap intervals about them. */
export const seedCurves = (title: string, contests: readonly Contest[]): Figure =>
  drawSettled(
    title,
    strategyNames.map((strategy) => curveOfSeeds(strategy, contests))
  )

/** Of whole runs, the axis of loss goes by the second half; the first policies, which all lose much, lie beyond. */
function drawSettled(title: string, curves: readonly Curve[]): Figure {
  const iterations = Math.max(...curves.map(({ points }) => points.length))
  const settled = curves.flatMap(({ points }) => points.slice(Math.floor(iterations / 2)).map(({ loss }) => loss.high))
  return draw(title, curves, iterations, 1.05 * Math.max(...settled), [])
}

const curveOfRun = ({ strategy, seed, records }: Run): Curve => ({
  strategy,
  group: seed,
  points: records.map(({ iteration, queries, loss, lossSd }) => ({
    iteration,
    loss: { value: loss, low: loss - lossSd, high: loss + lossSd },
    queries: { value: queries, low: queries, high: queries },
    data: [queries, loss, lossSd]
  })),
  told:
    `, seed ${seed}<br>iteration %{x}<br>queries %{customdata[0]}` +
    '<br>loss %{customdata[1]:.3f} ± %{customdata[2]:.3f}'
})

function curveOfSeeds(strategy: StrategyName, contests: readonly Contest[]): Curve {
  const runs = contests.map(({ outcomes }) => outcomes[strategy].iterations)
  const estimate = (what: 'loss' | 'queries', i: number): Estimate =>
    bootstrapMean(
      runs.map((run) => run[i][what]),
      generator(0, 'curve', strategy, what, i)
    )
  const points = runs[0].map(({ iteration }, i) => {
    const [loss, queries] = [estimate('loss', i), estimate('queries', i)]
    const data = [queries, loss].flatMap(({ value, low, high }) => [value, low, high])
    return { iteration, loss, queries, data }
  })
  const range = (first: number, format: string) =>
    `%{customdata[${first}]:${format}} (%{customdata[${first + 1}]:${format}} … %{customdata[${first + 2}]:${format}})`
  const seeds = contests.map(({ seed }) => seed).join(', ')
  const told = `, seeds ${seeds}<br>iteration %{x}<br>queries ${range(0, '.0f')}<br>loss ${range(3, '.3f')}`
  return { strategy, group: 'seeds', points, told }
}

/**
 * @param most how far the axis of loss goes
 * @param annotations words over it
 */
function draw(
  title: string,
  curves: readonly Curve[],
  iterations: number,
  most: number,
  annotations: readonly object[]
): Figure {
  const iteration = { title: { text: 'iteration' }, range: [0.5, iterations + 0.5], dtick: Math.ceil(iterations / 8) }
  const shade = curves.length > 3 ? 0.07 : 0.15
  return figure(
    curves.flatMap((curve) => traces(curve, shade)),
    {
      title: { text: title },
      height: 420,
      hovermode: 'closest',
      xaxis: { ...iteration, domain: [0, 0.44] },
      yaxis: { title: { text: 'loss: expert’s return less policy’s' }, range: [-0.05 * most, 1.05 * most] },
      annotations,
      xaxis2: { ...iteration, domain: [0.56, 1], anchor: 'y2' },
      yaxis2: { title: { text: 'queries so far' }, anchor: 'x2', rangemode: 'tozero' }
    }
  )
}

/** A word at the upper edge for each loss that lies beyond it. */
const above = ({ strategy, points }: Curve, top: number): object[] =>
  points
    .filter(({ loss }) => loss.value > top)
    .map(({ iteration, loss }) => ({
      x: iteration,
      y: top,
      text: `↑ ${loss.value.toFixed(0)}`,
      showarrow: false,
      xanchor: 'left',
      yanchor: 'top',
      font: { color: colours[strategy] }
    }))

function traces({ strategy, group, points, told }: Curve, shade: number): Trace[] {
  const name = strategies[strategy].title
  const colour = colours[strategy]
  const x = points.map(({ iteration }) => iteration)
  const legendgroup = `${strategy} ${group}`
  const hover = {
    customdata: points.map(({ data }) => data),
    hovertemplate: `<b>${name}</b>${told}<extra></extra>`
  }
  const shared = {
    ...{ name, legendgroup, x, mode: 'lines+markers', line: { color: colour }, marker: mark(strategy, 5) },
    ...hover
  }
  const right = { xaxis: 'x2', yaxis: 'y2' }
  const bandOf = (what: 'loss' | 'queries'): Trace => {
    const [low, high] = (['low', 'high'] as const).map((end) => points.map((point) => point[what][end]))
    return { legendgroup, ...band(x, low, high, colour, shade) }
  }
  const known = points.every(({ queries }) => queries.low === queries.high)
  return [
    bandOf('loss'),
    ...(known ? [] : [{ ...bandOf('queries'), ...right }]),
    { ...shared, y: points.map(({ loss }) => loss.value) },
    { ...shared, y: points.map(({ queries }) => queries.value), ...right, showlegend: false }
  ]
}
