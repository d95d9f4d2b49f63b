import type { Contest } from '../analysis/contests'
import { table2 } from '../analysis/table-2'
import { mean } from '../statistics'
import { hyperparameters, strategiesFor } from '../strategies'
import { type Figure, figure } from './figure'
import { colours, mark } from './learning-curves'

const strategies = strategiesFor(hyperparameters.reacher)

const tickvals = [0.1, 1, 10, 100, 1000, 10_000, 100_000].flatMap((ten) => [ten, 2 * ten, 5 * ten])

/**
 * What the paper argues about: loss against what was asked, mean over seeds, from iteration to iteration; at the last
 * iteration with 95 % intervals of both.
 */
export function lossAgainstQueries(title: string, contests: readonly Contest[]): Figure {
  const rows = table2(contests).map((row) => {
    const runs = contests.map(({ outcomes }) => outcomes[row.strategy].iterations)
    const course = (what: 'queries' | 'loss') => runs[0].map((_, i) => mean(runs.map((run) => run[i][what])))
    return { ...row, courses: { queries: course('queries'), loss: course('loss') } }
  })
  const over = contests.length === 1 ? '1 seed' : `${contests.length} seeds`
  const traces = rows.flatMap(({ strategy, queries, loss, courses }) => {
    const name = strategies[strategy].title
    const shared = { name, legendgroup: strategy, line: { color: colours[strategy] } }
    const bar = ({ value, low, high }: typeof loss) => ({
      type: 'data',
      symmetric: false,
      array: [high - value],
      arrayminus: [value - low],
      thickness: 1.2,
      width: 3
    })
    return [
      {
        ...shared,
        x: courses.queries,
        y: courses.loss,
        customdata: courses.loss.map((_, i) => i + 1),
        hovertemplate: `<b>${name}</b>, ${over}<br>iteration %{customdata}<br>queries %{x:.0f}<br>loss %{y:.3f}<extra></extra>`,
        mode: 'lines',
        opacity: 0.45,
        showlegend: false
      },
      {
        ...shared,
        x: [queries.value],
        y: [loss.value],
        error_x: bar(queries),
        error_y: bar(loss),
        hovertemplate: `<b>${name}</b>, ${over}<br>last iteration<br>queries %{x:.0f}<br>loss %{y:.3f}<extra></extra>`,
        mode: 'markers',
        marker: { color: colours[strategy], ...mark(strategy, 8) }
      }
    ]
  })
  // the first policies, which all lose much, lie beyond the axis
  const settled = rows.flatMap(({ loss, courses }) => [
    loss.high,
    ...courses.loss.slice(Math.floor(courses.loss.length / 2))
  ])
  return figure(traces, {
    title: { text: title },
    height: 460,
    hovermode: 'closest',
    xaxis: { title: { text: 'queries so far' }, type: 'log', tickvals },
    yaxis: {
      title: { text: 'loss: expert’s return less policy’s' },
      range: [0, 1.05 * Math.max(...settled)]
    }
  })
}
