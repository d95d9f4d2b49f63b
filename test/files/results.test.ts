import { mkdir, mkdtemp, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hash } from '../../lib/experiments/hash'
import { type Protocol, protocolFor } from '../../lib/experiments/protocol'
import { encodeRecord, numerics, protocolHash, type RunRecord, record, recorded } from '../../lib/experiments/record'
import { loadExpert } from '../../lib/files/experts'
import { readResults, recordName, writeRecord } from '../../lib/files/results'

const expert = await loadExpert('reacher')
const protocol = (changes: Partial<Protocol> = {}): Protocol =>
  protocolFor('reacher', 'random', expert, { iterations: 2, episodes: 1, trials: 2, ...changes })

let first: RunRecord
let second: RunRecord
let folder: string
beforeAll(async () => {
  first = await record(protocol(), 1, 'a machine')
  second = await record(protocol(), 2, 'a machine')
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
  test('has task, strategy, seed and the beginning of the protocol’s hash', async () => {
    const start = (await protocolHash(first.protocol)).slice(0, 8)
    expect(await recordName(first)).toBe(`reacher-random-seed-1-${start}.json`)
    expect(await recordName({ protocol: first.protocol, seed: 17 })).toBe(`reacher-random-seed-17-${start}.json`)
  })

  test('is another for another protocol', async () => {
    const names = await Promise.all(
      [protocol(), protocol({ trials: 3 }), protocol({ labels: 'clipped' })].map(async (protocol) =>
        recordName({ protocol: await recorded(protocol), seed: 1 })
      )
    )
    expect(new Set(names).size).toBe(3)
  })

  test('does not depend on what the run came to', async () => {
    expect(await recordName(await resealed(first, { outcome: second.outcome }))).toBe(await recordName(first))
  })
})

test('what was written is read back, under its name and nothing beside it', async () => {
  const deep = join(folder, 'not', 'there', 'yet')
  for (const each of [second, first]) await writeRecord(deep, each)
  const { records, unusable } = await readResults(deep)
  expect([...records]).toStrictEqual([
    [await recordName(first), first],
    [await recordName(second), second]
  ])
  expect(unusable.size).toBe(0)
  expect((await readdir(deep)).sort()).toEqual([...records.keys()])
})

test('a record written again takes the place of the old one', async () => {
  await writeRecord(folder, first)
  const again = await resealed(first, { made: { ...first.made, machine: 'another' } })
  await writeRecord(folder, again)
  expect([...(await readResults(folder)).records.values()]).toStrictEqual([again])
})

test('of several folders, the last one’s files count', async () => {
  const fresh = join(folder, 'fresh')
  await writeRecord(folder, first)
  await writeRecord(folder, second)
  const again = await resealed(first, { made: { ...first.made, machine: 'another' } })
  await writeRecord(fresh, again)
  const [name, other] = [await recordName(first), await recordName(second)]
  expect((await readResults(folder, fresh, join(folder, 'none'))).records).toStrictEqual(
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

describe('is named and left out, and the others are read:', () => {
  /** What is said of a file beside a good record. */
  async function said(name: string, text: string): Promise<string | undefined> {
    await writeRecord(folder, second)
    await writeFile(join(folder, name), text)
    const { records, unusable } = await readResults(folder)
    expect([...records]).toStrictEqual([[await recordName(second), second]])
    expect([...unusable.keys()]).toEqual([name])
    expect(await readFile(join(folder, name), 'utf8')).toBe(text) // left alone
    return unusable.get(name)
  }

  test('a record with one digit changed', async () => {
    const text = encodeRecord(first).replace(/"queries":(\d)/, (_, digit) => `"queries":${(Number(digit) % 9) + 1}`)
    expect(text).not.toBe(encodeRecord(first))
    expect(await said(await recordName(first), text)).toMatch(/^damaged: its checksum is not that of its contents/)
  })

  test('a record cut off', async () => {
    expect(await said(await recordName(first), encodeRecord(first).slice(0, 700))).toMatch(/^damaged: it is no JSON/)
  })

  test('an empty file', async () => {
    expect(await said(await recordName(first), '')).toMatch(/^damaged: it is no JSON/)
  })

  test('a file of something else', async () => {
    expect(await said('package.json', '{"name":"radgrad"}')).toBe('foreign: it is no record of a run')
  })

  test('a record under another’s name', async () => {
    const name = (await recordName(first)).replace('seed-1', 'seed-7')
    expect(await said(name, encodeRecord(first))).toBe(`foreign: by its contents it is ${await recordName(first)}`)
  })

  test('a record of other numerics', async () => {
    const stale = await resealed(first, { numerics: numerics + 1 })
    const words = `stale: made by numerics ${numerics + 1}, and this is ${numerics}`
    expect(await said(await recordName(first), encodeRecord(stale))).toBe(words)
  })

  test('all at once, each with its reason', async () => {
    await writeRecord(folder, first)
    await rename(join(folder, await recordName(first)), join(folder, 'a.json'))
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

  test('a folder that is named as a record', async () => {
    await writeRecord(folder, second)
    await mkdir(join(folder, 'folder.json'))
    const { records, unusable } = await readResults(folder)
    expect(records.size).toBe(1)
    expect([...unusable.keys()]).toEqual(['folder.json'])
  })
})

test('other files are nobody’s business: notes, and what a crash left of a record', async () => {
  await writeRecord(folder, first)
  await writeFile(join(folder, 'README.md'), 'notes')
  await writeFile(join(folder, `${await recordName(second)}.123.part`), encodeRecord(second).slice(0, 99))
  const { records, unusable } = await readResults(folder)
  expect([...records.keys()]).toEqual([await recordName(first)])
  expect(unusable.size).toBe(0)
})

test('there are no records where there is no folder', async () => {
  expect(await readResults(join(folder, 'nowhere'))).toEqual({ records: new Map(), unusable: new Map() })
})

test('a folder that is a file is told', async () => {
  const file = join(folder, 'file')
  await writeFile(file, '')
  await expect(readResults(file)).rejects.toThrow(`the results in ${file} cannot be read: `)
  await expect(writeRecord(file, first)).rejects.toThrow(/EEXIST|ENOTDIR/)
})
