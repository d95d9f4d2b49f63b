/**
 * Packs: many records in one file, a quarter of their size. A pack is the gzip of a head (a line of JSON), of a line of JSON for each
 * record, in which every topology is the number of one in the head and every fraction is `"~"`, and of these fractions in order, as
 * float64 whose bytes are sorted by significance: neighbouring numbers share their first bytes. No number is rounded or dropped.
 */
import * as v from 'valibot'
import { type RunRecord, verifyRecord } from '../record'
import { isRecord, mapValues, parseJson } from '../util/json'
import { choice, listOf, object, wholeNumber } from '../util/schema'

/** The ending of a pack’s name. */
export const packEnding = '.pack.gz'

export const packFormat = 'radgrad pack'

/** Stands for a fraction in the JSON of a pack. */
export const fraction = '~'

const counts = { records: wholeNumber, fractions: wholeNumber }
const headSchema = object({ format: choice([packFormat]), ...counts, topologies: listOf(v.unknown()) })

/** The head of a pack. */
export type PackHead = v.InferOutput<typeof headSchema>

/**
 * Decodes the records of a pack, after decompression.
 *
 * @throws Error that begins with `damaged` or `foreign`
 */
export async function decodePack(bytes: Uint8Array): Promise<RunRecord[]> {
  let at = 0
  const line = (): unknown => {
    const end = bytes.indexOf(10, at)
    if (end < 0) throw new Error('damaged: the pack ends early')
    const text = new TextDecoder().decode(bytes.subarray(at, end))
    at = end + 1
    return parseJson(text, 'a line of the pack')
  }
  const { success, output: head } = v.safeParse(headSchema, line())
  if (!success) throw new Error('foreign: it is no pack of records')
  const stripped = Array.from({ length: head.records }, line)
  if (bytes.length - at !== 8 * head.fractions)
    throw new Error(`damaged: ${bytes.length - at} bytes of numbers in the pack, not ${8 * head.fractions}`)
  const fractions = numbersOf(bytes.subarray(at)).values()
  const restore = (value: unknown): unknown => {
    if (value === fraction) return fractions.next().value
    if (Array.isArray(value)) return value.map(restore)
    if (!isRecord(value)) return value
    if (typeof value.topology === 'number') return head.topologies[value.topology]
    return mapValues(value, restore)
  }
  const records: RunRecord[] = []
  for (const value of stripped) records.push(await verifyRecord(restore(value)))
  return records
}

/**
 * Decompresses gzip, in Node and in browsers.
 *
 * @throws Error that begins with `damaged`
 */
export async function decompress(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new DecompressionStream('gzip'))
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer())
  } catch (error) {
    throw new Error(`damaged: it is no gzip (${(error as Error).message})`)
  }
}

function numbersOf(sorted: Uint8Array): Float64Array {
  const view = new DataView(new ArrayBuffer(8))
  const count = sorted.length / 8
  return Float64Array.from({ length: count }, (_, i) => {
    for (let byte = 0; byte < 8; byte++) view.setUint8(byte, sorted[byte * count + i])
    return view.getFloat64(0)
  })
}
