import { finals } from '../analysis/results-by-seed'
import { table2 } from '../analysis/table-2'
import type { EnvironmentName } from '../environments'
import { strategyNames, titleOf } from '../strategies'
import { headline } from './headlines'
import { besidePoints, boxAround, dot, hover, label, points, ring, strokes } from './marks'
import { axisOf, coordinate, meanCourse, type PaperEnds, placeOn, type Results, scales } from './scales'
import { contextGrey, type Layout, nameOf, strategyLooks, type Trace, worded } from './theme'

/**
 * Plots what the paper argues about: loss against queries. Grey lines lead from iteration to iteration, means over seeds; a marker stands at
 * the last iteration, with 95 % intervals of both, and a ring at the paper's.
 *
 * @param about the expert and the seeds, for the subtitle
 */
export function lossAgainstQueries(environment: EnvironmentName, results: Results, about: string, paper?: PaperEnds) {
  const rows = table2(results).map((row) => ({ ...row, theirs: paper?.[row.strategy] }))
  const { loss: up, cost } = scales[environment]
  const least = Math.min(...rows.flatMap(({ queries, theirs }) => [queries.low, theirs?.queries ?? queries.low]))
  const across = { ...cost, ends: [Math.min(cost.ends[0], 0.6 * least), cost.ends[1]] as const }
  const paths = strategyNames.map(
    (name) => [meanCourse(results, name, 'queries'), meanCourse(results, name, 'loss')] as const
  )
  const marks = rows.flatMap(({ strategy, queries, loss, theirs }): Trace[] => {
    const { color, symbol } = strategyLooks[strategy]
    const seeds = points(finals(results, strategy, 'queries'), finals(results, strategy, 'loss'), color, { size: 5 })
    const marker = { color, symbol, size: strategy === 'loss-gradient' ? 15 : 10 }
    const hovertemplate = hover(`<b>${titleOf(strategy)}</b>`, 'queries %{x:.0f}', 'loss %{y:.4~g}')
    const ours = { ...dot(queries, loss, marker, { color }), hovertemplate }
    if (!theirs) return [seeds, ours]
    const tie = [[queries.value, theirs.queries] as const, [loss.value, theirs.loss] as const] as const
    return [seeds, strokes([tie], { color, width: 1, dash: 'dot' }), ring(theirs.queries, theirs.loss, color), ours]
  })
  /** Returns the points' names, in a plot of so many pixels, where they cover no bar and no ring. */
  const namesIn = (width: number, height: number): Layout[] => {
    const place = (x: number, y: number) => [width * placeOn(across, x), height * placeOn(up, y)] as const
    const boxes = rows.flatMap(({ queries: x, loss: y, theirs }) => [
      boxAround(place(x.low, y.value), place(x.high, y.value)),
      boxAround(place(x.value, y.low), place(x.value, y.high)),
      ...(theirs ? [boxAround(place(theirs.queries, theirs.loss))] : [])
    ])
    const named = rows.map(({ strategy, queries, loss }) => {
      const [x, y] = [queries.value, loss.value]
      return { ...nameOf(strategy), x, y, at: place(x, y) }
    })
    return besidePoints(named, boxes, width + 35).map((side, i) => {
      const { text, color, x, y } = named[i]
      const style = { ...side, font: { color, size: 13 }, arrowcolor: color }
      return label(text, coordinate(across, x), coordinate(up, y), style)
    })
  }
  const better = label('↙ better', 0, 0, { xref: 'paper', yref: 'paper', xanchor: 'left', yanchor: 'bottom' })
  const legend = `Pale: seeds; grey: the way there; bars: 95 % intervals${paper ? '; rings: the paper’s runs, tied to ours' : ''}.`
  const words = { title: headline(environment, results), subtitle: `${about}. ${legend}` }
  const layout = {
    height: 520,
    showlegend: false,
    annotations: [...namesIn(790, 350), better],
    xaxis: axisOf(across, { title: { text: 'queries' } }),
    yaxis: axisOf(up, { title: { text: 'loss' } })
  }
  const narrow = { height: 560, annotations: [...namesIn(300, 320), better] }
  return worded(words, [strokes(paths, { color: contextGrey, width: 1 }), ...marks], layout, narrow)
}
