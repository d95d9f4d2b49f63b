/** The command that is the project's main job, as a process. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { readResults, writeRecord } from '../lib/files/results'
import { decodeRecord, encodeRecord, type RunRecord } from '../lib/record'
import { hash } from '../lib/util/hash'
import '../tools/host/register.ts'
import { compareRecords } from '../tools/reproduce/compare-records.ts'
import { childrenOf, contents, isWorker, newFolder, outcome } from './cli/radgrad'

const start = (...args: string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, ['tools/setup/start.mjs', 'reproduce', ...args])

test.each([
  [['--fast'], /Unknown option '--fast'/],
  [['07-more'], /there is no notebook 07-more: there are 00-tasks-and-experts, /],
  [['--from-records', '--quick'], /--from-records stands alone/],
  [['--from-records', '02-dagger'], /--from-records stands alone/]
])('the reproduction refuses the arguments %j before anything is done', async (args, words) => {
  const { code, stdout, stderr } = await outcome(start(...args))
  expect(stderr).toMatch(words)
  expect(stderr).toMatch(/usage: npm run reproduce -- \[--quick \| --from-records\] \[notebook \.\.\.]/)
  expect([code, stdout]).toEqual([1, ''])
})

describe('runs are compared with the committed records', () => {
  let names: string[]
  let records: RunRecord[]
  beforeAll(async () => {
    const committed = (await readResults('data/results')).records
    names = [...committed.keys()].filter((name) => /^reacher-(random|dagger)-seed-1-/.test(name)).slice(0, 2)
    records = names.map((name) => committed.get(name)!)
  })

  /** Returns the words printed of a folder of two committed records after something befell it. */
  async function compared(befall: (folder: string) => Promise<void>, more: readonly string[] = []) {
    const folder = await newFolder()
    for (const record of records) await writeRecord(folder, record)
    await befall(folder)
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    const same = await compareRecords([...names, ...more], folder, 'data/results')
    const printed = log.mock.calls.join('\n')
    log.mockRestore()
    return { same, printed }
  }
  const read = async (folder: string, name: string) => decodeRecord(readFileSync(join(folder, name), 'utf8'))
  async function rewrite(folder: string, change: (record: Awaited<ReturnType<typeof read>>) => object) {
    const { checksum, ...rest } = await read(folder, names[0])
    const changed = { ...rest, ...change({ checksum, ...rest }) }
    await writeFile(join(folder, names[0]), encodeRecord({ ...changed, checksum: await hash(changed) }))
  }

  test('runs that differ only in their provenance equal the committed records', async () => {
    const { same, printed } = await compared((folder) =>
      rewrite(folder, () => ({ provenance: { seconds: [], machine: 'another' } }))
    )
    expect(printed).toBe('\n2 of 2 runs equal the committed records to the last bit.')
    expect(same).toBe(true)
  })

  test('a return that differs in its last bit is reported', async () => {
    const { same, printed } = await compared((folder) =>
      rewrite(folder, ({ outcome }) => {
        const expertReturns = outcome.expertReturns.map((value, i) => (i === 7 ? value * (1 + 2 ** -52) : value))
        return { outcome: { ...outcome, expertReturns } }
      })
    )
    expect(printed).toMatch(/1 of 2 runs equal[\s\S]*reacher-\S+\.json: expertReturns\[7]: -\S+ and -\S+$/)
    expect(same).toBe(false)
  })

  test('a run of which no record is committed, or that left none, is reported', async () => {
    const { same, printed } = await compared(() => Promise.resolve(), ['reacher-loss-seed-1-00000000.json'])
    expect(printed).toMatch(/2 of 3 runs equal[\s\S]*00000000.json: there is no record of it in \S+$/m)
    expect(printed).not.toMatch(/other records/)
    expect(same).toBe(false)
    const committed = await newFolder()
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    expect(await compareRecords(names, 'data/results', committed)).toBe(false)
    expect(log.mock.calls.join('\n')).toMatch(/0 of 2 runs equal[\s\S]*: no record of it is committed/)
    log.mockRestore()
  })

  test('a run whose record is damaged is reported', async () => {
    const { same, printed } = await compared((folder) => writeFile(join(folder, names[1]), '{}'))
    expect(printed).toMatch(/1 of 2 runs equal[\s\S]*reacher-\S+\.json: \S+/)
    expect(same).toBe(false)
  })

  test('records of other protocols or seeds are not compared', async () => {
    const { same, printed } = await compared(async (folder) => {
      const { checksum, ...rest } = await read(folder, names[0])
      const other = { ...rest, seed: 4321 }
      await writeRecord(folder, { ...other, checksum: await hash(other) })
      await writeFile(join(folder, 'reacher-old-seed-1-12345678.json'), '{}')
    })
    expect(printed).toMatch(
      /2 of 2 runs equal[\s\S]*2 other records in \S+ are of other protocols or seeds: not compared\.$/
    )
    expect(same).toBe(true)
  })
})

// each takes minutes
describe.skipIf(!process.env.RADGRAD_CI)('the whole reproduction (in CI only)', () => {
  const pages = (folder: string) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.html'))
      .map((file) => file.replace('.html', ''))
  const notebooks = readdirSync('notebooks')
    .filter((file) => file.endsWith('.ipynb'))
    .map((file) => file.replace('.ipynb', ''))

  test('an interrupted reproduction ends within seconds, and so do its workers', async () => {
    await rm('out/quick', { recursive: true, force: true })
    const command = start('--quick')
    onTestFinished(() => void command.kill('SIGKILL'))
    const ended = outcome(command)
    // the runs are computed for a process of its own
    const runs = () => childrenOf(command.pid).flatMap(childrenOf).filter(isWorker)
    while (runs().length === 0) await sleep(50)
    const workers = runs()
    command.kill('SIGINT')
    const { code, stderr } = await ended
    expect(code).toBe(130)
    expect(stderr).toMatch(/interrupted; what is in .*out\/quick is complete/)
    for (const pid of workers) expect(existsSync(`/proc/${pid}`)).toBe(false)
  }, 120_000)

  test('--quick computes, draws and executes everything, marks its outputs as quick, and touches nothing that is committed', async () => {
    const before = await contents('data/figures')
    await rm('out/quick', { recursive: true, force: true })
    const { code, stdout, stderr } = await outcome(start('--quick'))
    expect([code, stderr]).toEqual([0, ''])
    expect(await readdir('out/quick/results')).toHaveLength(18)
    expect((await readdir('out/quick/figures')).length).toBeGreaterThanOrEqual(7)
    expect(readFileSync('out/quick/tables/table-2.md', 'utf8')).toMatch(
      /^\*quick run: [\s\S]*\| Reacher, 1 seed \| queries/
    )
    expect(readFileSync('out/quick/tables/table-2.tex', 'utf8')).toMatch(/^% quick run: /)
    expect(pages('out/quick')).toEqual(notebooks)
    for (const name of notebooks) {
      const text = readFileSync(`out/quick/${name}.ipynb`, 'utf8')
      const { cells } = JSON.parse(text) as { cells: { outputs?: { data?: Record<string, { layout: Layout }> }[] }[] }
      const figures = cells.flatMap(({ outputs = [] }) =>
        outputs.flatMap(({ data }) => data?.['application/vnd.plotly.v1+json'] ?? [])
      )
      expect(figures.length).toBeGreaterThan(0)
      // what is drawn in it is of committed records alone
      const words = name === '07-beyond-the-paper' ? undefined : 'quick run: 4 iterations, 10 trials'
      for (const { layout } of figures) expect(layout.title.subtitle?.text).toBe(words)
    }
    expect(stdout).not.toMatch(/to the last bit/)
    expect(await contents('data/figures')).toEqual(before)
  }, 900_000)

  test('--from-records draws from the committed records, computes no run, and says so', async () => {
    const runs = () => (existsSync('out/results') ? readdirSync('out/results') : [])
    const before = runs()
    for (const part of ['figures', 'tables', '05-figures-and-tables.html'])
      await rm(join('out', part), { recursive: true, force: true })
    const { code, stdout, stderr } = await outcome(start('--from-records'))
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/Nothing is computed: all is drawn from the committed records/)
    expect(runs()).toEqual(before)
    expect(pages('out')).toContain('05-figures-and-tables')
    expect(await readdir('out/figures')).toContain('figure-3-berkeley.png')
    expect(readFileSync('out/tables/table-2.tex', 'utf8')).toBe(readFileSync('data/tables/table-2.tex', 'utf8'))
  }, 600_000)
})

interface Layout {
  readonly title: { readonly subtitle?: { readonly text: string } }
}
