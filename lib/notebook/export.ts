import { episodeAnimation } from '../figures/episodes'
import { drawable, type Figure } from '../figures/theme'
import type { EpisodeTrace } from '../trace'
import { isList } from '../util/json'
import { check, choice, text } from '../util/schema'
import { type ExportFormat, figureFormats, host, tableFormats } from './host'
import type { Frame } from './show'

/**
 * Writes a figure to a file, as wide and high as its layout says, else 900 by 450 px. The name's ending says how: `.svg` and `.pdf` for a
 * paper, `.png`, or `.html`, a page that any browser opens and that moves.
 *
 * @throws RangeError for another ending; Error where no Chromium draws, or the file cannot be written
 */
export const exportFigure = async (figure: Figure, path: string): Promise<void> =>
  write(drawable(figure), path, figureFormats)

/**
 * Writes a table, as `show` takes it, to a file: `.csv`, or `.tex`, a `tabular` for a paper that uses the package booktabs. A cell that is null
 * stays empty.
 *
 * @throws RangeError for another ending; TypeError for what is no table, with an entry of the index for each row; Error where the file cannot be
 *   written
 */
export async function exportTable({ columns, index, values }: Frame, path: string): Promise<void> {
  if (isList(index) && isList(values) && index.length !== values.length)
    throw new TypeError(`the table has ${values.length} rows, and its index ${index.length} entries: give one for each`)
  await write({ columns, index, values: withoutNull(values) }, path, tableFormats)
}

/** Returns a cell, or lists of them, with an empty text in place of null. */
const withoutNull = (cell: unknown): unknown => (isList(cell) ? Array.from(cell, withoutNull) : (cell ?? ''))

async function write(content: Figure | Frame, path: string, formats: readonly ExportFormat[]): Promise<void> {
  check(text, 'path', path)
  const format = path.split('.').at(-1) as ExportFormat
  check(choice(formats), 'ending', format)
  await host().writeFile(path, await host().exported(content, format))
}

/** Writes episodes, as `traceEpisode` returns them, to a page that plays them side by side, or in another of `exportFigure`'s formats. */
export const exportEpisodes = (title: string, episodes: readonly EpisodeTrace[], path: string): Promise<void> =>
  exportFigure(episodeAnimation(title, episodes), path)
