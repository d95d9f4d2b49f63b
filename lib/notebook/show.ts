/**
 * Shows figures and frames as bundles of several types. JupyterLab and VS Code draw Plotly's own type; pages on the web take the
 * picture or the table.
 */
import { episodeAnimation, poseStrip } from '../figures/episodes'
import { type Figure, withSubtitle } from '../figures/theme'
import type { EpisodeTrace } from '../trace'
import { display, displayHandle } from './display'
import { type Bundle, host } from './host'
import { quickRunNotice } from './reproduction'

/** A table: a data frame of danfo, or anything with these fields. */
export interface Frame {
  readonly columns: readonly string[]
  readonly index: readonly (string | number)[]
  readonly values: unknown
}

/** Shows a figure or a frame below the cell. */
export function show(content: Figure | Frame): void {
  display(() => bundle(content, true))
}

/** Shows a figure or a frame drawn from data/ alone: it bears no notice of a quick run, for it is complete there too. */
export function showCommitted(content: Figure | Frame): void {
  display(() => bundle(content, true, ''))
}

/** Plays episodes side by side below the cell. Readers without Plotly see strips of poses. */
export function playEpisodes(title: string, episodes: readonly EpisodeTrace[]): void {
  display(() => figureBundle(episodeAnimation(title, episodes), poseStrip(title, episodes), quickRunNotice()))
}

/**
 * Shows a figure or a frame below the cell. The function returned shows another in its place, and may be called often: a few times
 * a second, and when the cell ends, the newest is shown.
 */
export function updatable(first: Figure | Frame): (next: Figure | Frame) => void {
  const replace = displayHandle((last) => bundle(first, last))
  return (next) => replace((last) => bundle(next, last))
}

/** Returns a bundle, with a picture only when it is the `last` in its place, for a picture takes a fifth of a second. */
function bundle(content: Figure | Frame, last: boolean, notice = quickRunNotice()): Bundle {
  if (Object(content) === content) {
    if ('layout' in content) return figureBundle(content, last ? content : undefined, notice)
    if ('columns' in content) return frameBundle(content, notice)
  }
  throw new TypeError('only a figure (data and layout) or a frame (columns, index and values) can be shown')
}

/** @param still the figure to draw as a picture, for readers without Plotly */
function figureBundle(figure: Figure, still: Figure | undefined, notice: string): Bundle {
  const { title } = figure.layout as { title?: { text?: string } }
  const marked = (one: Figure): Figure => (notice ? withSubtitle(one, notice) : one)
  const png = still && host().picture(marked(still))
  return {
    'application/vnd.plotly.v1+json': marked(figure),
    ...(png && { 'image/png': png }),
    'text/plain': `[figure: ${title?.text ?? 'untitled'}]`
  }
}

function frameBundle({ columns, index, values }: Frame, notice: string): Bundle {
  const rows = values as unknown[][]
  const text = (value: unknown): string => (typeof value === 'number' ? String(rounded(value)) : String(value))
  const cell = (tag: string) => (value: unknown) => `<${tag}>${escaped(text(value))}</${tag}>`
  const body = rows.map((row, r) => `<tr>${cell('th')(index[r])}${row.map(cell('td')).join('')}</tr>`)
  const caption = notice ? `<caption>${escaped(notice)}</caption>` : ''
  const html = `<table>${caption}<thead><tr><th></th>${columns.map(cell('th')).join('')}</tr></thead><tbody>${body.join('')}</tbody></table>`
  const lines = [['', ...columns], ...rows.map((row, r) => [text(index[r]), ...row.map(text)])]
  const widths = lines[0].map((_, c) => Math.max(...lines.map((line) => line[c].length)))
  const plain = lines.map((line) => line.map((word, c) => word.padStart(widths[c])).join('  ')).join('\n')
  return { 'text/html': html, 'text/plain': plain }
}

/** Rounds to four digits, or to a whole number from 10,000 on. */
const rounded = (value: number): number => (Math.abs(value) < 1e4 ? Number(value.toPrecision(4)) : Math.round(value))

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c)
