/**
 * What a cell shows, as one bundle of several types, of which each reader takes the best it knows: JupyterLab and VS Code
 * draw Plotly's own, a page on the web gets what it can.
 */
import type { Film } from '../experiments/film'
import { type Figure, withSubtitle } from '../figures/figure'
import { animation, strip } from '../figures/films'
import { picture } from '../pictures/picture'
import { place, put } from './place'
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
  put(() => bundle(what, true))
}

/** As `show` does what is drawn from data/ alone, which is whole in a quick run too. */
export function showCommitted(what: Figure | Frame): void {
  put(() => bundle(what, true, ''))
}

/** Plays films side by side below the cell; where nothing can be played, on the web or on paper, they are strips of poses. */
export function watch(title: string, films: readonly Film[]): void {
  put(() => figureBundle(animation(title, films), strip(title, films), warning))
}

/**
 * Shows a figure or a frame below the cell; the function returned puts another in its place. It may be called as often as
 * one likes: a few times a second, and at the cell's end, what came last is shown.
 */
export function live(what: Figure | Frame): (next: Figure | Frame) => void {
  const replace = place((last) => bundle(what, last))
  return (next) => replace((last) => bundle(next, last))
}

/** With a picture only for what stays, for it takes a fifth of a second; with words on it, if there are any. */
function bundle(what: Figure | Frame, last: boolean, words = warning): Bundle {
  if (Object(what) === what) {
    if ('layout' in what) return figureBundle(what, last ? what : undefined, words)
    if ('columns' in what) return frameBundle(what, words)
  }
  throw new TypeError('only a figure (data and layout) or a frame (columns, index and values) can be shown')
}

/** @param still what is drawn for those who have no Plotly */
function figureBundle(figure: Figure, still: Figure | undefined, words: string): Bundle {
  const { title } = figure.layout as { title?: { text?: string } }
  const marked = (one: Figure): Figure => (words ? withSubtitle(one, words) : one)
  const png = still && picture(marked(still))
  return {
    'application/vnd.plotly.v1+json': marked(figure),
    ...(png && { 'image/png': png }),
    'text/plain': `[figure: ${title?.text ?? 'untitled'}]`
  }
}

function frameBundle({ columns, index, values }: Frame, words: string): Bundle {
  const rows = values as unknown[][]
  const text = (value: unknown): string => (typeof value === 'number' ? String(rounded(value)) : String(value))
  const cell = (tag: string) => (value: unknown) => `<${tag}>${escaped(text(value))}</${tag}>`
  const body = rows.map((row, r) => `<tr>${cell('th')(index[r])}${row.map(cell('td')).join('')}</tr>`)
  const caption = words ? `<caption>${escaped(words)}</caption>` : ''
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
