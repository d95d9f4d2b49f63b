import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const needless = ['gpu', 'quic', 'background-networking', 'component-update', 'sync']

/** The path of a Chromium that is installed, or undefined. */
export const findChromium = () =>
  process.env.PATH.split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(existsSync)

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
