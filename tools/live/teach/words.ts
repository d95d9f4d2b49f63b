/** The page's names of strategies, and its words for a state. */
import { type Point, pointsOf } from './hand.ts'
import type { Strategy } from './lesson.ts'

type Look = { readonly title: string; readonly colour: string; readonly dash: string }
/** The titles, colours and dashes of the strategies, as in the figures; the bundle has them. */
declare const looks: Readonly<Record<Strategy, Look>>

/** Returns a title; of *Loss Gradient (RadGrad)* the name that the paper has. */
export const titleOf = (strategy: Strategy): string => looks[strategy].title.replace(/.*\((.*)\)/, '$1')
/** Returns a colour as CSS. In the dark it is lighter, to stand out from the ground. */
export const colourOf = (strategy: Strategy): string =>
  matchMedia('(prefers-color-scheme: dark)').matches
    ? `color-mix(in oklab, ${looks[strategy].colour}, white 25%)`
    : looks[strategy].colour
export const dashOf = (strategy: Strategy): string => looks[strategy].dash

const centimetres = (metres: number): string => `${Math.abs(100 * metres).toFixed(1)} cm`
const place = ([x, y]: Point): string =>
  `${centimetres(x)} ${x < 0 ? 'left' : 'right'}, ${centimetres(y)} ${y < 0 ? 'down' : 'up'}`

/** Tells a state to those who do not see the arm: places are from the shoulder, the way is from the tip to the target. */
export function describe(state: ArrayLike<number>): string {
  const { tip, target } = pointsOf(state)
  return `Target: ${place(target)}. Tip: ${place(tip)}. To go: ${place([target[0] - tip[0], target[1] - tip[1]])}.`
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
