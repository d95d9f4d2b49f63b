import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Browser } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const needless = ['gpu', 'quic', 'background-networking', 'component-update', 'sync']

/** Returns the path of an installed Chromium, or undefined. */
export const findChromium = (): string | undefined =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(existsSync)

/**
 * Starts Chromium without a window, with a profile of its own. It ends with this process; signals are left to the caller.
 *
 * @throws Error when none is found, or it does not start
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('no Chromium was found on the PATH: install it, then try again')
  const { chromium } = await import('playwright-core') // it takes half a second to load
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--no-first-run', ...needless.map((part) => `--disable-${part}`)],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false
  })
}
