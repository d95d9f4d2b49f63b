import { readFileSync } from 'node:fs'
import { launchChromium } from './chromium.mjs'
import { inRoot } from './setup/root.mjs'

/**
 * Draws figures as pictures, in Chromium.
 *
 * @param figures { figure, path, width, height } each, in pixels of the page; the picture has twice as many, and without a path goes
 *   into no file
 * @param signal stops it
 * @returns the pictures, PNG
 * @throws Error when no Chromium is found; the signal's reason
 */
export async function draw(figures, signal) {
  if (figures.length === 0) return []
  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ deviceScaleFactor: 2 })
    await page.setContent('<!doctype html><div id="figure"></div>')
    await page.addScriptTag({ content: readFileSync(inRoot('node_modules/plotly.js-dist/plotly.js'), 'utf8') })
    const pictures = []
    for (const { figure, path, width, height } of figures) {
      signal?.throwIfAborted()
      await page.setViewportSize({ width, height })
      await page.evaluate(
        ({ data, layout, width, height }) =>
          globalThis.Plotly.newPlot('figure', data, { ...layout, width, height }, { staticPlot: true }),
        { ...figure, width, height }
      )
      pictures.push(await page.locator('#figure').screenshot({ path }))
    }
    return pictures
  } finally {
    await browser.close()
  }
}
