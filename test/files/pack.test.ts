import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { loadExpert } from '../../lib/files/experts'
import { decodePack, decompress } from '../../lib/files/pack'
import { perceptron } from '../../lib/networks'
import { type Protocol, protocolFor } from '../../lib/protocol'
import type { RunRecord } from '../../lib/record'
import { hash } from '../../lib/util/hash'
import { encodePack } from '../../tools/pack.ts'
import { runToRecord } from '../../tools/sweep/run-to-record.ts'

const expert = await loadExpert('reacher')
async function run(seed: number, changes: Partial<Protocol> = {}): Promise<RunRecord> {
  const whole = protocolFor('reacher', 'loss', expert, { iterations: 2, episodes: 2, trials: 3, ...changes })
  return runToRecord({ ...whole, fit: { ...whole.fit, epochs: 1 } }, seed, 'a machine')
}
const records = [await run(1), await run(2), await run(1, { policy: perceptron(11, [4], 2) })]
const pack = encodePack(records)

describe('a pack', () => {
  test('a pack gives back its records, every number to the last bit', async () => {
    expect(await decodePack(pack)).toStrictEqual(records)
  })

  test('a pack of no records gives back none', async () => {
    expect(await decodePack(encodePack([]))).toEqual([])
  })

  test('a pack of the same records is the same bytes', () => {
    expect(encodePack(records.map((record) => structuredClone(record)))).toEqual(pack)
  })

  test('a pack names each topology once', () => {
    const text = new TextDecoder().decode(pack)
    expect(text.match(/"units":128/g)).toHaveLength(2) // of the one policy with layers of 128
    expect(text.match(/"topology":\d/g)).toHaveLength(3)
  })

  test('a pack keeps fractions that differ in the last bit, the smallest and large ones', async () => {
    const { checksum: _, ...rest } = records[0]
    const returns = [1 / 3, 1 / 3 + 2 ** -54, Number.MIN_VALUE, -1.5e300, 0.1 + 0.2]
    const iterations = rest.outcome.iterations.map((iteration) => ({ ...iteration, returns }))
    const changed = { ...rest, outcome: { ...rest.outcome, iterations } }
    const record = { ...changed, checksum: await hash(changed) }
    const [{ outcome }] = await decodePack(encodePack([record]))
    expect(outcome.iterations.map(({ returns }) => returns)).toStrictEqual([returns, returns])
  })

  test('a pack is decompressed as gzip compressed it', async () => {
    const compressed = gzipSync(pack, { level: 9 })
    expect(await decompress(compressed)).toEqual(new Uint8Array(gunzipSync(compressed)))
  })

  test('a pack that lost its end is reported as damaged', async () => {
    for (const length of [pack.length - 1, pack.length - 8, pack.indexOf(10) + 5, 20, 0])
      await expect(decodePack(pack.subarray(0, length))).rejects.toThrow(/^damaged: /)
  })

  test('a pack in which any byte was changed is reported as damaged or foreign', async () => {
    for (let at = 0; at < pack.length; at += 97) {
      const changed = pack.slice()
      changed[at] ^= 1
      await expect(decodePack(changed), `byte ${at}`).rejects.toThrow(/^(damaged|foreign): /)
    }
  })

  test('a pack of something else is reported as foreign', async () => {
    await expect(decodePack(new TextEncoder().encode('{"format":"another"}\n'))).rejects.toThrow(/^foreign: /)
  })
})
