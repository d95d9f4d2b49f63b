/** Reads packs of records by other code than the library's. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { RunRecord } from '../lib/record'

/** Returns the records in the packs of a folder, unchecked. */
export const packedRecords = (folder: string): RunRecord[] =>
  readdirSync(folder).flatMap((file) => recordsIn(gunzipSync(readFileSync(join(folder, file)))))

function recordsIn(pack: Buffer): RunRecord[] {
  const { records, fractions, topologies } = JSON.parse(pack.toString('utf8', 0, pack.indexOf('\n')))
  const numbers = pack.subarray(pack.length - 8 * fractions)
  const lines = pack.toString('utf8', 0, pack.length - numbers.length).split('\n')
  let next = 0
  const fraction = (): number => {
    const at = next++
    return Buffer.from(Array.from({ length: 8 }, (_, byte) => numbers[byte * fractions + at])).readDoubleBE()
  }
  // a reviver would visit the numbers out of order
  return lines.slice(1, records + 1).map((line) => {
    const text = line
      .replace(/"~"/g, () => String(fraction()))
      .replace(/\{"topology":(\d+)\}/g, (_, index) => JSON.stringify(topologies[index]))
    return JSON.parse(text)
  })
}
