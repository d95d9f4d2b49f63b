import { chromium } from 'playwright-core'
import { findChromium } from './find-chromium.mjs'

const needless = ['gpu', 'quic', 'background-networking', 'component-update', 'sync']

/**
 * Starts it, out of sight, with a profile of its own.
 *
 * @throws Error when none is found
 */
export async function launchChromium() {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('no Chromium was found on the PATH: install it, then try again')
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--no-first-run', ...needless.map((what) => `--disable-${what}`)]
  })
}
