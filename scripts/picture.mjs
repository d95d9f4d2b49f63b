/**
 * Renews the README's picture: the figure of the executed notebook 02-dagger, as Chromium draws it.
 *
 *     npm run reproduce -- 02-dagger && node scripts/picture.mjs
 */
import { chromium } from 'playwright-core'
import { findChromium } from './find-chromium.mjs'
import { inRoot } from './setup/root.mjs'

const executablePath = findChromium()
if (!executablePath) throw new Error('no Chromium was found on the PATH: install it, then draw again')
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]
const browser = await chromium.launch({ executablePath, args })
const page = await browser.newPage({ viewport: { width: 1000, height: 800 }, deviceScaleFactor: 2 })
await page.goto(`file://${inRoot('out/02-dagger.html')}`)
await page.waitForFunction(() => document.documentElement.dataset.drawn === 'yes')
await page
  .locator('.plotly-figure')
  .first()
  .screenshot({ path: inRoot('data/figures/reacher.png') })
await browser.close()
