import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import type { Figure } from '../figures/figure'
import { launchChromium } from './chromium'

/** In pixels of the page. */
interface Size {
  readonly width: number
  readonly height: number
}

/**
 * Gives a function that draws figures on a page, and takes their pictures, as PNG.
 *
 * @param scale pixels of the picture to one of the page
 */
export async function easel(browser: Browser, scale: number): Promise<(figure: Figure, size: Size) => Promise<Buffer>> {
  const page = await browser.newPage({ deviceScaleFactor: scale })
  await page.setContent('<!doctype html><style>body { margin: 0 }</style><div id="figure"></div>')
  await page.addScriptTag({ path: createRequire(__filename).resolve('plotly.js-dist/plotly.js') })
  return async ({ data, layout }, size) => {
    await page.setViewportSize(size)
    const drawing = `Plotly.newPlot('figure', ${JSON.stringify(data)}, ${JSON.stringify({ ...layout, ...size })}, { staticPlot: true })`
    await page.evaluate(drawing)
    return page.locator('#figure').screenshot()
  }
}

/**
 * Draws figures, with two pixels of the picture to one of the page.
 *
 * @param signal stops it
 * @returns the pictures, PNG
 * @throws Error when no Chromium is found; the signal's reason
 */
export async function draw(
  figures: readonly ({ readonly figure: Figure } & Size)[],
  signal?: AbortSignal
): Promise<Buffer[]> {
  if (figures.length === 0) return []
  const browser = await launchChromium()
  try {
    const picture = await easel(browser, 2)
    const pictures: Buffer[] = []
    for (const { figure, width, height } of figures) {
      signal?.throwIfAborted()
      pictures.push(await picture(figure, { width, height }))
    }
    return pictures
  } finally {
    await browser.close()
  }
}
