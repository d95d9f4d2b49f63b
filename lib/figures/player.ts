import type { Layout } from './theme'

/** Milliseconds between frames at normal speed. */
const frameDuration = 40

const immediately = { mode: 'immediate', transition: { duration: 0 } }
const jump = { ...immediately, frame: { duration: 0, redraw: false } }

/** Returns the buttons that play an animation at several speeds or pause it, and a slider over its frames by name. */
export function playerControls(frames: readonly string[]): Layout {
  const button = (label: string, args: unknown[]) => ({ label, method: 'animate', args })
  const play = (label: string, slowness: number) => {
    const frame = { duration: slowness * frameDuration, redraw: false }
    return button(label, [null, { ...immediately, frame, fromcurrent: true }])
  }
  const buttons = [play('▶ play', 1), play('slow', 4), play('fast', 0.4), button('❚❚ pause', [[null], jump])]
  const steps = frames.map((frame) => button('', [[frame], jump]))
  const buttonPlace = { x: 0, xanchor: 'left', y: -0.2, yanchor: 'top', direction: 'right' }
  const sliderPlace = { x: 0.38, len: 0.62, y: -0.19, pad: { t: 0 }, ticklen: 0, minorticklen: 0 }
  return {
    updatemenus: [{ type: 'buttons', ...buttonPlace, showactive: false, buttons }],
    sliders: [{ ...sliderPlace, currentvalue: { visible: false }, steps }]
  }
}
