/** The thread that draws for `picture`, with one Chromium that it keeps. */
import type { Figure } from 'radgrad'
import { runAsWorker } from 'synckit'
import { launchChromium } from './chromium.ts'
import { figureRenderer } from './draw.ts'

const width = 900
let renderer: ReturnType<typeof figureRenderer> | undefined

runAsWorker(async (figure: Figure): Promise<string> => {
  renderer ??= launchChromium().then((browser) => figureRenderer(browser, 1))
  const { height } = figure.layout as { height?: number }
  return (await (await renderer)(figure, { width, height: height ?? 450 })).toString('base64')
})
