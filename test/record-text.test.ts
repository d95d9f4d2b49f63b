import { beforeAll, describe, expect, test } from 'vitest'
import { decodeRecord, numericsVersion, type RunRecord } from '../lib/record'
import { hash } from '../lib/util/hash'
import { encodeRecord, sealRecord } from '../tools/record.ts'
import { runToRecord } from '../tools/sweep/run-to-record.ts'
import { shorterProtocol } from './short-run'

describe('a record as text', () => {
  let whole: RunRecord
  let text: string
  beforeAll(async () => {
    const { protocol, seed, outcome, provenance } = await runToRecord(
      shorterProtocol('loss-gradient-random', { iterations: 2, episodes: 1 }),
      1,
      ''
    )
    // durations differ from run to run, and with them how many of their digits matter
    const seconds = provenance.seconds.map(() => ({ collect: 0.5, train: 12.25, test: 3 }))
    whole = await sealRecord({ protocol, seed, outcome, provenance: { seconds, machine: 'a “machine”' } })
    text = encodeRecord(whole)
  })

  test('`decodeRecord` returns the record that `encodeRecord` wrote', async () => {
    expect(await decodeRecord(text)).toStrictEqual(whole)
  })

  test('`encodeRecord` writes a line an iteration, and ends with a new line', () => {
    const lines = text.split('\n').filter((line) => line.startsWith('{"iteration":'))
    expect(lines.map((line) => JSON.parse(line.replace(/,$/, '')))).toEqual(whole.outcome.iterations)
    expect(text.endsWith('}\n')).toBe(true)
  })

  test('`decodeRecord` calls a record damaged if any digit is changed', async () => {
    const digits = [...text.matchAll(/\d/g)].map(({ index }) => index)
    expect(digits.length).toBeGreaterThan(500)
    const survivors: string[] = []
    let same = 0
    for (const at of digits) {
      const other = (Number(text[at]) + 1) % 10
      const changed = `${text.slice(0, at)}${other}${text.slice(at + 1)}`
      // the seventeenth digit may say nothing of a double
      if (sameNumbers(changed, text)) {
        same++
        continue
      }
      const found = await decodeRecord(changed).catch((error: Error) => error)
      if (!(found instanceof Error && /^damaged: ./.test(found.message)))
        survivors.push(changed.slice(at - 20, at + 20))
    }
    expect(survivors).toEqual([])
    expect(same).toBeLessThan(digits.length / 50)
  })

  test('`decodeRecord` calls a record damaged with a field more, less or in the wrong place', async () => {
    const { outcome, provenance, ...rest } = whole
    const altered: object[] = [
      { ...whole, more: 1 },
      { ...rest, outcome },
      { ...rest, outcome: { ...outcome, machine: provenance.machine }, provenance },
      { ...whole, checksum: undefined },
      { ...whole, checksum: whole.checksum.toUpperCase() }
    ]
    for (const each of altered)
      await expect(decodeRecord(JSON.stringify(each)), Object.keys(each).join()).rejects.toThrow(
        /^damaged: its checksum /
      )
  })

  describe('a record whose checksum fits', () => {
    const resealed = async (changes: object): Promise<string> => {
      const { checksum, ...rest } = { ...whole, ...changes }
      return JSON.stringify({ ...rest, checksum: await hash(rest) })
    }

    test.each([
      ['a field more', () => ({ more: 1 }), 'there is no field more: there are format, '],
      [
        'a protocol of a later kind',
        () => ({ protocol: { ...whole.protocol, momentum: 0.9 } }),
        'there is no field protocol.momentum: '
      ],
      ['text for a number', () => ({ seed: 'one' }), 'seed must be a number, not one'],
      [
        'an outcome without iterations',
        () => ({ outcome: { ...whole.outcome, iterations: {} } }),
        'outcome.iterations must be a list, not {}'
      ],
      [
        'an iteration that is none',
        () => ({ outcome: { ...whole.outcome, iterations: [1] } }),
        'outcome.iterations.0 must be an object, not 1'
      ]
    ])('`decodeRecord` calls a record foreign that has %s, though its checksum fits', async (_, changes, words) => {
      await expect(decodeRecord(await resealed(changes()))).rejects.toThrow(`foreign: ${words}`)
    })

    test('`decodeRecord` accepts null for a number that was not finite', async () => {
      const text = await resealed({ outcome: { ...whole.outcome, expertReturns: [Number.NaN] } })
      expect((await decodeRecord(text)).outcome.expertReturns).toEqual([null])
    })

    test('`decodeRecord` accepts other fields in a record of other numerics: it is stale', async () => {
      expect(await decodeRecord(await resealed({ numerics: numericsVersion + 1, more: 1 }))).toMatchObject({ more: 1 })
    })
  })

  test('`decodeRecord` accepts fields in another order', async () => {
    const backwards = JSON.stringify(Object.fromEntries(Object.entries(whole).reverse()))
    expect(await decodeRecord(backwards)).toStrictEqual(whole)
  })

  test.each(['', '{', 'null', '[]', '"radgrad record"', '{}', '{"format":"radgrad model"}'])(
    '`decodeRecord` refuses %j as damaged or foreign',
    async (text) => {
      await expect(decodeRecord(text)).rejects.toThrow(/^(damaged: it is no JSON \(|foreign: it is no record of a run)/)
    }
  )
})

const sameNumbers = (a: string, b: string): boolean => {
  try {
    return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b))
  } catch {
    return false // a leading zero is no JSON
  }
}
