/** Draws for `picture`, in a thread of its own, by one Chromium that it keeps. */
import { runAsWorker } from 'synckit'
import type { Figure } from '../figures/figure'
import { launchChromium } from './chromium'
import { easel } from './draw'

const width = 900
let draw: ReturnType<typeof easel> | undefined

runAsWorker(async (figure: Figure): Promise<string> => {
  draw ??= launchChromium().then((browser) => easel(browser, 1))
  const { height } = figure.layout as { height?: number }
  return (await (await draw)(figure, { width, height: height ?? 450 })).toString('base64')
})
