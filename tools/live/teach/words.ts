/** The page's sentences. */
import { type Point, pointsOf } from './hand.ts'
import type { Answered, Strategy, Why } from './lesson.ts'

type Look = { readonly title: string; readonly colour: string; readonly dash: string }
/** The titles, colours and dashes of the strategies, as in the figures; the bundle has them. */
declare const looks: Readonly<Record<Strategy, Look>>

/** Returns a title; of *Loss Gradient (RadGrad)* the name that the paper has. */
export const titleOf = (strategy: Strategy): string => looks[strategy].title.replace(/.*\((.*)\)/, '$1')
export const colourOf = (strategy: Strategy): string => looks[strategy].colour
export const dashOf = (strategy: Strategy): string => looks[strategy].dash

/** Reasons to query, in words: what the strategy predicts of its own error. */
const kinds: Readonly<Record<string, string>> = {
  always: 'every state',
  random: 'chance',
  riskLogit: 'predicted risk high',
  predictedLoss: 'predicted error large',
  lossGradient: 'predicted error steep',
  'predictedLoss,lossGradient': 'predicted error large and steep'
}
export const inWords = (reasons: readonly string[]): string => kinds[reasons.join()] ?? reasons.join(' and ')

type Question = Pick<Answered, 'iteration' | 'reasons'>

/** Counts questions by their reasons, those of the first episode apart. Each is counted once. */
export function countsByReason(questions: readonly Question[]): string[] {
  const since = questions.filter(({ iteration }) => iteration > 1)
  const counts = Object.entries(kinds).map(
    ([kind, words]) => [since.filter(({ reasons }) => reasons.join() === kind).length, words] as const
  )
  return [[questions.length - since.length, 'episode 1'] as const, ...counts]
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
}

const inShort = (value: number): string => Number(value.toPrecision(2)).toString()
/** Tells a logit as the probability that it stands for, and other scores as they are. */
const level = (name: string, value: number): string =>
  inShort(name === 'riskLogit' ? 1 / (1 + Math.exp(-value)) : value)

/** Tells scores, and the thresholds above which a state is asked about; of none an empty text. */
export function levelsInWords(scores: Why['scores']): string {
  const entries = Object.entries(scores)
  const all = (i: 0 | 1): string => entries.map(([name, levels]) => level(name, levels[i])).join(' and ')
  return entries.length > 0 ? ` (${all(0)}; asked above ${all(1)})` : ''
}

const centimetres = (metres: number): string => `${Math.abs(100 * metres).toFixed(1)} cm`
const place = ([x, y]: Point): string =>
  `${centimetres(x)} ${x < 0 ? 'left' : 'right'}, ${centimetres(y)} ${y < 0 ? 'down' : 'up'}`

/** Tells a state to those who do not see the arm: places are from the shoulder, the way is from the tip to the target. */
export function describe(state: ArrayLike<number>): string {
  const { tip, target } = pointsOf(state)
  return `Target: ${place(target)}. Tip: ${place(tip)}. To go: ${place([target[0] - tip[0], target[1] - tip[1]])}.`
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
