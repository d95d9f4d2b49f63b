/** The paper's Figures 2 and 3: as nine small panels, and as the paper lays them out. */
import type { EnvironmentName } from '../environments'
import { type StrategyName, strategyNames, titleOf } from '../strategies'
import { brief, headline } from './headlines'
import { curves } from './learning-curves'
import { bars, hover, line, names, ring, strokes } from './marks'
import { type Panels, panelsFigure } from './panels'
import type { PaperEnds, Results } from './scales'
import { axisOf, courses, type Field, fields, iterationAxis, iterationsOf, meanCourse, scales } from './scales'
import { contextGrey, type Figure, ink, strategyLooks, type Trace, withOpacity } from './theme'

/**
 * Plots the nine strategies' losses and queries against the iteration, each in a panel of its own: a row for each family, a column for
 * its rule, the gradient, and chance. DAgger is dotted, the others are grey. Of one seed it has bars of a standard deviation over trials,
 * as the paper's figures do; of several a thin line for each, and a thick one for their mean.
 *
 * @param about the expert and the seeds, for the subtitle
 * @param paper shown as rings with their deviations
 */
export function nineFigure(environment: EnvironmentName, results: Results, about: string, paper?: PaperEnds): Figure {
  const [last, scale, single] = [iterationsOf(results), scales[environment], results.length === 1]
  const panelOf = (name: StrategyName, field: Field): Trace[] => {
    const [{ color, width }, own, theirs] = [strategyLooks[name], meanCourse(results, name, field), paper?.[name]]
    const others = strategyNames.filter((one) => one !== name && one !== 'dagger')
    const of = (other: StrategyName) => along(meanCourse(results, other, field))
    const above = single && field === 'loss' ? courses(results, name, 'lossSd')[0] : undefined
    // a bar ends at the edge of the axis: a logarithm has no end there
    const below = above?.map((deviation, i) => Math.min(deviation, own[i] - scale[field].ends[0]))
    const error_y = above && below && bars(above, below, { color: withOpacity(color, 0.3), thickness: 4 })
    const hovertemplate = hover(`<b>${titleOf(name)}</b>`, 'iteration %{x}', `${field} %{y:.4~g}`)
    const end = { x: last * 1.01, y: own[last - 1], text: `<b>${brief(own[last - 1])}</b>`, color }
    return [
      strokes(others.map(of), { color: contextGrey, width: 1 }),
      strokes(name === 'dagger' ? [] : [of('dagger')], { ...strategyLooks.dagger, width: 1.5, dash: 'dot' }),
      strokes(single ? [] : courses(results, name, field).map(along), { color: withOpacity(color, 0.4), width: 1 }),
      line(...along(own), { color, width }, { error_y, hovertemplate }),
      ...(theirs ? [ring(last * 1.3, theirs[field], ink, field === 'loss' ? theirs.lossSd : 0)] : []),
      names([end], scale[field])
    ]
  }
  const panelsOf = (name: StrategyName): Panels => ({
    [`<span style="color:${strategyLooks[name].color}">${titleOf(name)}</span>`]: panelOf(name, 'loss'),
    [`queries of ${name}`]: panelOf(name, 'queries')
  })
  const marks = single ? 'Bars: ±\u00a01\u00a0SD over trials' : 'Thin: a line a seed; thick: their mean'
  const subtitle = `${about}. ${marks}. Dotted: DAgger; grey: the others.${paper ? ' Ring: where the paper’s run ends, ±\u00a01\u00a0SD.' : ''}`
  const panels = Object.assign({}, ...strategyNames.map(panelsOf))
  return panelsFigure({ title: headline(environment, results), subtitle }, panels, {
    x: iterationAxis(last, 0.36),
    y: fields.map((field) => axisOf(scale[field], { title: { text: scale[field].log ? `${field} (log)` : field } })),
    columns: 3,
    shared: true,
    parts: [0.74, 0.26],
    layout: { height: 900, showlegend: false }
  })
}

/** Returns x and y of a course over iterations. */
const along = (course: readonly number[]) => [course.map((_, i) => i + 1), course] as const

/**
 * Plots the nine strategies as the paper's Figures 2 and 3 are laid out: losses in one panel, queries in another. Means over seeds, named
 * at their ends.
 *
 * @param about the expert and the seeds, for the subtitle
 */
export function paperFigure(environment: EnvironmentName, results: Results, about: string): Figure {
  const runs = strategyNames.map((strategy) => {
    const [losses, queries] = fields.map((field) => meanCourse(results, strategy, field))
    return { strategy, records: losses.map((loss, i) => ({ iteration: i + 1, loss, lossSd: 0, queries: queries[i] })) }
  })
  const subtitle = `${about}. As the paper’s figure is laid out; lines of a family share a colour.`
  const words = { title: headline(environment, results), subtitle }
  const y = fields.map((field) => axisOf(scales[environment][field]))
  return curves(words, runs, iterationsOf(results), scales[environment], y)
}
