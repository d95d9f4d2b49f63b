import type { InferOutput } from 'valibot'
import { strategyNames, titleOf } from '../strategies'
import { check, choice, count, listOf, measured, object, part } from '../util/schema'
import { band, hover, label, line, names } from './marks'
import { panelsFigure } from './panels'
import { type Field, iterationAxis, linear } from './scales'
import { type Figure, type Layout, nameOf, strategyLooks, type Trace } from './theme'

const record = part({ iteration: count, queries: measured, loss: measured, lossSd: measured })
const run = object({ strategy: choice(strategyNames), seed: measured, records: listOf(record) })

/** The records of one run, as many as there are so far. */
export type Run = InferOutput<typeof run>

/**
 * Plots runs as they go on: loss, with one standard deviation over trials on either side, and queries so far, against the iteration.
 *
 * @param iterations the end of the axes, which stand still while a run goes on
 */
export function learningCurves(title: string, runs: readonly Run[], iterations: number): Figure {
  check(object({ runs: listOf(run), iterations: count }), 'learningCurves', { runs, iterations })
  // The first, hardly trained policies set the axis: later ones may fail without bound.
  const first = runs.flatMap(({ records }) => records.slice(0, 1).map(({ loss, lossSd }) => loss + lossSd))
  const highest = 1.4 * Math.max(1, ...first)
  const most = Math.max(1, ...runs.flatMap(({ records }) => records.map(({ queries }) => queries)))
  const panelOf = (field: Field, end: number): Trace[] => {
    const ends = runs.flatMap(({ strategy, records }) =>
      records.slice(-1).map((last) => ({ ...nameOf(strategy), x: last.iteration, y: Math.min(end, last[field]) }))
    )
    return [...runs.flatMap((run) => tracesOf(run, field)), names(ends, linear(end, []))]
  }
  const panels = {
    'loss: expert’s return less policy’s': panelOf('loss', highest),
    'queries so far': panelOf('queries', most)
  }
  const annotations = runs.flatMap((run) => lossesBeyond(run, 1.05 * highest))
  return panelsFigure({ title, subtitle: 'Band: ± 1 SD over trials' }, panels, {
    x: iterationAxis(iterations, 0.3),
    y: [{ range: [-0.05 * highest, 1.05 * highest] }, { rangemode: 'tozero' }],
    layout: { hovermode: 'closest', showlegend: false, annotations }
  })
}

/** Returns a run's line of a field, that of losses in a band. */
function tracesOf({ strategy, seed, records }: Run, field: Field): Trace[] {
  const { color, dash } = strategyLooks[strategy]
  const customdata = records.map(({ queries, loss, lossSd }) => [queries, loss, lossSd])
  const numbers = ['queries %{customdata[0]}', 'loss %{customdata[1]:.3f} ± %{customdata[2]:.3f}']
  const hovertemplate = hover(`<b>${titleOf(strategy)}</b>, seed ${seed}`, 'iteration %{x}', ...numbers)
  const style = { name: titleOf(strategy), mode: 'lines+markers', marker: { size: 5 }, customdata, hovertemplate }
  const [x, y] = (['iteration', field] as const).map((one) => records.map((record) => record[one]))
  const [low, high] = [-1, 1].map((side) => records.map(({ loss, lossSd }) => loss + side * lossSd))
  const curve = line(x, y, { color, dash }, style)
  return field === 'loss' ? [band(x, low, high, color, 0.15), curve] : [curve]
}

/** Returns an arrow and a number at the upper edge for each loss beyond it. */
function lossesBeyond({ strategy, records }: Run, edge: number): Layout[] {
  const style = { xanchor: 'left', yanchor: 'top', font: { color: strategyLooks[strategy].color } }
  const beyond = records.filter(({ loss }) => loss > edge)
  return beyond.map(({ iteration, loss }) => label(`↑ ${loss.toFixed(0)}`, iteration, edge, style))
}
