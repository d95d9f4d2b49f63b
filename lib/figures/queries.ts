import { finalIteration } from '../analysis/results-by-seed'
import { table2 } from '../analysis/table-2'
import type { EnvironmentName } from '../environments'
import { strategyNames, titleOf } from '../strategies'
import { headline } from './headlines'
import { type Box, besidePoints, dot, hover, label, points, ring, strokes } from './marks'
import { axisOf, coordinate, courses, meanCourse, type PaperEnds, placeOn, type Results, scales } from './scales'
import { contextGrey, type Figure, figure, type Layout, nameOf, strategyLooks, titled } from './theme'

const axes = ['queries', 'loss'] as const

/**
 * Plots what the paper argues about: loss against queries. Grey lines lead from iteration to iteration, means over seeds; a marker stands at
 * the last iteration, with 95 % intervals of both, and a ring at the paper's.
 *
 * @param about the expert and the seeds, for the subtitle
 */
export function lossAgainstQueries(
  environment: EnvironmentName,
  results: Results,
  about: string,
  paper?: PaperEnds
): Figure {
  const rows = table2(results)
  const paths = strategyNames.map((name) => {
    const [queries, loss] = axes.map((field) => meanCourse(courses(results, name, field)))
    return [queries, loss] as const
  })
  const { loss: up, cost } = scales[environment]
  const least = Math.min(
    ...rows.flatMap(({ strategy, queries }) => [queries.low, paper?.[strategy].queries ?? queries.low])
  )
  const across = { ...cost, ends: [Math.min(cost.ends[0], 0.6 * least), cost.ends[1]] as const }
  const marks = rows.flatMap(({ strategy, queries, loss }) => {
    const [{ color, symbol }, theirs] = [strategyLooks[strategy], paper?.[strategy]]
    const hovertemplate = hover(`<b>${titleOf(strategy)}</b>`, 'queries %{x:.0f}', 'loss %{y:.4~g}')
    const marker = { color, symbol, size: strategy === 'loss-gradient' ? 15 : 10 }
    const [x, y] = axes.map((field) => results.map(({ outcomes }) => finalIteration(outcomes[strategy])[field]))
    const seeds = points(x, y, color, { size: 5 })
    const ours = { ...dot(queries, loss, marker, { color }), hovertemplate }
    if (!theirs) return [seeds, ours]
    const [from, to] = [[queries.value, theirs.queries] as const, [loss.value, theirs.loss] as const]
    return [
      seeds,
      strokes([[from, to]], { color, width: 1, dash: 'dot' }),
      ring(theirs.queries, theirs.loss, color),
      ours
    ]
  })
  /** Returns the points' names, in a plot of so many pixels. */
  const namesIn = (width: number, height: number): Layout[] => {
    const at = (queries: number, loss: number) => ({
      x: width * placeOn(across, queries),
      y: height * placeOn(up, loss)
    })
    const box = (q: readonly [number, number], l: readonly [number, number]): Box => {
      const [from, to] = [at(q[0], l[0]), at(q[1], l[1])]
      return { left: from.x - 5, right: to.x + 5, low: from.y - 5, high: to.y + 5 }
    }
    const boxes = rows.flatMap(({ strategy, queries: q, loss: l }) => {
      const { queries, loss } = paper?.[strategy] ?? { queries: q.value, loss: l.value }
      const bars = [box([q.low, q.high], [l.value, l.value]), box([q.value, q.value], [l.low, l.high])]
      return [...bars, box([queries, queries], [loss, loss])]
    })
    const named = rows.map(({ strategy, queries, loss }) => ({ ...nameOf(strategy), ...at(queries.value, loss.value) }))
    return besidePoints(named, boxes, width + 35).map((side, i) => {
      const [{ text, color }, { queries, loss }] = [named[i], rows[i]]
      const style = { ...side, font: { color, size: 13 }, arrowcolor: color }
      return label(text, coordinate(across, queries.value), coordinate(up, loss.value), style)
    })
  }
  const better = label('↙ better', 0, 0, { xref: 'paper', yref: 'paper', xanchor: 'left', yanchor: 'bottom' })
  const legend = `Pale: seeds; grey: the way there; bars: 95 % intervals${paper ? '; rings: the paper’s runs, tied to ours' : ''}.`
  const said = { title: headline(environment, results), subtitle: `${about}. ${legend}` }
  return figure([strokes(paths, { color: contextGrey, width: 1 }), ...marks], {
    ...{ ...titled(said), height: 520, showlegend: false, annotations: [...namesIn(990, 350), better] },
    xaxis: axisOf(across, { title: { text: 'queries' } }),
    yaxis: axisOf(up, { title: { text: 'loss' } }),
    meta: { narrow: { ...titled(said, 40), height: 560, annotations: [...namesIn(300, 320), better] } }
  })
}
