import { boolean, type InferOutput, optional, pipe, record, string } from 'valibot'
import { isRecord } from '../util/json'
import { a, aThreshold, check, choice, count, listOf, object, plain, text } from '../util/schema'
import { label, referenceLine } from './marks'
import { type Figure, figure, type Layout, referenceGrey, type Trace } from './theme'

const layout = optional(a<Layout>('an object', isRecord))

const lineSchema = object({ axis: choice(['x', 'y']), at: aThreshold, name: optional(text) })

/** A line through every panel, for comparison; its name stands in the first panel. */
export type ReferenceLine = InferOutput<typeof lineSchema>

const panelOptions = object({
  /** Applies to the x axis of every panel. Titles stand at the outer axes. */
  x: layout,
  /** Applies to the y axis of every panel. */
  y: layout,
  /** Panels in a row; all panels by default. */
  columns: optional(count),
  /** Labels the y axes at the left alone, as they are the same in all panels. */
  shared: optional(boolean()),
  referenceLines: optional(listOf(lineSchema)),
  layout
})

const panelsSchema = object({ panels: pipe(plain, record(string(), listOf(plain))), options: panelOptions })

export type PanelOptions = InferOutput<typeof panelOptions>

/** Returns the share [from, to] of a figure that a panel takes among `count` in a row, with a gap between neighbours, less where they are many. */
export function facetDomain(index: number, count: number, widest: number): [number, number] {
  const gap = Math.min(widest, 0.7 / count)
  const size = (1 - (count - 1) * gap) / count
  return [index * (size + gap), index * (size + gap) + size]
}

/** Plotly counts axes so: `x`, `x2`, `x3` … */
const suffix = (panel: number): string => (panel === 0 ? '' : String(panel + 1))

/** Returns the names of a panel's axes, for its traces. */
export const panelAxes = (panel: number) => ({ xaxis: `x${suffix(panel)}`, yaxis: `y${suffix(panel)}` })

/** Returns a panel's axes for a layout. */
export const panelLayout = (panel: number, x: Layout, y: Layout): Layout => ({
  [`xaxis${suffix(panel)}`]: { ...x, anchor: `y${suffix(panel)}` },
  [`yaxis${suffix(panel)}`]: { ...y, anchor: `x${suffix(panel)}` }
})

/** Returns a figure of panels of the same kind, each under its name. */
export function panelsFigure(title: string, panels: Record<string, readonly Trace[]>, options: PanelOptions): Figure {
  check(panelsSchema, 'panelsFigure', { panels, options })
  const names = Object.keys(panels)
  const { referenceLines = [] } = options
  const traces = names.flatMap((name, panel) => panels[name].map((trace) => ({ ...trace, ...panelAxes(panel) })))
  return figure(traces, {
    height: 420,
    margin: { l: 60, r: 20, t: 80, b: 60 },
    ...Object.assign({}, ...names.map((_, panel) => axesOf(panel, names.length, options))),
    ...options.layout,
    title: { text: title },
    annotations: [
      ...names.flatMap((name, panel) => [
        panelTitle(name, panel),
        ...(panel === 0 ? referenceLines.flatMap(referenceName) : [])
      ]),
      ...[options.layout?.annotations ?? []].flat()
    ],
    shapes: [
      ...names.flatMap((_, panel) => {
        const { xaxis: x, yaxis: y } = panelAxes(panel)
        return referenceLines.map(({ axis, at }) =>
          referenceLine(axis, at, axis === 'x' ? { x, y: `${y} domain` } : { x: `${x} domain`, y })
        )
      }),
      ...[options.layout?.shapes ?? []].flat()
    ]
  })
}

/** Returns the layout of a panel's two axes. */
function axesOf(panel: number, count: number, { x, y, columns = count, shared = false }: PanelOptions): Layout {
  const rows = Math.ceil(count / columns)
  const [column, row] = [panel % columns, Math.floor(panel / columns)]
  const [top, bottom] = facetDomain(row, rows, 0.17)
  const columnDomain = facetDomain(column, columns, shared ? 0.035 : 0.12)
  const untitled = { title: undefined }
  const unmatched = { matches: undefined } // the first axis would match itself
  return panelLayout(
    panel,
    { ...x, ...(row < rows - 1 && untitled), ...(panel === 0 && unmatched), domain: columnDomain },
    { ...y, ...(column > 0 && untitled), domain: [1 - bottom, 1 - top], showticklabels: column === 0 || !shared }
  )
}

function panelTitle(name: string, panel: number): Layout {
  const { xaxis, yaxis } = panelAxes(panel)
  const refs = { xref: `${xaxis} domain`, yref: `${yaxis} domain` }
  return label(`<b>${name}</b>`, 0.5, 1, { ...refs, xanchor: 'center', yanchor: 'bottom' })
}

/** Returns the name of a horizontal line in the first panel: by turns at the left below it, and at the right above it. */
function referenceName({ at, name }: ReferenceLine, k: number): Layout[] {
  if (name === undefined) return []
  const anchors = k % 2 === 0 ? { xanchor: 'left', yanchor: 'top' } : { xanchor: 'right', yanchor: 'bottom' }
  const font = { size: 11, color: referenceGrey }
  return [label(name, k % 2, at, { xref: 'x domain', yref: 'y', ...anchors, font })]
}
