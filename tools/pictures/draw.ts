import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import type { Figure } from 'radgrad'
import { drawable } from 'radgrad/dist/internal.js'
import { launchChromium } from './chromium.ts'

const require = createRequire(import.meta.url)
// a module of CommonJS whose default is a field
const { default: upng } = require('@pdf-lib/upng') as { readonly default: typeof import('@pdf-lib/upng') }

/** The file of Plotly. */
export const plotly = require.resolve('plotly.js-dist/plotly.js')

/** In pixels of the page. */
interface Size {
  readonly width: number
  readonly height: number
}

/**
 * Opens a page with Plotly.
 *
 * @param scale pixels of a picture for one of the page
 * @returns the page, and what draws a figure on it in place of the one before
 */
export async function plotlyPage(browser: Browser, scale: number) {
  const page = await browser.newPage({ deviceScaleFactor: scale })
  await page.setContent('<!doctype html><style>body { margin: 0 }</style><div id="figure"></div>')
  await page.addScriptTag({ path: plotly })
  const drawOn = async (figure: Figure, size: Size): Promise<void> => {
    const { data, layout } = drawable(figure)
    await page.setViewportSize(size)
    const drawing = `Plotly.newPlot('figure', ${JSON.stringify(data)}, ${JSON.stringify({ ...layout, ...size })}, { staticPlot: true })`
    await page.evaluate(drawing)
  }
  return { page, drawOn }
}

/**
 * Returns a function that draws a figure on a page and takes its picture, as PNG.
 *
 * @param scale pixels of the picture for one of the page
 */
export async function figureRenderer(
  browser: Browser,
  scale: number
): Promise<(figure: Figure, size: Size) => Promise<Buffer>> {
  const { page, drawOn } = await plotlyPage(browser, scale)
  return async (figure, size) => {
    await drawOn(figure, size)
    return withPalette(await page.locator('#figure').screenshot({ omitBackground: true }))
  }
}

/** Returns a PNG in 128 colours: a quarter of its size, and nobody sees a difference. */
function withPalette(png: Buffer): Buffer {
  const { buffer, byteOffset, length } = png
  const image = upng.decode(buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer)
  return Buffer.from(upng.encode(upng.toRGBA8(image), image.width, image.height, 128))
}

/** Draws figures in the size that a page of a notebook gives them, with one Chromium that starts now and is kept. */
export function stillRenderer() {
  const width = 900
  const browser = launchChromium()
  const renderer = browser.then((started) => figureRenderer(started, 1))
  renderer.catch(() => {}) // who has a figure drawn hears of it
  return {
    /** Resolves when Chromium draws, or never will: its start may take longer than a kernel waits for a picture. */
    begun: renderer.then(
      () => {},
      () => {}
    ),
    /** Returns PNG, in base64. */
    async render(figure: Figure): Promise<string> {
      const { height = 450 } = figure.layout as { readonly height?: number }
      return (await (await renderer)(figure, { width, height })).toString('base64')
    },
    async close(): Promise<void> {
      await browser.then(
        (started) => started.close(),
        () => {} // it never started
      )
    }
  }
}

/**
 * Draws figures, with two pixels of the picture for one of the page.
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
    const render = await figureRenderer(browser, 2)
    const pictures: Buffer[] = []
    for (const { figure, width, height } of figures) {
      signal?.throwIfAborted()
      pictures.push(await render(figure, { width, height }))
    }
    return pictures
  } finally {
    await browser.close()
  }
}
