import { episodeAnimation } from '../figures/episodes'
import { drawable, type Figure } from '../figures/theme'
import type { EpisodeTrace } from '../trace'
import { check, choice, text } from '../util/schema'
import { type ExportFormat, figureFormats, host, tableFormats } from './host'
import type { Frame } from './show'

/**
 * Writes a figure to a file, as wide and high as its layout says, else 900 by 450 px. The name's ending says how: `.svg` and `.pdf` for a
 * paper, `.png`, or `.html`, a page that any browser opens and that moves.
 *
 * @throws RangeError for another ending; Error where no Chromium draws, or the file cannot be written
 */
export const exportFigure = async (figure: Figure, path: string) => write(drawable(figure), path, figureFormats)

/**
 * Writes a table, as `show` takes it, to a file: `.csv`, or `.tex`, a `tabular` for a paper that uses the package booktabs.
 *
 * @throws RangeError for another ending; TypeError for what is no table; Error where the file cannot be written
 */
export const exportTable = (table: Frame, path: string): Promise<void> => write(table, path, tableFormats)

async function write(content: Figure | Frame, path: string, formats: readonly ExportFormat[]): Promise<void> {
  check(text, 'path', path)
  const format = path.split('.').at(-1) as ExportFormat
  check(choice(formats), 'ending', format)
  await host().writeFile(path, await host().exported(content, format))
}

/** Writes episodes, as `traceEpisode` returns them, to a page that plays them side by side, or in another of `exportFigure`'s formats. */
export const exportEpisodes = (title: string, episodes: readonly EpisodeTrace[], path: string): Promise<void> =>
  exportFigure(episodeAnimation(title, episodes), path)
