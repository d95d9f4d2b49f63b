import { bootstrapMean, type Estimate } from '../analysis/bootstrap'
import type { SeedResults } from '../analysis/results-by-seed'
import type { IterationRecord } from '../iteration'
import { type StrategyName, strategyNames, titleOf } from '../strategies'
import { generator } from '../util/random'
import { check, choice, count, listOf, measured, object, part } from '../util/schema'
import { band, hover, label, line } from './marks'
import { facetDomain, panelAxes, panelLayout } from './panels'
import { type Figure, figure, type Layout, strategyColours, strategyMarker, type Trace } from './theme'

/** The records of one run, as many as there are so far. */
export interface Run {
  readonly strategy: StrategyName
  readonly seed: number
  readonly records: readonly IterationRecord[]
}

const record = part({ iteration: count, queries: measured, loss: measured, lossSd: measured })
const run = object({ strategy: choice(strategyNames), seed: measured, records: listOf(record) })

/** A strategy's course: of each iteration an estimate of its loss and of its queries so far. */
interface Curve {
  readonly strategy: StrategyName
  /** Tells the curves of one strategy apart. */
  readonly group: string | number
  readonly iterations: readonly number[]
  readonly loss: readonly Estimate[]
  readonly queries: readonly Estimate[]
  /** Names the seeds in the hover text. */
  readonly seeds: string
  /** Lines of the hover text; `%{customdata[i]}` is entry i of an iteration's `hoverData`. */
  readonly hoverLines: readonly string[]
  readonly hoverData: readonly (readonly number[])[]
}

/**
 * Plots runs as they go on: loss, with one standard deviation over trials on either side, and queries so far, against the
 * iteration.
 *
 * @param iterations the end of the axes, which stand still while a run goes on
 */
export function learningCurves(title: string, runs: readonly Run[], iterations: number): Figure {
  check(object({ runs: listOf(run), iterations: count }), 'learningCurves', { runs, iterations })
  const curves = runs.map(curveOfRun)
  // The first, hardly trained policies set the axis: later ones may fail without bound.
  const first = curves.flatMap(({ loss }) => loss.slice(0, 1).map(({ high }) => high))
  const highest = 1.4 * Math.max(1, ...first)
  const annotations = curves.flatMap((curve) => lossesBeyond(curve, 1.05 * highest))
  const { data, layout } = lossAndQueries(title, curves, iterations, highest)
  return { data, layout: { ...layout, annotations } }
}

/** Plots the paper's Figure 2 (Reacher) or 3 (Hopper): loss and queries of the nine strategies, runs of one seed. */
export const paperFigure = (title: string, { seed, outcomes }: SeedResults): Figure =>
  finishedCurves(title, (strategy) => curveOfRun({ strategy, seed, records: outcomes[strategy].iterations }))

/** Plots the same figure over several seeds: means, with 95 % bootstrap intervals about them. */
export const seedCurves = (title: string, results: readonly SeedResults[]): Figure =>
  finishedCurves(title, (strategy) => curveOfSeeds(strategy, results))

/** Plots whole runs. The second half sets the axis of loss: the first policies all lose much and lie beyond it. */
function finishedCurves(title: string, curveOf: (strategy: StrategyName) => Curve): Figure {
  const curves = strategyNames.map(curveOf)
  const count = Math.max(...curves.map(({ iterations }) => iterations.length))
  const late = curves.flatMap(({ loss }) => loss.slice(Math.floor(count / 2)).map(({ high }) => high))
  return lossAndQueries(title, curves, count, 1.05 * Math.max(...late))
}

const curveOfRun = ({ strategy, seed, records }: Run): Curve => ({
  strategy,
  group: seed,
  iterations: records.map(({ iteration }) => iteration),
  loss: records.map(({ loss, lossSd }) => ({ value: loss, low: loss - lossSd, high: loss + lossSd })),
  queries: records.map(({ queries }) => ({ value: queries, low: queries, high: queries })),
  seeds: `seed ${seed}`,
  hoverLines: ['queries %{customdata[0]}', 'loss %{customdata[1]:.3f} ± %{customdata[2]:.3f}'],
  hoverData: records.map(({ queries, loss, lossSd }) => [queries, loss, lossSd])
})

function curveOfSeeds(strategy: StrategyName, results: readonly SeedResults[]): Curve {
  if (results.length === 0) throw new RangeError('there are no results to plot: give those of a seed at least')
  const runs = results.map(({ outcomes }) => outcomes[strategy].iterations)
  const iterations = runs[0].map(({ iteration }) => iteration)
  const odd = runs.findIndex(({ length }) => length !== iterations.length)
  if (odd > 0)
    throw new RangeError(`seed ${results[odd].seed} has ${runs[odd].length} iterations, the first ${iterations.length}`)
  const estimate = (field: 'loss' | 'queries', i: number): Estimate => {
    const values = runs.map((run) => run[i][field])
    return bootstrapMean(values, generator(0, 'curve', strategy, field, i))
  }
  const loss = iterations.map((_, i) => estimate('loss', i))
  const queries = iterations.map((_, i) => estimate('queries', i))
  const range = (first: number, format: string) => {
    const [value, low, high] = [0, 1, 2].map((i) => `%{customdata[${first + i}]:${format}}`)
    return `${value} (${low} … ${high})`
  }
  const hoverLines = [`queries ${range(0, '.0f')}`, `loss ${range(3, '.3f')}`]
  const hoverData = iterations.map((_, i) =>
    [queries[i], loss[i]].flatMap(({ value, low, high }) => [value, low, high])
  )
  const seeds = `seeds ${results.map(({ seed }) => seed).join(', ')}`
  return { strategy, group: 'seeds', iterations, loss, queries, seeds, hoverLines, hoverData }
}

/**
 * Plots curves in two panels: loss at the left, queries at the right.
 *
 * @param highest the end of the axis of loss
 */
function lossAndQueries(title: string, curves: readonly Curve[], iterations: number, highest: number): Figure {
  const [left, right] = [facetDomain(0, 2, 0.12), facetDomain(1, 2, 0.12)]
  const opacity = curves.length > 3 ? 0.07 : 0.15
  const iteration = { title: { text: 'iteration' }, range: [0.5, iterations + 0.5], dtick: Math.ceil(iterations / 8) }
  const traces = curves.flatMap((curve) => tracesOf(curve, opacity))
  return figure(traces, {
    title: { text: title },
    height: 420,
    hovermode: 'closest',
    xaxis: { ...iteration, domain: left },
    yaxis: { title: { text: 'loss: expert’s return less policy’s' }, range: [-0.05 * highest, 1.05 * highest] },
    ...panelLayout(1, { ...iteration, domain: right }, { title: { text: 'queries so far' }, rangemode: 'tozero' }),
    annotations: []
  })
}

/** Returns a curve's bands and lines; queries that no seed changes have no band. */
function tracesOf(curve: Curve, opacity: number): Trace[] {
  const { strategy, iterations, loss, queries, seeds, hoverLines, hoverData } = curve
  const [name, color] = [titleOf(strategy), strategyColours[strategy]]
  const legendgroup = `${strategy} ${curve.group}`
  const hovertemplate = hover(`<b>${name}</b>, ${seeds}`, 'iteration %{x}', ...hoverLines)
  const marks = { mode: 'lines+markers', marker: strategyMarker(strategy, 5) }
  const bandAndLine = (estimates: readonly Estimate[]) => {
    const [value, low, high] = (['value', 'low', 'high'] as const).map((end) => estimates.map((one) => one[end]))
    const rest = { name, legendgroup, ...marks, customdata: hoverData, hovertemplate }
    const within = { ...band(iterations, low, high, color, opacity), legendgroup }
    return [within, line(iterations, value, { color }, rest)]
  }
  const [lossBand, lossLine] = bandAndLine(loss)
  const [queriesBand, queriesLine] = bandAndLine(queries).map((trace) => ({ ...trace, ...panelAxes(1) }))
  const queriesVary = queries.some(({ low, high }) => low !== high)
  return [lossBand, ...(queriesVary ? [queriesBand] : []), lossLine, { ...queriesLine, showlegend: false }]
}

/** Returns an arrow and a number at the upper edge for each loss beyond it. */
function lossesBeyond({ strategy, iterations, loss }: Curve, edge: number): Layout[] {
  const style = { xanchor: 'left', yanchor: 'top', font: { color: strategyColours[strategy] } }
  return loss.flatMap(({ value }, i) =>
    value > edge ? [label(`↑ ${value.toFixed(0)}`, iterations[i], edge, style)] : []
  )
}
