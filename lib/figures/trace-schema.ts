/** Refuses what Plotly ignores in a trace without a word: an unknown type, and lists that do not belong together. */
import * as v from 'valibot'
import { builtInKind, isList } from '../util/json'
import { a, part, plain } from '../util/schema'

/** The types of traces that plotly.js-dist draws. */
const types =
  `bar barpolar box candlestick carpet choropleth choroplethmap cone contour contourcarpet densitymap funnel funnelarea heatmap
  histogram histogram2d histogram2dcontour icicle image indicator isosurface mesh3d ohlc parcats parcoords pie quiver sankey scatter scatter3d
  scattercarpet scattergeo scattergl scattermap scatterpolar scatterpolargl scattersmith scatterternary splom streamtube sunburst surface
  table treemap violin volume waterfall`.split(/\s+/)
/** Those that take lists of lists as x or y, whatever is in them. */
const ofMatrices = /^(box|carpet|surface)$/

/** The lists of a trace that have an entry for each of its points. */
const pointwise =
  `x y z a b c r theta real imag lat lon locations labels values value parents open high low close u v w text hovertext
  textposition error_x.array error_x.arrayminus error_y.array error_y.arrayminus marker.color marker.size marker.symbol
  marker.opacity`.split(/\s+/)

type List = ArrayLike<unknown>
/** Plotly reads a list also from the text of its bytes. */
const list = v.nullish(a<List>('a list', (given) => isList(given) || Object.hasOwn(Object(given), 'bdata')))
const type = v.optional(a<string>('a type of Plotly’s traces', (given) => types.includes(given as string)))
const axis = v.optional(a<string>('an axis: x, x2, x3 …', (given) => /^[xy]([2-9]|[1-9]\d+)?$/.test(given as string)))
const [bars, never] = [v.optional(plain), v.optional(a<undefined>('left out, for Plotly has none', () => false))]
const axes = { xaxis: axis, yaxis: axis, error_x: bars, error_y: bars, transforms: never }
const fields = part({ type, x: list, y: list, z: list, labels: list, ...axes })
/** Those that take z as rows; a flat one needs x and y beside it. */
const ofRows = /^(heatmap|contour|surface)$/

export const traceSchema = v.pipe(
  fields,
  v.check(
    (trace) => !misfit(trace),
    ({ input }) => `$field has ${misfit(input)}`
  )
)

/** Returns in words which lists of a trace do not fit, if any. */
function misfit(trace: v.InferOutput<typeof fields> & { readonly transpose?: unknown }): string | undefined {
  const { type = 'scatter', x, y, z } = trace
  if (z && isList(z[0])) return trace.transpose ? misfitOfMatrix(z, y, x) : misfitOfMatrix(z, x, y)
  if (z && ofRows.test(type) && !(x && y)) return 'z that is no list of rows: give rows, or x and y for each entry'
  // a histogram's marks are of bins
  const paths = type.startsWith('histogram') ? ['x', 'y', 'z'] : pointwise
  const lists = paths.flatMap((path) => {
    const found = path.split('.').reduce<unknown>((value, field) => Object(value)[field], trace)
    return isList(found) ? [{ path, found: isTwoLevel(found) ? (found[0] as List) : found }] : []
  })
  for (const { path, found } of lists) {
    const odd = Array.from(found).find((entry) => isList(entry) || builtInKind(entry) === 'Object')
    if (isList(odd) && ofMatrices.test(type)) return undefined
    if (odd) return `${path} with a ${isList(odd) ? 'list' : 'record'} in it: give numbers, texts or dates`
  }
  const [first, ...rest] = lists
  const other = rest.find(({ found }) => found.length !== first.found.length)
  if (!other) return undefined
  const lengths = `${first.found.length} and ${other.found.length}`
  return `${first.path} and ${other.path} of different lengths, ${lengths}: give an entry for each point`
}

/** Tests whether a list has categories of two levels. */
function isTwoLevel(lists: List): boolean {
  const [outer, inner, more] = Array.from(lists)
  if (!isList(outer) || !isList(inner) || more) return false
  return outer.length === inner.length && [outer, inner].some((level) => typeof level[0] === 'string')
}

/** @param x of the columns of z, or of the edges between them; y likewise of its rows */
function misfitOfMatrix(z: List, x: List | null | undefined, y: List | null | undefined): string | undefined {
  const differ = (coordinates: List | null | undefined, size: number): boolean =>
    !!coordinates && !isList(coordinates[0]) && coordinates.length !== size && coordinates.length !== size + 1
  if (differ(y, z.length)) return `z of ${z.length} rows and y of ${y?.length}: give a y for each row`
  const row = Array.from(z, (row) => Object(row).length as number).find((length) => differ(x, length))
  return row === undefined ? row : `a row of z with ${row} columns and x of ${x?.length}: give an x for each column`
}
