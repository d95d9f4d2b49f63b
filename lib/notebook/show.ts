/**
 * What a cell shows, as one bundle of several types, of which each reader takes the best it knows: JupyterLab and VS Code
 * draw Plotly's own, a page on the web gets what it can.
 */
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import type { Film } from '../experiments/film'
import { type Figure, withSubtitle } from '../figures/figure'
import { animation, strip } from '../figures/films'
import { picture } from '../pictures/picture'
import { warning } from './reproduction'

/** Anything with danfo's frames' columns and values. */
export interface Frame {
  readonly columns: readonly string[]
  readonly index: readonly (string | number)[]
  readonly values: unknown
}

type Bundle = Readonly<Record<string, unknown>>

/** Shows a figure or a frame below the cell. */
export function show(what: Figure | Frame): void {
  live(what)
}

/** Plays films side by side below the cell; where nothing can be played, on the web or on paper, they are strips of poses. */
export function watch(title: string, films: readonly Film[]): void {
  display(figureBundle(animation(title, films), strip(title, films)), randomUUID(), false)
}

/** Shows a figure or a frame below the cell; the function returned puts another in its place. */
export function live(what: Figure | Frame): (next: Figure | Frame) => void {
  const id = randomUUID()
  display(bundle(what), id, false)
  return (next) => display(bundle(next), id, true)
}

const bundle = (what: Figure | Frame): Bundle => ('layout' in what ? figureBundle(what) : frameBundle(what))

function figureBundle(figure: Figure, still = figure): Bundle {
  const { title } = figure.layout as { title?: { text?: string } }
  const [shown, drawn] = [figure, still].map((one) => (warning ? withSubtitle(one, warning) : one))
  const png = picture(drawn)
  return {
    'application/vnd.plotly.v1+json': shown,
    ...(png && { 'image/png': png }),
    'text/plain': `[figure: ${title?.text ?? 'untitled'}]`
  }
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

interface TslabJupyter {
  readonly lastWriteDisplayData:
    | ((message: { data: Bundle; metadata: Bundle; transient: { display_id: string } }, update: boolean) => void)
    | null
}

/**
 * Sends a bundle to the notebook. tslab's public `display` sends one type at a time and cannot update it, so this goes one
 * level below; outside a notebook it prints the text.
 */
function display(data: Bundle, id: string, update: boolean): void {
  const write = tslab()?.lastWriteDisplayData
  if (write) write({ data, metadata: {}, transient: { display_id: id } }, update)
  else if (!update) console.log(data['text/plain'])
}

function tslab(): TslabJupyter | undefined {
  try {
    return createRequire(__filename)('tslab/dist/jupyter') as TslabJupyter
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
