/** A page in a browser without a network. */
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'

export interface Shown {
  /** Places for figures, and those of them with a figure in them. */
  readonly places: number
  readonly drawn: number
  readonly formulas: number
  /** Texts that still contain a formula's source. */
  readonly untypeset: number
  /** Requests to other addresses, and errors and warnings of the page. */
  readonly requests: readonly string[]
  readonly complaints: readonly string[]
}

export async function open(browser: Browser, path: string): Promise<Shown> {
  const context = await browser.newContext({ offline: true })
  try {
    const page = await context.newPage()
    const requests: string[] = []
    const complaints: string[] = []
    const url = pathToFileURL(path).href
    page.on('request', (request) => {
      if (request.url() !== url && !/^(data|blob):/.test(request.url())) requests.push(request.url())
    })
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(url)
    await page.waitForFunction(() => document.documentElement.dataset.drawn === 'yes')
    await page.waitForSelector('mjx-container', { state: 'attached' })
    const count = (selector: string) => page.locator(selector).count()
    return {
      places: await count('.plotly-figure'),
      drawn: await count('.plotly-figure:has(.main-svg .trace)'),
      formulas: await count('mjx-container svg'),
      untypeset: (await page.locator('.jp-MarkdownOutput').allInnerTexts()).filter((text) => text.includes('$')).length,
      requests,
      complaints
    }
  } finally {
    await context.close()
  }
}

/** Returns references to scripts, styles, pictures and fonts elsewhere. */
export const remoteReferences = (html: string): string[] =>
  html.match(
    /<(?!a\b)[^<>]*\b(?:src|href|srcset)\s*=\s*["']?(?:https?:)?\/\/[^>]*>|(?:url\(|@import)\s*["']?(?:https?:)?\/\/[^)\s]*/gi
  ) ?? []
