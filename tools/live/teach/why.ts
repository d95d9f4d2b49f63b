/** Why the reader was asked, in words. */
import type { Answered, Why } from './lesson.ts'

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
export function countsByReason(questions: readonly Question[]): (readonly [count: number, words: string])[] {
  const since = questions.filter(({ iteration }) => iteration > 1)
  const counts = Object.entries(kinds).map(
    ([kind, words]) => [since.filter(({ reasons }) => reasons.join() === kind).length, words] as const
  )
  return [[questions.length - since.length, 'episode 1'] as const, ...counts].filter(([count]) => count > 0)
}

const inShort = (value: number): string => Number(value.toPrecision(2)).toString()
/** Tells a logit as the probability that it stands for, and other scores as they are. */
const level = (name: string, value: number): string =>
  inShort(name === 'riskLogit' ? 1 / (1 + Math.exp(-value)) : value)

/** Tells scores and their thresholds; of none an empty text. */
export function levelsInWords(scores: Why['scores']): string {
  const entries = Object.entries(scores)
  const all = (i: 0 | 1): string => entries.map(([name, levels]) => level(name, levels[i])).join(' and ')
  if (entries.length === 0) return ''
  return ` (${all(0)}, ${entries.length > 1 ? 'thresholds' : 'threshold'} ${all(1)})`
}
