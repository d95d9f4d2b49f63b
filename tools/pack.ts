/** Encodes packs of records, which `lib/files/pack.ts` describes and decodes. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type RunRecord, readResults } from 'radgrad'
import { fraction, isRecord, type PackHead, packFormat } from 'radgrad/dist/internal.js'
import { encodeRecord } from './record.ts'

/** Encodes records, before compression. The same records in the same order give the same bytes. */
export function encodePack(records: readonly RunRecord[]): Uint8Array {
  const topologies = new Map<string, number>()
  const fractions: number[] = []
  const strip = (value: unknown): unknown => {
    if (typeof value === 'number' && !Number.isInteger(value)) {
      fractions.push(value)
      return fraction
    }
    if (value === fraction) throw new RangeError(`a record with the text '${fraction}' cannot be packed`)
    if (Array.isArray(value)) return value.map(strip)
    if (!isRecord(value)) return value
    if (isTopology(value)) {
      const text = JSON.stringify(value)
      if (!topologies.has(text)) topologies.set(text, topologies.size)
      return { topology: topologies.get(text) }
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, strip(inner)]))
  }
  const lines = records.map((record) => JSON.stringify(strip(record)))
  const head: PackHead = {
    format: packFormat,
    records: records.length,
    fractions: fractions.length,
    topologies: [...topologies.keys()].map((text): unknown => JSON.parse(text))
  }
  const text = new TextEncoder().encode([JSON.stringify(head), ...lines, ''].join('\n'))
  const bytes = new Uint8Array(text.length + 8 * fractions.length)
  bytes.set(text)
  bytes.set(sortBySignificance(fractions), text.length)
  return bytes
}

const isTopology = (value: Record<string, unknown>): boolean => 'class_name' in value && 'config' in value

function sortBySignificance(numbers: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8))
  const sorted = new Uint8Array(8 * numbers.length)
  numbers.forEach((number, i) => {
    view.setFloat64(0, number)
    for (let byte = 0; byte < 8; byte++) sorted[byte * numbers.length + i] = view.getUint8(byte)
  })
  return sorted
}

/** Writes each record of a folder, packed or not, as a file of its own to another. */
export async function unpack(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  const { records } = await readResults(from)
  for (const [name, record] of records) await writeFile(join(to, name), encodeRecord(record))
}
