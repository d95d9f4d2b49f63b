import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from '../../lib/dist/pictures/chromium.js'
import { draw } from '../../lib/dist/pictures/draw.js'

const plotly = 'application/vnd.plotly.v1+json'

/**
 * Draws the pictures that readers without scripts see, of those figures that have none yet: the report's as files of a folder, the
 * notebooks' among their outputs. Without Chromium there are no more than there were.
 */
export async function drawMissing(figures, notebooks, folder) {
  if (!findChromium()) return
  const lacking = [...ofReport(figures, folder), ...ofNotebooks(notebooks)]
  const pictures = await draw(
    lacking.map(({ figure }) => ({ figure, width: 1100, height: (figure.layout.height ?? 450) + 60 }))
  )
  for (const [i, { keep }] of lacking.entries()) keep(pictures[i])
}

const ofReport = (figures, folder) =>
  Object.entries(figures)
    .map(([name, figure]) => ({ figure, path: join(folder, `${name}.png`) }))
    .filter(({ path }) => !existsSync(path))
    .map(({ figure, path }) => ({ figure, keep: (picture) => writeFileSync(path, picture) }))

const ofNotebooks = (pages) =>
  pages
    .flatMap(({ notebook }) => notebook.cells.flatMap(({ outputs = [] }) => outputs.map(({ data }) => data)))
    .filter((data) => data?.[plotly] && !data['image/png'])
    .map((data) => ({
      figure: data[plotly],
      keep: (picture) => {
        data['image/png'] = picture.toString('base64')
      }
    }))
