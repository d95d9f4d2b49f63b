import type { Estimate } from '../analysis/bootstrap'
import { type Figure, figure, type Layout, type Trace } from './figure'

export interface PanelOptions {
  /** Of all axes. Titles stand at the outer ones. */
  readonly x?: Layout
  readonly y?: Layout
  /** How many panels stand beside one another; all, if it is not said. */
  readonly columns?: number
  /** Whether the axes of y are the same, and labelled at the left alone. */
  readonly shared?: boolean
  readonly levels?: readonly Level[]
}

/** A line through every panel, for comparison; its name stands in the first one. */
export interface Level {
  readonly axis: 'x' | 'y'
  readonly at: number
  readonly name?: string
}

const grey = '#777777'

/** Where a panel is, of so many in a row: [from, to], from 0 to 1. */
const part = (index: number, of: number, gap: number): [number, number] => {
  const size = (1 - (of - 1) * gap) / of
  return [index * (size + gap), index * (size + gap) + size]
}

/** Panels of the same kind, each under its name. */
export function panelsFigure(
  title: string,
  panels: Readonly<Record<string, readonly Trace[]>>,
  options: PanelOptions & { readonly layout?: Layout }
): Figure {
  const names = Object.keys(panels)
  const { columns = names.length, shared = false, levels = [] } = options
  const rows = Math.ceil(names.length / columns)
  const layout: Record<string, Layout> = {}
  const [data, annotations, shapes]: [Trace[], Layout[], Layout[]] = [[], [], []]
  names.forEach((name, i) => {
    const id = i === 0 ? '' : String(i + 1)
    const [xaxis, yaxis] = [`x${id}`, `y${id}`]
    const [column, row] = [i % columns, Math.floor(i / columns)]
    const [above, below] = part(row, rows, 0.17)
    const untitled = { title: undefined }
    layout[`xaxis${id}`] = {
      ...options.x,
      ...(row === rows - 1 ? {} : untitled),
      ...(i === 0 ? { matches: undefined } : {}), // itself, if anything
      domain: part(column, columns, shared ? 0.035 : 0.12),
      anchor: yaxis
    }
    layout[`yaxis${id}`] = {
      ...options.y,
      ...(column === 0 ? {} : untitled),
      domain: [1 - below, 1 - above],
      anchor: xaxis,
      showticklabels: column === 0 || !shared
    }
    annotations.push({
      text: `<b>${name}</b>`,
      ...{ x: 0.5, xref: `${xaxis} domain`, xanchor: 'center', y: 1, yref: `${yaxis} domain`, yanchor: 'bottom' },
      showarrow: false
    })
    levels.forEach((level, k) => {
      const across =
        level.axis === 'x'
          ? { xref: xaxis, x0: level.at, x1: level.at, yref: `${yaxis} domain`, y0: 0, y1: 1 }
          : { xref: `${xaxis} domain`, x0: 0, x1: 1, yref: yaxis, y0: level.at, y1: level.at }
      shapes.push({ type: 'line', ...across, line: { color: grey, width: 1, dash: 'dot' } })
      if (i === 0 && level.name !== undefined)
        annotations.push({
          text: level.name,
          ...{ x: k % 2, xref: `${xaxis} domain`, xanchor: k % 2 ? 'right' : 'left' },
          ...{ y: level.at, yref: yaxis, yanchor: k % 2 ? 'bottom' : 'top' },
          showarrow: false,
          font: { size: 11, color: grey }
        })
    })
    for (const trace of panels[name]) data.push({ ...trace, xaxis, yaxis })
  })
  return figure(data, {
    height: 420,
    margin: { l: 60, r: 20, t: 80, b: 60 },
    ...layout,
    ...options.layout,
    title: { text: title },
    annotations,
    shapes
  })
}

/** Estimates as points with their intervals, one below the other, by name. */
export const dots = (estimates: Readonly<Record<string, Estimate>>, look: Layout = {}): Trace => {
  const all = Object.values(estimates)
  return {
    x: all.map(({ value }) => value),
    y: Object.keys(estimates),
    error_x: interval(all),
    hovertemplate: '<b>%{y}</b><br>%{x:.3f}<extra></extra>',
    mode: 'markers',
    marker: { size: 9, color: '#0072b2' },
    showlegend: false,
    ...look
  }
}

/** Bars from the least to the most that estimates may be. */
export const interval = (estimates: readonly Estimate[]): Layout => ({
  type: 'data',
  symmetric: false,
  array: estimates.map(({ value, high }) => high - value),
  arrayminus: estimates.map(({ value, low }) => value - low),
  thickness: 1.2,
  width: 3
})
