import { join } from 'node:path'
import { createSyncFn } from 'synckit'
import type { Figure } from '../figures/figure'
import { findChromium } from './chromium'

/** Milliseconds, the start of Chromium included. */
const patience = 20_000

let draw: ((figure: Figure) => string) | undefined
let able = true

/**
 * A figure as a picture, drawn by the Chromium of this machine; undefined where there is none or it fails, of which nobody
 * is to be bothered: a picture is for readers who have no Plotly.
 *
 * @returns PNG, in base64
 */
export function picture(figure: Figure): string | undefined {
  if (!able || !findChromium()) return undefined
  try {
    draw ??= createSyncFn<(figure: Figure) => Promise<string>>(join(__dirname, 'worker.js'), { timeout: patience })
    return draw(figure)
  } catch {
    able = false
    return undefined
  }
}
