import { join } from 'node:path'
import type { Figure } from 'radgrad'
import { createSyncFn } from 'synckit'
import { findChromium } from './chromium.ts'

/** Milliseconds, including the start of Chromium. */
const patience = 60_000

let render: ((figure: Figure) => string) | undefined
let failed = false

/**
 * Draws a figure with this machine's Chromium. Returns undefined, silently, if Chromium is missing or fails: a picture is for
 * readers without Plotly.
 *
 * @returns PNG, in base64
 */
export function picture(figure: Figure): string | undefined {
  if (failed || !findChromium()) return undefined
  try {
    render ??= createSyncFn<(figure: Figure) => Promise<string>>(join(import.meta.dirname, 'worker.js'), {
      timeout: patience
    })
    return render(figure)
  } catch {
    failed = true
    return undefined
  }
}
