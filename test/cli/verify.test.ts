/** Records computed again by the real command: good ones, and ones that only look so. */
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadExpert } from '../../lib/files/experts'
import { saveModel } from '../../lib/files/models'
import { readResults, recordFileName } from '../../lib/files/results'
import { fingerprint } from '../../lib/networks/format'
import type { RunRecord } from '../../lib/record'
import { contents, expectTold, killWorkers, newFolder, outcome, radgrad, radgradHere, sealed, start } from './radgrad'

/** For tests of several runs, on a machine that is busy with others. */
const patient = 120_000

const reproduce = (results: string, ...strategies: string[]): string[] => [
  ...['reproduce', '--quick', '--environments', 'reacher', '--results', results],
  ...['--strategies', ...strategies]
]
const verify = (results: string, ...more: string[]): string[] => ['verify', '--results', results, ...more]
const lines = (text: string): string[] => text.split('\n').filter(Boolean)

/** The folder of the records that were just made, one of either strategy. */
let made: string
let random: { readonly name: string; readonly record: RunRecord }
let dagger: typeof random
beforeAll(async () => {
  made = await newFolder()
  expect(await radgrad(...reproduce(made, 'random', 'dagger'))).toMatchObject({ code: 0, stderr: '' })
  const all = [...(await readResults(made)).records].map(([name, record]) => ({ name, record }))
  const [first, second] = all.sort((a, b) => (a.record.protocol.strategy < b.record.protocol.strategy ? -1 : 1))
  dagger = first
  random = second
}, patient)

/** A folder of some of these records, as they are or as they are said to be. */
async function folderOf(...records: { name: string; text?: string }[]): Promise<string> {
  const folder = await newFolder()
  for (const { name, text } of records) {
    if (text === undefined) await cp(join(made, name), join(folder, name))
    else await writeFile(join(folder, name), text)
  }
  return folder
}

/** The next number that there is. */
function nextTo(value: number): number {
  const bits = new BigInt64Array(new Float64Array([value]).buffer)
  bits[0]++
  return new Float64Array(bits.buffer)[0]
}

/** A record of which one return differs in its last bit: whoever made it did so on another kind of machine, say. */
function withOtherReturn({ record }: typeof random, iteration: number, trial: number): RunRecord {
  const copy = structuredClone(record)
  const returns = copy.outcome.iterations[iteration].returns as number[]
  returns[trial] = nextTo(returns[trial])
  return copy
}

const same = (strategy: string): string => `reacher ${strategy} seed 1: the same to the last bit`

describe('records that were just made', () => {
  test(
    'records that were just made are verified to the last bit, and their files stay as they are',
    async () => {
      const before = await contents(made)
      const { code, stdout, stderr } = await radgrad(...verify(made))
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(lines(stdout).sort()).toEqual([same('dagger'), same('random')])
      expect(await contents(made)).toEqual(before)
    },
    patient
  )

  test(
    '--runs sets the number of records to verify, and the run that took least time comes first',
    async () => {
      const lasting = structuredClone(random.record)
      const seconds = lasting.provenance.seconds[0] as { train: number }
      seconds.train = 1000
      const folder = await folderOf({ name: random.name, text: await sealed(lasting) }, dagger)
      expect(await radgrad(...verify(folder, '--runs', '1'))).toEqual({
        code: 0,
        stdout: `${same('dagger')}\n`,
        stderr: ''
      })
    },
    patient
  )
})

test(
  'a record that differs in a bit is reported with the place; the other records are the same',
  async () => {
    const changed = withOtherReturn(random, 1, 3)
    const [recorded, computed] = [changed, random.record].map(({ outcome }) => outcome.iterations[1].returns[3])
    expect(recorded).not.toBe(computed)
    const folder = await folderOf({ name: random.name, text: await sealed(changed) }, dagger)
    const { code, stdout, stderr } = await radgrad(...verify(folder))
    expect(lines(stdout).sort()).toEqual([
      same('dagger'),
      `reacher random seed 1: DIFFERENT, first in iterations[1].returns[3]: ${recorded} and ${computed}`
    ])
    expect(stderr).toBe('radgrad: of 2 records 1 differ and 0 could not be computed; 0 more are unusable\n')
    expect(code).toBe(1)
  },
  patient
)

test(
  'a damaged record is named and makes verify fail, though the other records are the same',
  async () => {
    const text = (await contents(made))[random.name]
    const folder = await folderOf({ name: random.name, text: text.replace('"queries":250', '"queries":251') }, dagger)
    const { code, stdout, stderr } = await radgrad(...verify(folder))
    expect(stdout).toBe(`${same('dagger')}\n`)
    expect(lines(stderr)).toEqual([
      `radgrad: ${join(folder, random.name)}: damaged: its checksum is not that of its contents`,
      'radgrad: of 1 records 0 differ and 0 could not be computed; 1 more are unusable'
    ])
    expect(code).toBe(1)
  },
  patient
)

test('workers that are killed again and again leave no record verified', async () => {
  const child = start(...verify(made, '--workers', '1'))
  const ended = outcome(child)
  expect(await killWorkers(child)).toBeGreaterThan(1)
  const { code, stdout, stderr } = await ended
  expect(stderr).toBe('radgrad: of 2 records 0 differ and 2 could not be computed; 0 more are unusable\n')
  expect(lines(stdout).sort()).toEqual(
    ['dagger', 'random'].map((strategy) =>
      expect.stringMatching(`^reacher ${strategy} seed 1: FAILED, the process that computed it ended 2 times$`)
    )
  )
  expect(code).toBe(1)
})

describe('no record to verify', () => {
  const nothing = /^radgrad: there is no record to verify in /m

  test('verify fails in an empty folder, and tells a missing one apart', async () => {
    const folder = await newFolder()
    expectTold(await radgradHere(...verify(folder)), nothing)
    expectTold(await radgradHere(...verify(join(folder, 'missing'))), /^radgrad: there is no folder .*missing$/m)
  })

  test('verify fails in a folder of damaged records alone, and names them', async () => {
    const folder = await folderOf({ name: random.name, text: '{' })
    const told = await radgradHere(...verify(folder))
    expectTold(told, nothing)
    expect(told.stderr).toContain(`${join(folder, random.name)}: damaged: it is no JSON`)
  })
})

describe('records by another expert', () => {
  let experts: string
  let theirs: string
  beforeAll(async () => {
    experts = await newFolder()
    const { topology, weights } = await loadExpert('reacher')
    const other = weights.map(({ values, ...rest }) => ({ ...rest, values: values.map((value) => value * 1.01) }))
    await saveModel(join(experts, 'reacher'), { topology, weights: other })
    theirs = await folderOf()
    await radgrad(...reproduce(theirs, 'random', '--experts', experts))
  }, patient)

  test('records by another expert are left out with a notice unless --experts names that expert', async () => {
    const told = await radgradHere(...verify(theirs))
    expectTold(told, /there is no record to verify in /)
    expect(told.stderr).toMatch(/^radgrad: 1 record is of experts that are not here \(--experts names more\)\n/)
  })

  test(
    'records by another expert are verified with --experts, and those by our expert beside them',
    async () => {
      await cp(join(made, dagger.name), join(theirs, dagger.name))
      const { code, stdout, stderr } = await radgrad(...verify(theirs, '--experts', experts))
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(lines(stdout).sort()).toEqual([same('dagger'), same('random')])
    },
    patient
  )

  test(
    'records by another expert are verified when --experts has only their task and there are records of the other task',
    async () => {
      // ours of Hopper; never run, for it took long
      const { protocol, provenance: made, ...rest } = random.record
      const expert = await fingerprint(await loadExpert('hopper'))
      const hopper: RunRecord = {
        ...{ ...rest, protocol: { ...protocol, environment: 'hopper', expert } },
        provenance: { ...made, seconds: [{ collect: 1000, train: 1000, test: 1000 }] }
      }
      const folder = await newFolder()
      await cp(theirs, folder, { recursive: true })
      await writeFile(join(folder, await recordFileName(hopper)), await sealed(hopper))
      expect(Object.keys(await contents(folder))).toContainEqual(expect.stringMatching(/^hopper-random-seed-1-/))
      const { code, stdout, stderr } = await radgrad(...verify(folder, '--experts', experts, '--runs', '1'))
      expect(stderr).toBe('')
      expect(stdout).toMatch(/^reacher \S+ seed 1: the same to the last bit\n$/)
      expect(code).toBe(0)
    },
    patient
  )
})

test('verify refuses invalid options', async () => {
  expectTold(
    await radgradHere(...verify(made, '--runs', '0')),
    /--runs <n>' argument '0' is invalid\. It must be a whole number from 1 on\./
  )
  expectTold(
    await radgradHere(...verify(made, '--experts', 'no/such/folder')),
    /^radgrad: there is no expert for reacher in no\/such\/folder: looked for /
  )
})
