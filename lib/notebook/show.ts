/**
 * Shows figures and frames as bundles of several types. JupyterLab and VS Code draw Plotly's own type; pages on the web take the
 * picture or the table.
 */
import { episodeAnimation } from '../figures/episodes'
import { drawable, type Figure, plainTitle, withSubtitle } from '../figures/theme'
import type { EpisodeTrace } from '../trace'
import { isList, isRecord, kindOf } from '../util/json'
import { type Content, display } from './display'
import { type Bundle, host } from './host'
import { quickRunNotice } from './reproduction'

/** Rows shown of a frame at either end; a longer one would make a page that no browser opens. */
const shownRows = 50

/** A table: a data frame or a series of danfo, or anything with these fields. */
export interface Frame {
  readonly columns: readonly string[]
  readonly index: readonly (string | number)[]
  /** A list for each row. Of one column, its values will do. */
  readonly values: unknown
}

/**
 * Shows a figure or a frame below the cell; of a frame of many rows the first and the last. In a quick run it bears a notice of
 * that. A frame is a table: a data frame or a series of danfo, or `{ columns, index, values }`.
 *
 * @throws TypeError for anything else
 */
export const show = (content: Figure | Frame): void => void display(contentOf(content))

/** Shows a figure or a frame, as `show` does, that is drawn from data/ alone: it bears no notice of a quick run, for it is complete there too. */
export const showCommitted = (content: Figure | Frame): void => void display(contentOf(content, ''))

/** Plays episodes, as `traceEpisode` returns them, side by side below the cell. Readers without Plotly see the first frame. */
export function playEpisodes(title: string, episodes: readonly EpisodeTrace[]): void {
  const film = episodeAnimation(title, episodes)
  const still = { data: film.data, layout: { ...film.layout, updatemenus: [], sliders: [] } }
  display((last) => figureBundle(film, last ? still : undefined, quickRunNotice()))
}

/**
 * Shows a figure or a frame below the cell. The function returned shows another in its place, and may be called often: a few times
 * a second, and when the cell ends, the newest is shown.
 */
export function updatable(first: Figure | Frame): (next: Figure | Frame) => void {
  const replace = display(contentOf(first))
  return (next) => replace(contentOf(next))
}

/**
 * Returns an output, with a picture only when it is the `last` in its place, for a picture takes a fifth of a second.
 *
 * @throws TypeError for what cannot be shown, here and not later when no cell would hear of it
 */
function contentOf(content: Figure | Frame, notice = quickRunNotice()): Content {
  const { data, layout, columns, index, values } = Object(content) as Partial<Figure & Frame>
  if (isList(data) && isRecord(layout)) {
    const figure = drawable(content as Figure)
    return (last) => figureBundle(figure, last ? figure : undefined, notice)
  }
  if (isList(columns) && isList(index) && isList(values)) {
    const rows = Array.from(values, (row) => (isList(row) ? row.length : 1))
    if (rows.length !== index.length || rows.some((length) => length !== columns.length))
      throw new TypeError(`a frame has a row of ${columns.length} values, one a column, for each entry of its index`)
    return () => frameBundle(content as Frame, notice)
  }
  const known = 'a figure (data and layout) or a frame (columns, index and values: a dfd.DataFrame or dfd.Series)'
  throw new TypeError(`only ${known} can be shown, not ${kindOf(content)}`)
}

/** @param still the figure to draw as a picture, for readers without Plotly */
function figureBundle(figure: Figure, still: Figure | undefined, notice: string): Bundle {
  const marked = (one: Figure): Figure => (notice ? withSubtitle(one, notice) : one)
  const png = still && host().picture(marked(still))
  return {
    'application/vnd.plotly.v1+json': marked(figure),
    ...(png && { 'image/png': png }),
    'text/plain': `[figure: ${plainTitle(figure)}]`
  }
}

function frameBundle({ columns, index, values }: Frame, notice: string): Bundle {
  const rows = values as ArrayLike<unknown>
  const shown = Math.min(rows.length, 2 * shownRows)
  // numbers in their order name no row, unless some are left out
  const named = columns.length === 1 || shown < rows.length || Array.from(index).some((name, i) => name !== i)
  const body = Array.from({ length: shown }, (_, i) => {
    const r = i < shownRows ? i : rows.length - shown + i
    return [...(named ? [index[r]] : []), ...(isList(rows[r]) ? Array.from(rows[r]) : [rows[r]])].map(text)
  })
  const lines = [[...(named ? [''] : []), ...Array.from(columns, text)], ...body]
  const note = shown < rows.length ? `${rows.length} rows, of which these are the first and the last ${shownRows}` : ''
  const caption = [notice, note].filter(Boolean).join('; ')
  const cellsOf = (cells: string[], tag: string): string => cells.map((cell) => element(tag, cell)).join('')
  const head = cellsOf(lines[0], 'th scope="col"')
  const rest = body.map(([name, ...cells]) => `<tr>${cellsOf([name], 'th scope="row"')}${cellsOf(cells, 'td')}</tr>`)
  const html = `<table>${caption && element('caption', caption)}<thead><tr>${head}</tr></thead><tbody>${rest.join('')}</tbody></table>`
  const widths = lines[0].map((_, c) => Math.max(...lines.map((line) => line[c]?.length ?? 0)))
  const plain = lines.map((line) => line.map((word, c) => word.padStart(widths[c])).join('  '))
  return { 'text/html': html, 'text/plain': [...plain, ...(note ? [note] : [])].join('\n') }
}

const text = (value: unknown): string => (typeof value === 'number' ? String(rounded(value)) : String(value))

const element = (tag: string, text: string): string => `<${tag}>${escaped(text)}</${tag.split(' ')[0]}>`

/** Rounds to three digits, or to a whole number from 100 on. */
const rounded = (value: number): number => (Math.abs(value) < 100 ? Number(value.toPrecision(3)) : Math.round(value))

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c)
