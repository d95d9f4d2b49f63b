/** The marks that figures are composed of: traces, and the lines and words of a layout. */
import type { Estimate } from '../analysis/bootstrap'
import { type Layout, palette, referenceGrey, type Trace, withOpacity } from './theme'

type Coordinates = readonly (number | null)[]

/** Returns a trace: a line through points, in Plotly's style `{ color, width }`; `null` interrupts it. */
export function line(x: Coordinates, y: Coordinates, style: Layout, rest: Trace = {}): Trace {
  return { x, y, mode: 'lines', line: style, ...rest }
}

type Numbers = readonly number[]

/** Returns a trace: the area between two lines over the same x, in a colour with an opacity; it has no legend and no hover. */
export const band = (x: Numbers, low: Numbers, high: Numbers, colour: string, opacity: number): Trace => ({
  x: [...x, ...[...x].reverse()],
  y: [...high, ...[...low].reverse()],
  fill: 'toself',
  fillcolor: withOpacity(colour, opacity),
  line: { width: 0 },
  mode: 'lines',
  showlegend: false,
  hoverinfo: 'skip'
})

/** Returns the error bars of estimates, from the low to the high end of each. */
export const interval = (estimates: readonly Estimate[], style: Layout = {}): Layout => ({
  type: 'data',
  symmetric: false,
  array: estimates.map(({ value, high }) => high - value),
  arrayminus: estimates.map(({ value, low }) => value - low),
  thickness: 1.2,
  width: 3,
  ...style
})

/** Returns one dot with the intervals of both its coordinates. */
export function dot(x: Estimate, y: Estimate, marker: Layout, barStyle: Layout = {}): Trace {
  const bars = { error_x: interval([x], barStyle), error_y: interval([y], barStyle) }
  return { x: [x.value], y: [y.value], ...bars, mode: 'markers', marker }
}

type EstimatesByName = Readonly<Record<string, Estimate>>

/** Returns a trace of estimates by name: dots with their 95 % intervals, one below the other. */
export function intervalPlot(estimates: EstimatesByName, rest: Trace = {}, barStyle: Layout = {}): Trace {
  const values = Object.values(estimates)
  const dots = { mode: 'markers', marker: { size: 9, color: palette.blue }, error_x: interval(values, barStyle) }
  const [x, y] = [values.map(({ value }) => value), Object.keys(estimates)]
  return { x, y, ...dots, hovertemplate: hover('<b>%{y}</b>', '%{x:.3f}'), showlegend: false, ...rest }
}

type Axis = 'x' | 'y'

/**
 * Returns a dotted line at a value of one axis, across the whole other axis.
 *
 * @param refs Plotly's references of both axes: 'x2', 'y2 domain', 'paper'
 */
export function referenceLine(axis: Axis, at: number, refs: Record<Axis, string>, colour: string = referenceGrey) {
  const ends = axis === 'x' ? { x0: at, x1: at, y0: 0, y1: 1 } : { x0: 0, x1: 1, y0: at, y1: at }
  return { type: 'line', xref: refs.x, yref: refs.y, ...ends, line: { color: colour, width: 1, dash: 'dot' } }
}

/** Returns words at a place in a figure. */
export const label = (text: string, x: number, y: number, rest: Layout) => ({ text, x, y, showarrow: false, ...rest })

/** Returns a hover text of lines, without the name that Plotly adds beside it. */
export const hover = (...lines: readonly string[]): string => `${lines.join('<br>')}<extra></extra>`
