import { mkdir, mkdtemp, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { loadExpert } from '../../lib/files/experts'
import { readResults, recordFileName } from '../../lib/files/results'
import { type Protocol, protocolFor } from '../../lib/protocol'
import { numericsVersion, protocolHash, type RunRecord, withExpertHash } from '../../lib/record'
import { hash } from '../../lib/util/hash'
import { encodeRecord } from '../../tools/record.ts'
import { runToRecord } from '../../tools/sweep/run-to-record.ts'
import { writeRecord } from '../../tools/sweep/write-record.ts'

const expert = await loadExpert('reacher')
const protocol = (changes: Partial<Protocol> = {}): Protocol =>
  protocolFor('reacher', 'random', expert, { iterations: 2, episodes: 1, trials: 2, ...changes })

let first: RunRecord
let second: RunRecord
let folder: string
beforeAll(async () => {
  first = await runToRecord(protocol(), 1, 'a machine')
  second = await runToRecord(protocol(), 2, 'a machine')
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radgrad-results-'))
})

/** A record altered and given the checksum of what it then is. */
async function resealed({ checksum, ...rest }: RunRecord, changes: Partial<RunRecord>): Promise<RunRecord> {
  const altered = { ...rest, ...changes }
  return { ...altered, checksum: await hash(altered) }
}

describe('the name of a record', () => {
  test('the name of a record has task, strategy, seed and the beginning of the protocol’s hash', async () => {
    const start = (await protocolHash(first.protocol)).slice(0, 8)
    expect(await recordFileName(first)).toBe(`reacher-random-seed-1-${start}.json`)
    expect(await recordFileName({ protocol: first.protocol, seed: 17 })).toBe(`reacher-random-seed-17-${start}.json`)
  })

  test('the name of a record is another for another protocol', async () => {
    const names = await Promise.all(
      [protocol(), protocol({ trials: 3 }), protocol({ labels: 'clipped' })].map(async (protocol) =>
        recordFileName({ protocol: await withExpertHash(protocol), seed: 1 })
      )
    )
    expect(new Set(names).size).toBe(3)
  })

  test('the name of a record does not depend on the outcome of the run', async () => {
    expect(await recordFileName(await resealed(first, { outcome: second.outcome }))).toBe(await recordFileName(first))
  })
})

test('a record that was written is read back, under its name and with nothing beside it', async () => {
  const deep = join(folder, 'not', 'there', 'yet')
  for (const each of [second, first]) await writeRecord(deep, each)
  const { records, unusable } = await readResults(deep)
  expect([...records]).toStrictEqual([
    [await recordFileName(first), first],
    [await recordFileName(second), second]
  ])
  expect(unusable.size).toBe(0)
  expect((await readdir(deep)).sort()).toEqual([...records.keys()])
})

test('a record written again takes the place of the old one', async () => {
  await writeRecord(folder, first)
  const again = await resealed(first, { provenance: { ...first.provenance, machine: 'another' } })
  await writeRecord(folder, again)
  expect([...(await readResults(folder)).records.values()]).toStrictEqual([again])
})

test('a file in the last of several folders replaces the files of its name in the others', async () => {
  const fresh = join(folder, 'fresh')
  await writeRecord(folder, first)
  await writeRecord(folder, second)
  const again = await resealed(first, { provenance: { ...first.provenance, machine: 'another' } })
  await writeRecord(fresh, again)
  const [name, other] = [await recordFileName(first), await recordFileName(second)]
  expect((await readResults(folder, fresh)).records).toStrictEqual(
    new Map([
      [name, again],
      [other, second]
    ])
  )
  await writeFile(join(fresh, name), 'damaged')
  const { records, unusable } = await readResults(folder, fresh)
  expect([[...records.keys()], [...unusable.keys()]]).toEqual([[other], [name]])
  expect((await readResults(fresh, folder)).unusable.size).toBe(0)
})

describe('unusable files beside a good record', () => {
  /** Returns the reason why a file beside a good record is unusable. */
  async function said(name: string, text: string): Promise<string | undefined> {
    await writeRecord(folder, second)
    await writeFile(join(folder, name), text)
    const { records, unusable } = await readResults(folder)
    expect([...records]).toStrictEqual([[await recordFileName(second), second]])
    expect([...unusable.keys()]).toEqual([name])
    expect(await readFile(join(folder, name), 'utf8')).toBe(text) // left alone
    return unusable.get(name)
  }

  test('a record with one digit changed is named and left out', async () => {
    const text = encodeRecord(first).replace(/"queries":(\d)/, (_, digit) => `"queries":${(Number(digit) % 9) + 1}`)
    expect(text).not.toBe(encodeRecord(first))
    expect(await said(await recordFileName(first), text)).toMatch(/^damaged: its checksum is not that of its contents/)
  })

  test('a record that was cut off is named and left out', async () => {
    expect(await said(await recordFileName(first), encodeRecord(first).slice(0, 700))).toMatch(
      /^damaged: it is no JSON/
    )
  })

  test('an empty file is named and left out', async () => {
    expect(await said(await recordFileName(first), '')).toMatch(/^damaged: it is no JSON/)
  })

  test('a file of something else is named and left out', async () => {
    expect(await said('package.json', '{"name":"radgrad"}')).toBe('foreign: it is no record of a run')
  })

  test('a record under another’s name is named and left out', async () => {
    const name = (await recordFileName(first)).replace('seed-1', 'seed-7')
    expect(await said(name, encodeRecord(first))).toBe(`foreign: by its contents it is ${await recordFileName(first)}`)
  })

  test('a record of another numerics version is named and left out', async () => {
    const stale = await resealed(first, { numerics: numericsVersion + 1 })
    const words = `stale: made by numerics ${numericsVersion + 1}, and this is ${numericsVersion}`
    expect(await said(await recordFileName(first), encodeRecord(stale))).toBe(words)
  })

  test('several unusable files are named and left out, each with its reason', async () => {
    await writeRecord(folder, first)
    await rename(join(folder, await recordFileName(first)), join(folder, 'a.json'))
    await writeFile(join(folder, 'b.json'), 'x')
    await writeFile(join(folder, 'c.json'), '[]')
    const { records, unusable } = await readResults(folder)
    expect(records.size).toBe(0)
    expect([...unusable].map(([name, why]) => `${name} ${why.split(':')[0]}`)).toEqual([
      'a.json foreign',
      'b.json damaged',
      'c.json foreign'
    ])
  })

  test('a folder that is named as a record is named and left out', async () => {
    await writeRecord(folder, second)
    await mkdir(join(folder, 'folder.json'))
    const { records, unusable } = await readResults(folder)
    expect(records.size).toBe(1)
    expect([...unusable.keys()]).toEqual(['folder.json'])
  })
})

test('files that are no records are ignored: notes, and the remains of a record after a crash', async () => {
  await writeRecord(folder, first)
  await writeFile(join(folder, 'README.md'), 'notes')
  await writeFile(join(folder, `${await recordFileName(second)}.123.part`), encodeRecord(second).slice(0, 99))
  const { records, unusable } = await readResults(folder)
  expect([...records.keys()]).toEqual([await recordFileName(first)])
  expect(unusable.size).toBe(0)
})

test('an empty folder has no records, and a missing one is an error with its whole path', async () => {
  expect(await readResults(folder)).toEqual({ records: new Map(), unusable: new Map() })
  await expect(readResults(join(folder, 'nowhere'))).rejects.toThrow(`there is no folder ${join(folder, 'nowhere')}`)
  await expect(readResults(folder, '../data/nowhere')).rejects.toThrow(
    `there is no folder ${resolve('../data/nowhere')} ('../data/nowhere' is sought from ${process.cwd()})`
  )
})

test('a file in place of a results folder is reported', async () => {
  const file = join(folder, 'file')
  await writeFile(file, '')
  await expect(readResults(file)).rejects.toThrow(`the folder ${file} cannot be read: `)
  await expect(writeRecord(file, first)).rejects.toThrow(/EEXIST|ENOTDIR/)
})
