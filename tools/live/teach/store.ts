/** Rounds in the reader's browser, each under a key of its own. Every answer is kept as soon as it is given. */
import { type Answer, type Lesson, type Strategy, strategies } from './lesson.ts'

export interface Round {
  /** When it began, which names it. */
  readonly id: number
  readonly strategy: Strategy
  readonly seed: number
  readonly answers: readonly Answer[]
  /** The file of a round that has ended. */
  readonly text?: string
}

/** Returns the name of the file of a round. */
export const fileNameOf = ({ strategy, seed }: Round): string => `lesson-${strategy}-seed-${seed}.json`

const prefix = 'radgrad-teach-'

/**
 * Keeps a round.
 *
 * @throws Error where the browser keeps nothing, or no more
 */
export const keep = (round: Round): void => localStorage.setItem(`${prefix}${round.id}`, JSON.stringify(round))

export const forget = ({ id }: Round): void => localStorage.removeItem(`${prefix}${id}`)

/** Returns the rounds that were kept, the oldest first; none where the browser keeps nothing. */
export function keptRounds(): Round[] {
  if (!canKeep()) return []
  const keys = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? '')
  return keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => JSON.parse(localStorage.getItem(key) ?? '{}') as Round)
    .filter(({ strategy }) => strategies.includes(strategy))
    .sort((a, b) => a.id - b.id)
}

/** Tests whether there is a place to keep rounds: a browser that is set to keep nothing throws. */
function canKeep(): boolean {
  try {
    return Boolean(localStorage)
  } catch {
    return false
  }
}

/** Returns the lesson of a round that has ended. This browser has written it, so it is not verified. */
export const lessonOf = ({ text }: Round): Lesson | undefined => (text ? (JSON.parse(text) as Lesson) : undefined)
