/** Strategies one below the other, each with what several experts' runs say of it. */
import type { Estimate } from '../analysis/bootstrap'
import { type AnyStrategyName, titleOf } from '../strategies'
import { hover, interval, points } from './marks'
import { type PanelOptions, type Panels, panelsFigure } from './panels'
import { capitalized, type Figure, lookOf, nameOf, type Trace, type Words } from './theme'

/** Strategies in the order of their rows. */
type Order = readonly AnyStrategyName[]

/** Values by whose experts they are of: the first is drawn filled, a second hollow. */
export type ByExpert<T> = Readonly<Record<string, T>>

/** Returns what a function makes of each expert's values. */
export const mapExperts = <A, B>(byExpert: ByExpert<A>, of: (one: A) => B): ByExpert<B> =>
  Object.fromEntries(Object.entries(byExpert).map(([expert, one]) => [expert, of(one)]))

/** Returns traces: dots with intervals among their seeds, the first expert's filled and above the second's. */
export function rowTraces<Name extends AnyStrategyName>(
  order: readonly Name[],
  byExpert: ByExpert<Readonly<Record<string, Estimate>>>,
  seedsOf: (name: Name, expert: string) => readonly number[] = () => []
): Trace[] {
  return Object.entries(byExpert).flatMap(([expert, estimates], e, { length }) =>
    order.flatMap((name, row) => {
      const [{ color }, estimate, seeds] = [lookOf(name), estimates[name], seedsOf(name, expert)]
      const y = row + 0.36 * (e - (length - 1) / 2)
      const marker = { color, size: 9, symbol: e === 0 ? 'circle' : 'circle-open', line: { color, width: 2 } }
      const hovertemplate = hover(`<b>${titleOf(name)}</b>, ${expert}`, '%{x:.4~g}')
      const look = { mode: 'markers', marker, error_x: interval([estimate], { color }), hovertemplate }
      return [points(seeds, Array(seeds.length).fill(y), color), { x: [estimate.value], y: [y], ...look }]
    })
  )
}

/** Returns a figure of rows in panels, the first row at the top, of so many pixels each. */
export function rowsFigure(words: Words, order: Order, pixels: number, panels: Panels, options: PanelOptions): Figure {
  const ticktext = order.map(nameOf).map(({ text, color }) => `<span style="color:${color}">${text}</span>`)
  const y = { range: [order.length - 0.4, -0.6], ticks: '', tickvals: [...order.keys()], ticktext, showgrid: false }
  const layout = { height: 150 + pixels * order.length, showlegend: false }
  return panelsFigure(words, panels, { y, shared: true, layout, ...options })
}

/** Says whose marks are filled, and whose hollow. */
export const whoseMarks = ([first, second]: readonly string[]): string =>
  second ? `Filled: ${first}; hollow: ${second}` : capitalized(first)
