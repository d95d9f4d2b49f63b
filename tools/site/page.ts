/** Pages of the site, whose contents are notebooks'. */
import type { Figure } from 'radgrad'
import { plainTitle } from 'radgrad/dist/internal.js'

export interface Page {
  /** In the site. */
  readonly path: string
  readonly title: string
  readonly notebook: Notebook
  /** The file's name, if the page is a notebook's own. */
  readonly download?: string
  /** The code, if the page shows a source file. */
  readonly source?: string
}

export interface Notebook {
  readonly nbformat: number
  readonly nbformat_minor: number
  readonly metadata: object
  readonly cells: readonly Cell[]
}

export interface Cell {
  readonly cell_type: string
  readonly metadata: object
  readonly source: string | readonly string[]
  readonly execution_count?: number | null
  readonly outputs?: readonly Output[]
}

/** An output in Jupyter's format. Streams and errors have no data. */
export interface Output {
  readonly output_type: string
  readonly metadata?: object
  readonly data?: Bundle
}

/** An output in the forms that readers of different kinds take. */
export interface Bundle {
  readonly 'application/vnd.plotly.v1+json'?: Figure
  readonly 'text/plain'?: string
  /** In base64. */
  'image/png'?: string
}

/** Makes a page of some cells. */
export const page = (path: string, title: string, cells: readonly Cell[]): Page => ({
  path,
  title,
  notebook: { nbformat: 4, nbformat_minor: 4, metadata: {}, cells }
})

export const markdown = (source: string): Cell => ({ cell_type: 'markdown', metadata: {}, source })

/** Makes a cell that shows a figure, its caption below, and its picture where scripts are off. */
export function output(figure: Figure, picture?: Buffer, caption = ''): Cell {
  const data: Bundle = { 'application/vnd.plotly.v1+json': figure, 'text/plain': plainTitle(figure) }
  if (picture) data['image/png'] = picture.toString('base64')
  const shown = { output_type: 'display_data', metadata: { caption }, data }
  return { cell_type: 'code', metadata: {}, execution_count: null, source: '', outputs: [shown] }
}
