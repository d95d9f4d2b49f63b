/** Strategies one below the other, each with what several groups of runs say of it. */
import type { Estimate } from '../analysis/bootstrap'
import { titleOf } from '../strategies'
import { hover, interval, points } from './marks'
import { type PanelOptions, type Panels, panelsFigure } from './panels'
import { capitalized, type Figure, lookOf, nameOf, type Trace, type Words } from './theme'

/** Values by whose experts or of which tasks they are: the first is drawn filled, the others hollow. */
export type Groups<T> = Readonly<Record<string, T>>

const symbols = { filled: 'circle', 'hollow circle': 'circle-open', diamond: 'diamond-open', square: 'square-open' }

/** Returns traces: dots with intervals among their seeds, the first group's above the others'. */
export function rowTraces<Name extends string>(
  order: readonly Name[],
  groups: Groups<Readonly<Record<string, Estimate>>>,
  seedsOf: (name: Name, group: string) => readonly number[] = () => []
): Trace[] {
  return Object.entries(groups).flatMap(([group, estimates], g, { length }) =>
    order.flatMap((name, row) => {
      if (!estimates[name]) return []
      const [{ color }, estimate, seeds] = [lookOf(name), estimates[name], seedsOf(name, group)]
      const y = row + (0.72 / length) * (g - (length - 1) / 2)
      const marker = { color, size: 9, symbol: Object.values(symbols)[g], line: { color, width: 2 } }
      const hovertemplate = hover(`<b>${titleOf(name)}</b>, ${group}`, '%{x:.4~g}')
      const look = { mode: 'markers', marker, error_x: interval([estimate], { color }), hovertemplate }
      return [points(seeds, Array(seeds.length).fill(y), color), { x: [estimate.value], y: [y], ...look }]
    })
  )
}

/** Returns a figure of rows in panels, the first row at the top. */
export function rowsFigure(words: Words, order: readonly string[], panels: Panels, options: PanelOptions): Figure {
  const ticktext = order.map(nameOf).map(({ text, color }) => `<span style="color:${color}">${text}</span>`)
  const y = { range: [order.length - 0.4, -0.6], ticks: '', tickvals: [...order.keys()], ticktext, showgrid: false }
  const layout = { height: 150 + 41 * order.length, showlegend: false }
  return panelsFigure(words, panels, { y, shared: true, layout, ...options })
}

/** Says which marks are whose. */
export const whoseMarks = (groups: readonly string[]): string =>
  capitalized(groups.map((group, g) => `${Object.keys(symbols)[g]}: ${group}`).join('; '))
