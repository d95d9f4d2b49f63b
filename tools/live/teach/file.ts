/** The file of a lesson. */
import { decodeRecord, hash, isRecord } from 'radgrad/dist/internal.js'
import { encodeRecord } from '../../record.ts'
import type { Answered, Lesson } from './lesson.ts'

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
  const found = jsonIn(text)
  if (!isRecord(found) || found.format !== format || !Array.isArray(found.answers))
    throw new Error('it is no lesson: the page on which you teach gives one when a round has ended')
  const answers = found.answers as readonly Answered[]
  const record = await decodeRecord(JSON.stringify(found.record))
  if (record.protocol.expert !== (await nameOf(answers))) throw new Error('its answers are not those of its record')
  return { answers, record }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
