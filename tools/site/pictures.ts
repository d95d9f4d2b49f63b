import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Figure } from 'radgrad'
import { findChromium } from '../pictures/chromium.ts'
import { draw } from '../pictures/draw.ts'
import { type Report, sized } from '../report/report.ts'
import type { Page } from './page.ts'

interface Lacking {
  readonly figure: Figure
  readonly keep: (picture: Buffer) => void
}

/**
 * Draws the pictures that readers without scripts see, of those figures that have none yet: the report's as files of a folder, the
 * notebooks' among their outputs. Without Chromium there are no more than there were.
 */
export async function drawMissing(
  figures: Report['figures'],
  notebooks: readonly Page[],
  folder: string
): Promise<void> {
  if (!findChromium()) return
  const lacking = [...ofReport(figures, folder), ...ofNotebooks(notebooks)]
  const pictures = await draw(lacking.map(({ figure }) => sized(figure)))
  for (const [i, { keep }] of lacking.entries()) keep(pictures[i])
}

const ofReport = (figures: Report['figures'], folder: string): Lacking[] =>
  Object.entries(figures)
    .map(([name, figure]) => ({ figure, path: join(folder, `${name}.png`) }))
    .filter(({ path }) => !existsSync(path))
    .map(({ figure, path }) => ({ figure, keep: (picture) => writeFileSync(path, picture) }))

const ofNotebooks = (pages: readonly Page[]): Lacking[] =>
  pages
    .flatMap(({ notebook }) => notebook.cells.flatMap(({ outputs = [] }) => outputs))
    .flatMap(({ data }) => {
      const figure = data?.['application/vnd.plotly.v1+json']
      if (!figure || data['image/png']) return []
      const keep = (picture: Buffer): void => {
        data['image/png'] = picture.toString('base64')
      }
      return [{ figure, keep }]
    })
