import type { SeedResults } from '../analysis/results-by-seed'
import { table2 } from '../analysis/table-2'
import { type StrategyName, titleOf } from '../strategies'
import { mean } from '../util/statistics'
import { dot, hover, line } from './marks'
import { type Figure, figure, strategyColours, strategyMarker, type Trace } from './theme'

const tickvals = [0.1, 1, 10, 100, 1000, 10_000, 100_000].flatMap((ten) => [ten, 2 * ten, 5 * ten])

/**
 * Plots what the paper argues about: loss against queries. A line leads from iteration to iteration, mean over seeds; a marker
 * stands at the last iteration, with 95 % intervals of both.
 */
export function lossAgainstQueries(title: string, results: readonly SeedResults[]): Figure {
  const rows = table2(results).map((row) => ({ ...row, means: meansByIteration(results, row.strategy) }))
  const seeds = results.length === 1 ? '1 seed' : `${results.length} seeds`
  // The axis goes by the second half of the iterations: the first policies all lose much and lie beyond it.
  const losses = rows.flatMap(({ loss, means }) => [loss.high, ...means.loss.slice(Math.floor(means.loss.length / 2))])
  const traces = rows.flatMap(({ strategy, queries, loss, means }): Trace[] => {
    const name = titleOf(strategy)
    const color = strategyColours[strategy]
    const shared = { name, legendgroup: strategy, line: { color } }
    const hoverAt = (iteration: string) =>
      hover(`<b>${name}</b>, ${seeds}`, iteration, 'queries %{x:.0f}', 'loss %{y:.3f}')
    const course = line(means.queries, means.loss, { color }, { ...shared, opacity: 0.45, showlegend: false })
    const last = dot(queries, loss, { color, ...strategyMarker(strategy, 8) })
    return [
      { ...course, customdata: means.loss.map((_, i) => i + 1), hovertemplate: hoverAt('iteration %{customdata}') },
      { ...last, ...shared, hovertemplate: hoverAt('last iteration') }
    ]
  })
  return figure(traces, {
    title: { text: title },
    height: 460,
    hovermode: 'closest',
    xaxis: { title: { text: 'queries so far' }, type: 'log', tickvals },
    yaxis: { title: { text: 'loss: expert’s return less policy’s' }, range: [0, 1.05 * Math.max(...losses)] }
  })
}

/** Returns a strategy's queries and losses, one mean over seeds for each iteration. */
function meansByIteration(results: readonly SeedResults[], strategy: StrategyName) {
  const runs = results.map(({ outcomes }) => outcomes[strategy].iterations)
  const over = (field: 'queries' | 'loss') => runs[0].map((_, i) => mean(runs.map((run) => run[i][field])))
  return { queries: over('queries'), loss: over('loss') }
}
