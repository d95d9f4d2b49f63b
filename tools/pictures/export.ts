/** Figures as files to pass on. Chromium draws all but pages. */
import { readFile } from 'node:fs/promises'
import type { Figure, Frame } from 'radgrad'
import { type ExportFormat, plainTitle } from 'radgrad/dist/internal.js'
import { tableText } from '../host/table.ts'
import { launchChromium } from './chromium.ts'
import { plotly, plotlyPage } from './draw.ts'

/**
 * Returns the contents of a file of a figure, or of a table.
 *
 * @throws Error when no Chromium is found
 */
export async function exported(content: Figure | Frame, format: ExportFormat): Promise<string | Uint8Array> {
  if (format === 'csv' || format === 'tex') return tableText(content as Frame, format)
  const figure = content as Figure
  if (format === 'html') return pageOf(figure)
  const { width = 900, height = 450 } = figure.layout as { readonly width?: number; readonly height?: number }
  const browser = await launchChromium()
  try {
    const { page, drawOn } = await plotlyPage(browser, 2)
    await drawOn(figure, { width, height })
    if (format === 'png') return await page.locator('#figure').screenshot()
    if (format === 'pdf') return await page.pdf({ width: `${width}px`, height: `${height}px`, printBackground: true })
    const address = await page.evaluate<string>(
      `Plotly.toImage('figure', { format: 'svg', width: ${width}, height: ${height} })`
    )
    return decodeURIComponent(address.slice(address.indexOf(',') + 1))
  } finally {
    await browser.close()
  }
}

/** Returns a page with all that draws the figure, and plays it if it has frames. */
async function pageOf(figure: Figure): Promise<string> {
  const { data, layout, frames } = figure
  const { transform } = await import('esbuild') // seldom needed
  const { code } = await transform(await readFile(plotly, 'utf8'), { minify: true, legalComments: 'inline' })
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${inHtml(plainTitle(figure))}</title>
<style>body { margin: 0 }</style>
<div id="figure"></div>
<script>${inScript(code)}</script>
<script>
Plotly.newPlot('figure', ${inScript(JSON.stringify({ data, layout, frames, config: { responsive: true } }))})
</script>
</html>
`
}

const inHtml = (text: string): string => text.replace(/[&<]/g, (c) => (c === '&' ? '&amp;' : '&lt;'))

/** Keeps a script's text from ending the element it stands in. */
const inScript = (text: string): string => text.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
