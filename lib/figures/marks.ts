/** The marks that figures are composed of: traces, and the lines and words of a layout. */
import type { Estimate } from '../analysis/bootstrap'
import { atPlace, placeOn, type Scale } from './scales'
import { ink, type Layout, type Trace, withOpacity } from './theme'

type Coordinates = readonly (number | null)[]
type Numbers = readonly number[]
const quiet = { hoverinfo: 'skip', showlegend: false }

/** Returns a trace: a line through points, in Plotly's style `{ color, width }`; `null` interrupts it. */
export function line(x: Coordinates, y: Coordinates, style: Layout, rest: Trace = {}): Trace {
  return { x, y, mode: 'lines', line: style, ...rest }
}

/** Returns a trace: several lines, each given as its x and y, without legend and hover, to four digits, which no eye tells from more. */
export function strokes(lines: readonly (readonly [x: Numbers, y: Numbers])[], style: Layout): Trace {
  const along = (axis: 0 | 1) => lines.flatMap((one) => [...one[axis].map((at) => Number(at.toPrecision(4))), null])
  return line(along(0), along(1), style, quiet)
}

/** Returns a trace: the area between two lines over the same x, in a colour with an opacity, without legend and hover. */
export function band(x: Numbers, low: Numbers, high: Numbers, colour: string, opacity: number): Trace {
  const around = [...x, ...[...x].reverse()]
  const edge = [...high, ...[...low].reverse()]
  return line(around, edge, { width: 0 }, { fill: 'toself', fillcolor: withOpacity(colour, opacity), ...quiet })
}

/** Returns error bars: so long above each point, and below. */
export function bars(array: Numbers, arrayminus: Numbers, style: Layout): Layout {
  return { type: 'data', symmetric: false, array, arrayminus, thickness: 1.2, width: 0, ...style }
}

/** Returns the error bars of estimates, from the low to the high end of each. */
export function interval(of: readonly Estimate[], style: Layout = {}): Layout {
  const above = of.map(({ value, high }) => high - value)
  const below = of.map(({ value, low }) => value - low)
  return bars(above, below, { width: 3, ...style })
}

/** Returns a ring: a number of the paper's, with a deviation to either side. */
export function ring(x: number, y: number, color: string, deviation = 0): Trace {
  const marker = { symbol: 'circle-open', size: 9, color, line: { width: 1.5 } }
  const error_y = bars([deviation], [deviation], { color })
  return { x: [x], y: [y], mode: 'markers', marker, error_y, hovertemplate: hover('the paper: %{y:.4~g}') }
}

/** Returns a trace: points so pale that many can be seen at once, as of the seeds of a mean. */
export const points = (x: Numbers, y: readonly (number | string)[], color: string, style: Layout = {}): Trace => {
  const marker = { size: 6, color: withOpacity(color, 0.35), ...style }
  return { x, y, mode: 'markers', marker, ...quiet }
}

/** Returns one dot with the intervals of both its coordinates. */
export function dot(x: Estimate, y: Estimate, marker: Layout, barStyle: Layout = {}): Trace {
  const bars = { error_x: interval([x], barStyle), error_y: interval([y], barStyle) }
  return { x: [x.value], y: [y.value], ...bars, mode: 'markers', marker }
}

/** Returns a trace of estimates by name: dots with their 95 % intervals, one below the other. */
export function intervalPlot(estimates: Readonly<Record<string, Estimate>>, rest: Trace = {}): Trace {
  const values = Object.values(estimates)
  const dots = { mode: 'markers', marker: { size: 9, color: ink }, error_x: interval(values) }
  const [x, y] = [values.map(({ value }) => value), Object.keys(estimates)]
  return { x, y, ...dots, hovertemplate: hover('<b>%{y}</b>', '%{x:.3f}'), showlegend: false, ...rest }
}

/** Returns a dotted line at a value of one axis of a panel, across its whole other axis. */
export function referenceLine(axis: 'x' | 'y', at: number, { xaxis, yaxis } = { xaxis: 'x', yaxis: 'y' }): Layout {
  const across = { xref: xaxis, yref: `${yaxis} domain`, x0: at, x1: at, y0: 0, y1: 1 }
  const along = { xref: `${xaxis} domain`, yref: yaxis, x0: 0, x1: 1, y0: at, y1: at }
  return { type: 'line', ...(axis === 'x' ? across : along), line: { color: ink, width: 1, dash: 'dot' } }
}

/** Words right of a point. */
type Name = { readonly x: number; readonly y: number; readonly text: string; readonly color: string }

/** Returns a trace: words right of points, moved apart by a share of the scale where one would cover another. */
export function names(given: readonly Name[], scale: Scale, apart = 0.05): Trace {
  const [x, text, color] = (['x', 'text', 'color'] as const).map((field) => given.map((name) => name[field]))
  const places = given.map(({ y }) => placeOn(scale, y))
  const y = spread(places, apart).map((place) => atPlace(scale, place))
  const style = { textposition: 'middle right', textfont: { color, size: 12 }, cliponaxis: false }
  return { x, y, text: text.map((one) => ` ${one}`), mode: 'text', ...style, ...quiet }
}

/** Returns words at a place in a figure. */
export const label = (text: string, x: number, y: number, rest: Layout) => ({ text, x, y, showarrow: false, ...rest })

/** A place in pixels, from the bottom left corner. */
type Place = Numbers
/** A rectangle: its bottom left and its top right corner. */
type Box = readonly [from: Place, to: Place]

/** Returns the box from one place to another, with a margin. */
export const boxAround = (from: Place, to = from): Box => [from.map((at) => at - 7), to.map((at) => at + 7)]
const overlap = (a: Box, b: Box) => [0, 1].every((axis) => a[0][axis] < b[1][axis] && b[0][axis] < a[1][axis])

/** Pixels above a point, and right of it, at which its name may stand: the nearest first. */
const sides = [0, 16, -16, 30, -30, 44, -44, 58, -58].flatMap((up) =>
  [10, -10, 30, -30, 60, -60].map((right) => ({ up, right }))
)

/** Returns how names stand beside points: each where it covers no other and none of some boxes, and ends by `end`. */
export function besidePoints(points: readonly { text: string; at: Place }[], boxes: readonly Box[], end: number) {
  const taken = [...boxes]
  return points.map(({ text, at: [x, y] }) => {
    const places = sides.map(({ up, right }) => {
      const left = x + right - (right < 0 ? 7 * text.length : 0)
      return { up, right, box: boxAround([left, y + up], [left + 7 * text.length, y + up]) }
    })
    const isFree = (box: Box) => box[0][0] >= 0 && box[1][0] <= end && !taken.some((other) => overlap(box, other))
    const { up, right, box } = places.find((place) => isFree(place.box)) ?? places[0]
    taken.push(box)
    return { showarrow: true, arrowhead: 0, arrowwidth: 1, ax: right, ay: -up, xanchor: right < 0 ? 'right' : 'left' }
  })
}

/** Returns numbers moved apart, each as little as it takes for `gap` between neighbours. */
export function spread(values: Numbers, gap: number): number[] {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b])
  const moved = [...values]
  for (let pass = 0; pass < 200; pass++)
    for (const [i, above] of order.slice(1).entries()) {
      const missing = Math.max(0, gap - (moved[above] - moved[order[i]])) / 2
      moved[order[i]] -= missing
      moved[above] += missing
    }
  return moved
}

/** Returns a hover text of lines, without the name that Plotly adds beside it. */
export const hover = (...lines: readonly string[]): string => `${lines.join('<br>')}<extra></extra>`
