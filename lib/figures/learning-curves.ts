import { type InferOutput, optional } from 'valibot'
import { titleOf } from '../strategies'
import { check, count, listOf, measured, object, part, text } from '../util/schema'
import { band, hover, label, line, names } from './marks'
import { panelsFigure } from './panels'
import { axisOf, type Field, iterationAxis, linear, type Scale } from './scales'
import { type Figure, type Layout, lookOf, nameOf, type Trace, type Words } from './theme'

const record = part({ iteration: count, queries: measured, loss: measured, lossSd: measured })
const run = object({ strategy: text, seed: optional(measured), records: listOf(record) })

/** The records of one run, as many as there are so far, of a strategy by its name, or of one of your own by its title. */
export type Run = InferOutput<typeof run>

/**
 * Plots runs as they go on: loss, with one standard deviation over trials on either side, and queries so far, against the iteration.
 *
 * @param iterations the end of the axes, which stand still while a run goes on; they reach to records beyond it
 */
export function learningCurves(title: string, runs: readonly Run[], iterations: number): Figure {
  check(object({ runs: listOf(run), iterations: count }), 'learningCurves', { runs, iterations })
  const all = runs.flatMap(({ records }) => records)
  // The first, hardly trained policies set the axis: later ones may fail without bound.
  const first = runs.flatMap(({ records }) => records.slice(0, 1).map(({ loss, lossSd }) => loss + lossSd))
  const highest = 1.4 * Math.max(1, ...first)
  // A policy that is better than its expert has a loss below zero.
  const lowest = Math.min(0, ...all.map(({ loss, lossSd }) => (loss < 0 ? loss - lossSd : 0)))
  const most = Math.max(1, ...all.map(({ queries }) => queries))
  const last = Math.max(iterations, ...all.map(({ iteration }) => iteration))
  const scales = { loss: linear(1.05 * highest, lowest - 0.05 * highest), queries: linear(most) }
  const axes = [axisOf(scales.loss), { rangemode: 'tozero' }]
  return curves({ title, subtitle: 'Band: ± 1 SD over trials' }, runs, last, scales, axes)
}

type Scales = Readonly<Record<Field, Scale>>

/** Plots runs' losses in one panel and queries in another, named at their ends, on the axes given for them. */
export function curves(words: Words, runs: readonly Run[], iterations: number, scales: Scales, y: Layout[]): Figure {
  /** Returns a run's seed as it follows the name of a strategy that comes more than once. */
  const seedOf = ({ strategy, seed }: Run): string =>
    seed !== undefined && runs.filter((run) => run.strategy === strategy).length > 1 ? `, seed ${seed}` : ''
  const panelOf = (field: Field): Trace[] => {
    const end = scales[field].ends[1]
    const ends = runs.flatMap((run) => {
      const { text, color } = nameOf(run.strategy)
      const name = { text: text + seedOf(run), color }
      return run.records.slice(-1).map((last) => ({ ...name, x: last.iteration, y: Math.min(end, last[field]) }))
    })
    return [...runs.flatMap((run) => tracesOf(run, field)), names(ends, scales[field])]
  }
  const panels = { 'loss: expert’s return less policy’s': panelOf('loss'), 'queries so far': panelOf('queries') }
  const annotations = runs.flatMap((run) => lossesBeyond(run, scales.loss))
  return panelsFigure(words, panels, {
    x: iterationAxis(iterations, 0.35),
    y,
    layout: { hovermode: 'closest', showlegend: false, annotations }
  })
}

/** Returns a run's line of a field, that of losses in a band if they have deviations. */
function tracesOf({ strategy, seed, records }: Run, field: Field): Trace[] {
  const { color, dash, width } = lookOf(strategy)
  const customdata = records.map(({ queries, loss, lossSd }) => [queries, loss, lossSd])
  const isBanded = field === 'loss' && records.some(({ lossSd }) => lossSd > 0)
  const deviation = isBanded ? ' ± %{customdata[2]:.3f}' : ''
  const numbers = ['iteration %{x}', 'queries %{customdata[0]}', `loss %{customdata[1]:.3f}${deviation}`]
  const hovertemplate = hover(`<b>${titleOf(strategy)}</b>${seed === undefined ? '' : `, seed ${seed}`}`, ...numbers)
  const style = { name: titleOf(strategy), mode: 'lines+markers', marker: { size: 5 }, customdata, hovertemplate }
  const [x, y] = (['iteration', field] as const).map((one) => records.map((record) => record[one]))
  const [low, high] = [-1, 1].map((side) => records.map(({ loss, lossSd }) => loss + side * lossSd))
  const curve = line(x, y, { color, dash, width }, style)
  return isBanded ? [band(x, low, high, color, 0.15), curve] : [curve]
}

/** Returns an arrow and a number at the upper edge for each loss beyond it. */
function lossesBeyond({ strategy, records }: Run, { ends: [, edge] }: Scale): Layout[] {
  const style = { xanchor: 'left', yanchor: 'top', font: { color: lookOf(strategy).color } }
  const beyond = records.filter(({ loss }) => loss > edge)
  return beyond.map(({ iteration, loss }) => label(`↑ ${loss.toFixed(0)}`, iteration, edge, style))
}
