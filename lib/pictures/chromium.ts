import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const needless = ['gpu', 'quic', 'background-networking', 'component-update', 'sync']

/** The path of a Chromium that is installed, or undefined. */
export const findChromium = (): string | undefined =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(existsSync)

/**
 * Starts it, out of sight, with a profile of its own. It ends with this process; signals are left to whoever calls.
 *
 * @throws Error when none is found, or it does not start
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('no Chromium was found on the PATH: install it, then try again')
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--no-first-run', ...needless.map((what) => `--disable-${what}`)],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false
  })
}
