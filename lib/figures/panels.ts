import { boolean, type InferOutput, optional, pipe, record, string } from 'valibot'
import { isList, isRecord } from '../util/json'
import { a, aThreshold, check, choice, count, listOf, object, plain, wholeNumber } from '../util/schema'
import { label, referenceLine } from './marks'
import { type Figure, type Layout, type Trace, type Words, worded } from './theme'

const layout = optional(a<Layout>('an object', isRecord))
type Axes = Layout | readonly Layout[]
const axes = optional(a<Axes>('an object, or a list of them', (given) => [given].flat().every(isRecord)))

const lineSchema = object({ axis: choice(['x', 'y']), at: aThreshold, panel: optional(wholeNumber) })

const panelOptions = object({
  /** Applies to the x axis of every panel; of a list, to the panels in turn. Titles stand at the outer axes. */
  x: axes,
  /** Applies to the y axis of every panel; of a list, to the panels in turn. */
  y: axes,
  /** Panels in a row; all panels by default. */
  columns: optional(count),
  /** Labels the y axes at the left alone, as they are the same in all panels. */
  shared: optional(boolean()),
  /** Shares of a place that successive panels take in it, one below the other; the first has the name. One panel a place by default. */
  parts: optional(listOf(aThreshold)),
  /** Lines through every panel, or through one, for comparison. */
  referenceLines: optional(listOf(lineSchema)),
  layout
})

const panelsSchema = object({ panels: pipe(plain, record(string(), listOf(plain))), options: panelOptions })

/** Traces of panels, by their names. */
export type Panels = Readonly<Record<string, readonly Trace[]>>
export type PanelOptions = InferOutput<typeof panelOptions>

/** Returns the share [from, to] of a figure that a panel takes among `count` in a row, with a gap between neighbours, less where they are many. */
function facetDomain(index: number, count: number, widest: number): [number, number] {
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

/**
 * Returns a figure of panels of the same kind, each under its name, without the traces that have no points. Where a page is narrow they stand one
 * below the other.
 */
export function panelsFigure(words: string | Words, panels: Panels, options: PanelOptions): Figure {
  check(panelsSchema, 'panelsFigure', { panels, options })
  const names = Object.keys(panels)
  const { referenceLines = [], parts = [1], columns = names.length / parts.length, layout = {} } = options
  const { height = 420, annotations = [], shapes = [], ...rest } = layout as { readonly height?: number } & Layout
  const places = names.length / parts.length
  const grid = (columns: number, height: number): Layout => ({
    height,
    ...Object.assign({}, ...names.map((_, panel) => axesOf(panel, places, columns, 62 / (height - 130), options)))
  })
  const narrowHeight = 150 + (places * (height - 130)) / Math.ceil(places / columns)
  const placed = names.flatMap((name, panel) => panels[name].map((trace): Trace => ({ ...trace, ...panelAxes(panel) })))
  const traces = placed.filter(({ x }) => !isList(x) || x.length > 0)
  const titles = names.flatMap((name, panel) =>
    panel % parts.length === 0 ? [panelTitle(`<b>${name}</b>`, panel)] : []
  )
  const lines = names.flatMap((_, panel) => {
    const own = referenceLines.filter((line) => (line.panel ?? panel) === panel)
    return own.map(({ axis, at }) => referenceLine(axis, at, panelAxes(panel)))
  })
  const marks = { annotations: [titles, annotations].flat(), shapes: [shapes, lines].flat() }
  return worded(words, traces, { ...grid(columns, height), ...rest, ...marks }, grid(1, narrowHeight))
}

/** Returns the layout of a panel's two axes, in so many places in so many columns, with a gap between rows. */
function axesOf(panel: number, places: number, columns: number, gap: number, options: PanelOptions): Layout {
  const { x, y, shared = false, parts = [1] } = options
  const [place, part] = [Math.floor(panel / parts.length), panel % parts.length]
  const [rows, column, row] = [Math.ceil(places / columns), place % columns, Math.floor(place / columns)]
  const [top, bottom] = facetDomain(row, rows, gap)
  const above = parts.slice(0, part).reduce((sum, share) => sum + share, 0)
  const isLast = part === parts.length - 1
  const below = above + parts[part] - (isLast ? 0 : 0.06)
  const domain = [below, above].map((share) => 1 - top - share * (bottom - top))
  const [ownX, ownY] = [x, y].map((axis) => (Array.isArray(axis) ? axis[panel % axis.length] : axis))
  const untitled = (inner: boolean) => inner && { title: { text: '' } } // which replaces a wide page's
  const unmatched = panel === 0 && { matches: undefined } // the first axis would match itself
  const across = { domain: facetDomain(column, columns, shared ? 0.035 : 0.12), showticklabels: isLast }
  return panelLayout(
    panel,
    { ...ownX, ...unmatched, ...across, ...untitled(!isLast || row < rows - 1) },
    { ...ownY, domain, showticklabels: column === 0 || !shared, ...untitled(column > 0) }
  )
}

/** Returns a text above the middle of a panel. */
export function panelTitle(text: string, panel: number): Layout {
  const { xaxis, yaxis } = panelAxes(panel)
  const refs = { xref: `${xaxis} domain`, yref: `${yaxis} domain` }
  return label(text, 0.5, 1, { ...refs, xanchor: 'center', yanchor: 'bottom' })
}
