/** A lesson: one run of Algorithm 1 whose expert is the reader, and the file of it. */
import type * as rg from 'radgrad'
import { decodeRecord, encodeRecord, hash, isRecord } from 'radgrad/dist/internal.js'
import type { Point } from './hand.ts'

/** The strategies of a lesson. */
export const strategies = ['dagger', 'random', 'safedagger', 'loss-gradient'] as const
export type Strategy = (typeof strategies)[number]

/**
 * The protocol's fields that differ from the paper's, so that a person has the patience. Episodes of one iteration run in lockstep, so one it is.
 * The reader acts in the first, and is the expert from then on in `rate` of the states, or in all of them until the budget is spent.
 */
export const changes = {
  iterations: 12,
  episodes: 1,
  trials: 20,
  firstBatch: 'expert',
  budget: 200,
  validation: 0
} as const satisfies Partial<rg.Protocol>
export const rate = 0.2

/** The reader's answer to a query: where the tip should go, m; `late` if the time was over and the last place stood for it. */
export interface Answer {
  readonly hand: Point
  readonly late: boolean
}

/** An answer with its question: the state, why it was asked about, and the torques that the answer became. */
export interface Answered extends Answer {
  readonly iteration: number
  readonly reasons: readonly string[]
  readonly state: readonly number[]
  readonly action: readonly number[]
}

/** A lesson that has ended: the answers in order, and the record that they make with the protocol and the seed in it. */
export interface Lesson {
  readonly answers: readonly Answered[]
  readonly record: rg.RunRecord
}

const format = 'radgrad lesson'

/** Names the reader in a record, in the place of an expert's hash: by what was answered. */
export const nameOf = async (answers: readonly Answered[]): Promise<string> =>
  `reader@${await hash(answers.map(({ state, action }) => [state, action]))}`

/** Writes a lesson as text: an answer a line, then the record as it is always written. */
export const encodeLesson = ({ answers, record }: Lesson): string =>
  `{"format": "${format}",\n"answers": [\n${answers.map((answer) => JSON.stringify(answer)).join(',\n')}\n],\n"record": ${encodeRecord(record)}}\n`

/**
 * Reads a lesson from the text that `encodeLesson` writes.
 *
 * @throws Error for anything else, even if a digit of an action, a state or the record was changed
 */
export async function decodeLesson(text: string): Promise<Lesson> {
  const found: unknown = JSON.parse(text)
  if (!isRecord(found) || found.format !== format || !Array.isArray(found.answers))
    throw new Error('it is no lesson: a page of teaching writes one when a round has ended')
  const answers = found.answers as readonly Answered[]
  const record = await decodeRecord(JSON.stringify(found.record))
  if (record.protocol.expert !== (await nameOf(answers))) throw new Error('its answers are not those of its record')
  return { answers, record }
}
