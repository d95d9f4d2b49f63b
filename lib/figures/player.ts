import type { Layout } from './theme'

const immediately = { mode: 'immediate', transition: { duration: 0 } }
const jump = { ...immediately, frame: { duration: 0, redraw: false } }

/**
 * Returns the buttons that play an animation at several speeds or pause it, and a slider over its frames by name.
 *
 * @param active index of the frame shown first
 * @param y place below the panels, in shares of their height
 */
export function playerControls(frames: readonly string[], active: number, y: number): Layout {
  const button = (label: string, args: unknown[]) => ({ label, method: 'animate', args })
  /** @param duration of a frame, ms */
  const play = (label: string, duration: number) =>
    button(label, [null, { ...immediately, frame: { duration, redraw: false }, fromcurrent: true }])
  const buttons = [play('▶ play', 40), play('slow', 160), play('fast', 16), button('❚❚ pause', [[null], jump])]
  const buttonPlace = { x: 0, xanchor: 'left', y, yanchor: 'top', direction: 'right' }
  const sliderPlace = { x: 0.38, len: 0.62, y, pad: { t: 0 }, ticklen: 0, minorticklen: 0, active }
  const steps = frames.map((frame) => button('', [[frame], jump]))
  return {
    updatemenus: [{ type: 'buttons', ...buttonPlace, showactive: false, buttons }],
    sliders: [{ ...sliderPlace, currentvalue: { visible: false }, steps }]
  }
}
