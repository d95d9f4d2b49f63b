/**
 * What a cell shows, as one bundle of several types, of which each reader takes the best it knows: JupyterLab and VS Code
 * draw Plotly's own, a page on the web gets what it can.
 */
import { type Figure, withSubtitle } from '../figures/figure'
import { place } from './place'
import { warning } from './reproduction'
import type { Bundle } from './tslab'

/** Anything with danfo's frames' columns and values. */
export interface Frame {
  readonly columns: readonly string[]
  readonly index: readonly (string | number)[]
  readonly values: unknown
}

/** Shows a figure or a frame below the cell. */
export function show(what: Figure | Frame): void {
  live(what)
}

/**
 * Shows a figure or a frame below the cell; the function returned puts another in its place. It may be called as often as
 * one likes: a few times a second, and at the cell's end, what came last is shown.
 */
export function live(what: Figure | Frame): (next: Figure | Frame) => void {
  const put = place(bundle(what))
  return (next) => put(() => bundle(next))
}

function bundle(what: Figure | Frame): Bundle {
  if (Object(what) === what) {
    if ('layout' in what) return figureBundle(what)
    if ('columns' in what) return frameBundle(what)
  }
  throw new TypeError('only a figure (data and layout) or a frame (columns, index and values) can be shown')
}

function figureBundle(figure: Figure): Bundle {
  const { title } = figure.layout as { title?: { text?: string } }
  const shown = warning ? withSubtitle(figure, warning) : figure
  return { 'application/vnd.plotly.v1+json': shown, 'text/plain': `[figure: ${title?.text ?? 'untitled'}]` }
}

function frameBundle({ columns, index, values }: Frame): Bundle {
  const rows = values as unknown[][]
  const text = (value: unknown): string => (typeof value === 'number' ? String(rounded(value)) : String(value))
  const cell = (tag: string) => (value: unknown) => `<${tag}>${escaped(text(value))}</${tag}>`
  const body = rows.map((row, r) => `<tr>${cell('th')(index[r])}${row.map(cell('td')).join('')}</tr>`)
  const caption = warning ? `<caption>${escaped(warning)}</caption>` : ''
  const html = `<table>${caption}<thead><tr><th></th>${columns.map(cell('th')).join('')}</tr></thead><tbody>${body.join('')}</tbody></table>`
  const lines = [['', ...columns], ...rows.map((row, r) => [text(index[r]), ...row.map(text)])]
  const widths = lines[0].map((_, c) => Math.max(...lines.map((line) => line[c].length)))
  const plain = lines.map((line) => line.map((word, c) => word.padStart(widths[c])).join('  ')).join('\n')
  return { 'text/html': html, 'text/plain': plain }
}

/** Four digits, or the whole part where that has more. */
const rounded = (value: number): number => (Math.abs(value) < 1e4 ? Number(value.toPrecision(4)) : Math.round(value))

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c)
