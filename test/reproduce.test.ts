/** The command that is the project's main job, as a process. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bundle, type Send, setHost } from 'radgrad/dist/internal.js'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { paperEnvironments } from '../lib/environments'
import { loadExpert } from '../lib/files/experts'
import { readResults, recordFileName } from '../lib/files/results'
import { type Protocol, protocolFor, quick } from '../lib/protocol'
import { decodeRecord, type RunRecord, withExpertHash } from '../lib/record'
import { strategyNames } from '../lib/strategies'
import { hash } from '../lib/util/hash'
import { mean, standardDeviation } from '../lib/util/statistics'
import { nodeHost } from '../tools/host/node.ts'
import '../tools/host/register.ts'
import { findChromium } from '../tools/pictures/chromium.ts'
import { encodeRecord, sealRecord } from '../tools/record.ts'
import { compareRecords } from '../tools/reproduce/compare-records.ts'
import { planOf } from '../tools/reproduce/reproduce.ts'
import { writeRecord } from '../tools/sweep/write-record.ts'
import { childrenOf, contents, isWorker, newFolder, outcome } from './cli/radgrad'
import { computing, expectQuick, type Figure, quickNotice } from './notebooks/notebook'

const start = (...args: string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, ['tools/setup/start.mjs', 'reproduce', ...args])

test.each([
  [['--fast'], /Unknown option '--fast'/],
  [['07-more'], /there is no notebook 07-more: there are 00-tasks-and-experts, /],
  [['notebooks/own/none.ipynb'], /there is no notebook notebooks\/own\/none\.ipynb: .*, and paths of your own/],
  [['/tmp/..//tmp/no.ipynb'], /there is no notebook \/tmp/],
  [
    ['02-dagger', 'notebooks/02-dagger.ipynb'],
    /two notebooks are named 02-dagger: execute one at a time, or rename one/
  ],
  [['--from-records', '--quick'], /--from-records stands alone/],
  [['--from-records', '02-dagger'], /--from-records stands alone/]
])('the reproduction refuses the arguments %j before anything is done', async (args, words) => {
  const { code, stdout, stderr } = await outcome(start(...args))
  expect(stderr).toMatch(words)
  expect(stderr).toMatch(/usage: npm run reproduce -- \[--quick \| --from-records\] \[notebook \| path\.ipynb \.\.\.]/)
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

describe('the plan of a reproduction', () => {
  const all = readdirSync('notebooks')
    .filter((file) => file.endsWith('.ipynb'))
    .map((file) => file.replace('.ipynb', ''))
  const nothing = { quick: false, fromRecords: false, named: [] }

  test('the reproduction computes the runs, draws the report and executes all notebooks', () => {
    expect(planOf(nothing)).toEqual({
      quick: false,
      folder: resolve('out'),
      results: resolve('out/results'),
      report: true,
      notebooks: all
    })
  })

  test('--quick does all of that too, in a folder of its own', () => {
    expect(planOf({ ...nothing, quick: true })).toEqual({
      quick: true,
      folder: resolve('out/quick'),
      results: resolve('out/quick/results'),
      report: true,
      notebooks: all
    })
  })

  test('--from-records computes no run, draws the report and executes the notebook of figures and tables', () => {
    expect(planOf({ ...nothing, fromRecords: true })).toEqual({
      quick: false,
      folder: resolve('out'),
      results: undefined,
      report: true,
      notebooks: ['05-figures-and-tables']
    })
  })

  test('named notebooks are executed and nothing else is done, but that --quick computes the runs that they show', () => {
    const named = ['02-dagger', '04-radgrad']
    expect(planOf({ ...nothing, named })).toMatchObject({ results: undefined, report: false, notebooks: named })
    expect(planOf({ ...nothing, named, quick: true })).toMatchObject({
      results: resolve('out/quick/results'),
      report: true,
      notebooks: named
    })
  })

  test('a notebook of one’s own is executed and nothing else is done, quick or not', () => {
    const named = ['notebooks/own/mine.ipynb']
    for (const quick of [false, true])
      expect(planOf({ ...nothing, named, quick })).toMatchObject({
        results: undefined,
        report: false,
        notebooks: named
      })
  })
})

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
}, 300_000)

describe('a quick run', () => {
  const names = readdirSync('notebooks/text').map((file) => basename(file, '.ts'))

  test('--quick computes the beginnings of the committed runs, goes on where it was, draws, executes, marks its outputs as quick, and touches nothing that is committed', async () => {
    const before = await contents('data/figures')
    await rm('out/quick', { recursive: true, force: true })
    await mkdir('out/quick/results', { recursive: true })
    const begun = await beginnings()
    // most runs, which take minutes, are there already: the numbers of every strategy are tested by test/golden
    const isComputed = ({ protocol }: RunRecord) =>
      protocol.strategy === 'dagger' || (protocol.environment === 'reacher' && protocol.strategy === 'loss-gradient')
    for (const record of begun.filter((record) => !isComputed(record))) await writeRecord('out/quick/results', record)
    const { code, stdout, stderr } = await outcome(start('--quick', ...computing))
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('15 of 18 runs are recorded')
    const { records } = await readResults('out/quick/results')
    expect(records.size).toBe(18)
    for (const record of begun) {
      const { iterations, expertReturns } = records.get(await recordFileName(record))!.outcome
      expect({ iterations, expertReturns }).toEqual({
        iterations: record.outcome.iterations,
        expertReturns: record.outcome.expertReturns
      })
    }
    if (findChromium()) expect((await readdir('out/quick/figures')).length).toBeGreaterThanOrEqual(7)
    expect(readFileSync('out/quick/tables/table-2.md', 'utf8')).toMatch(
      /^\*quick run: [\s\S]*\| Reacher, 1 seed \| queries/
    )
    expect(readFileSync('out/quick/tables/table-2.tex', 'utf8')).toMatch(/^% quick run: /)
    for (const name of computing) await expectQuick('out/quick', name)
    expect(stdout).not.toMatch(/to the last bit/)
    expect(await contents('data/figures')).toEqual(before)
  }, 600_000)

  test.each(names.filter((name) => !computing.includes(name)))(
    'the cells of %s compute little of the records of a quick run, without a complaint, and mark their figures',
    async (name) => {
      vi.stubEnv('RADGRAD_QUICK', '1')
      vi.stubEnv('RADGRAD_RESULTS', resolve('out/quick/results'))
      vi.spyOn(console, 'log').mockImplementation(() => {})
      const complaints = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')]
      const { shown, end } = showHere()
      const root = process.cwd()
      process.chdir('notebooks') // where the kernel starts
      onTestFinished(() => {
        process.chdir(root)
        vi.unstubAllEnvs()
        vi.restoreAllMocks()
        setHost(nodeHost)
      })
      await import(shortened(name))
      end()
      for (const complaint of complaints) expect(complaint.mock.calls).toEqual([])
      const subtitles = [...shown.values()]
        .flatMap((data) => (data['application/vnd.plotly.v1+json'] as Figure | undefined) ?? [])
        .map(({ layout }) => layout.title.subtitle?.text)
      expect(shown.size).toBeGreaterThan(0)
      // what is drawn from data/ alone is complete, and bears no mark
      const text = readFileSync(resolve('text', `${name}.ts`), 'utf8')
      const complete = text.split('rg.showCommitted(').length - 1
      const marked = subtitles.filter((subtitle) => subtitle?.endsWith(quickNotice))
      expect(subtitles.length - marked.length).toBeLessThanOrEqual(complete)
      expect(marked.length > 0).toBe(!(name in onlyOneRun))
    },
    300_000
  )
})

/** The notebooks that draw committed records alone, quick or not, but for one run; the heading of their first figure, and of that run. */
const onlyOneRun: Readonly<Record<string, readonly [first: string, run: string]>> = {
  '07-beyond-the-paper': ['The figure to remember', 'Appendix: '],
  '08-how-to-spend-a-budget': ['Few episodes queried often', 'Try another budget']
}

/** Returns the path of a notebook's text, without the cells between its first figure and the one that a quick run shortens. */
function shortened(name: string): string {
  const path = resolve('text', `${name}.ts`)
  if (!(name in onlyOneRun)) return path
  const headings = new RegExp(`^(?=// ## (?:${onlyOneRun[name].join('|')}))`, 'm')
  const [head, between, tail] = readFileSync(path, 'utf8').split(headings)
  expect([head, between, tail].map((part) => part.includes('rg.protocolOverrides()'))).toEqual([false, false, true])
  const part = resolve('../out/quick', `${name}.ts`)
  writeFileSync(part, head + tail)
  return part
}

/** Returns the first iterations and trials of the committed runs of seed 1, which are all of a quick run. */
async function beginnings(): Promise<RunRecord[]> {
  const { records } = await readResults('data/results')
  const begun: RunRecord[] = []
  for (const environment of paperEnvironments) {
    const expert = await loadExpert(environment)
    const recorded = (strategy: (typeof strategyNames)[number], changes: Partial<Protocol> = {}) =>
      withExpertHash(protocolFor(environment, strategy, expert, changes))
    for (const strategy of strategyNames) {
      const whole = records.get(await recordFileName({ protocol: await recorded(strategy), seed: 1 }))!
      begun.push(await beginningOf(whole, await recorded(strategy, quick)))
    }
  }
  return begun
}

/** Returns a record without what the last iteration alone can tell: the validation and the policy. */
function beginningOf({ seed, outcome, provenance }: RunRecord, protocol: RunRecord['protocol']): Promise<RunRecord> {
  const expertReturns = outcome.expertReturns.slice(0, protocol.trials)
  const iterations = outcome.iterations.slice(0, protocol.iterations).map((iteration) => {
    const returns = iteration.returns.slice(0, protocol.trials)
    const losses = expertReturns.map((best, trial) => best - returns[trial])
    return { ...iteration, returns, loss: mean(losses), lossSd: standardDeviation(losses) }
  })
  const validation = { losses: [], best: protocol.iterations }
  return sealRecord({
    protocol,
    seed,
    outcome: { iterations, expertReturns, validation, policy: 'unknown' },
    provenance: { ...provenance, seconds: provenance.seconds.slice(0, protocol.iterations) }
  })
}

/** Registers a host that keeps what is shown, by output, as the cells of one notebook show it. */
function showHere() {
  const shown = new Map<string, Bundle>()
  const endings = new Set<() => void>()
  const send: Send = ({ data, transient }) => shown.set(transient.display_id, data)
  setHost({ ...nodeHost, cell: () => send, beforeIdle: (work) => endings.add(work), picture: () => undefined })
  return {
    shown,
    end: () => {
      for (const ending of endings) ending()
    }
  }
}
