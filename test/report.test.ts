/** The committed report equals one drawn anew from the records, which are read here without the library. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { berkeleyExperts, loadExpert } from '../lib/files/experts'
import { fingerprint } from '../lib/networks/format'
import { hyperparameters, titleOf } from '../lib/strategies'
import '../tools/host/register.ts'
import { findChromium } from '../tools/pictures/chromium.ts'
import { committed, type Report, report } from '../tools/report/report.ts'
import { saveReport } from '../tools/reproduce/save-report.ts'
import { newFolder } from './cli/radgrad'
import { packedRecords } from './packs'

interface Iteration {
  readonly iteration: number
  readonly queries: number
  readonly loss: number
  readonly lossSd: number
  readonly returns: readonly number[]
}
interface Run {
  readonly expert: 'our' | 'Berkeley’s'
  readonly task: 'reacher' | 'hopper'
  readonly strategy: keyof typeof titles
  readonly seed: number
  readonly iterations: readonly Iteration[]
  readonly expertReturns: readonly number[]
}
const titles = {
  supervised: 'Supervised',
  dagger: 'DAgger',
  random: 'Random',
  safedagger: 'SafeDAgger',
  'safedagger-gradient': 'SD Gradient',
  'safedagger-gradient-random': 'SD Gr. Random',
  loss: 'Loss',
  'loss-gradient': 'Loss Gradient (RadGrad)',
  'loss-gradient-random': 'Loss Gr. Random'
} as const
const strategies = Object.keys(titles) as Run['strategy'][]
const tasks = ['reacher', 'hopper'] as const
const experts = ['our', 'Berkeley’s'] as const

const fragile = await fingerprint(await loadExpert('hopper', 'data/experts/hopper-fragile'))
const runs: Run[] = packedRecords('data/results').flatMap(({ protocol, seed, outcome }) => {
  const task = protocol.environment as Run['task']
  const { expert } = protocol
  if (expert === fragile) return []
  const strategy = protocol.strategy as Run['strategy']
  const theirs = expert === berkeleyExperts[task]
  return [{ expert: theirs ? ('Berkeley’s' as const) : ('our' as const), task, strategy, seed, ...outcome }]
})
const runsOf = (expert: Run['expert'], task: Run['task'], strategy: Run['strategy']): Run[] =>
  runs
    .filter((run) => run.expert === expert && run.task === task && run.strategy === strategy)
    .sort((a, b) => a.seed - b.seed)
const average = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length
const last = ({ iterations }: Run): Iteration => iterations[iterations.length - 1]

interface Trace {
  readonly hovertemplate?: string
  readonly mode: string
  readonly x: number[]
  readonly y: number[]
  readonly yaxis?: string
}
let drawn: Record<string, { data: Trace[] }>
let tables: Record<string, string>
let now: ReturnType<typeof committed>
let whole: Report
beforeAll(async () => {
  whole = await report(['data/results'])
  drawn = whole.figures as unknown as typeof drawn
  tables = whole.tables as Record<string, string>
  now = committed(whole)
}, 300_000)

/** Returns a strategy's traces in a figure, by the hover text that names it. */
const named = (figure: string, strategy: Run['strategy']): Trace[] =>
  drawn[figure].data.filter(({ hovertemplate }) => hovertemplate?.startsWith(`<b>${titles[strategy]}</b>`))
/** Returns a strategy's line in the nine panels, of which that of queries has the even number. */
const line = (figure: string, strategy: Run['strategy'], what: 'loss' | 'queries'): Trace => {
  const even = ({ yaxis }: Trace): boolean => Number(yaxis?.slice(1) || 1) % 2 === 0
  const found = named(figure, strategy).filter((trace) => even(trace) === (what === 'queries'))
  expect(found).toHaveLength(1)
  return found[0]
}
const expectClose = (found: readonly number[], wanted: readonly number[]): void => {
  expect(found).toHaveLength(wanted.length)
  found.forEach((value, i) => {
    expect(Math.abs(value - wanted[i])).toBeLessThanOrEqual(1e-9 * Math.abs(wanted[i]))
  })
}

test('the committed report is up to date (if not: npm run report)', () => {
  for (const [page, text] of Object.entries(now.pages)) expect(readFileSync(page, 'utf8')).toBe(text)
  expect(readdirSync('data/tables').sort()).toEqual(Object.keys(now.tables).sort())
  for (const [file, text] of Object.entries(now.tables)) expect(readFileSync(`data/tables/${file}`, 'utf8')).toBe(text)
  expect(JSON.parse(readFileSync('data/figures/drawn.json', 'utf8'))).toEqual(now.drawn)
})

test.skipIf(!findChromium() && !process.env.RADGRAD_CI)(
  'a report is saved as a picture of each figure and as tables, unmarked unless the run is quick (needs Chromium on the PATH)',
  async () => {
    const folder = await newFolder()
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    await saveReport({ ...whole, figures: { 'figure-3-berkeley': whole.figures['figure-3-berkeley'] } }, folder)
    expect(log.mock.calls.join()).toBe(`\nTables are in ${folder}/tables, 1 figures in ${folder}/figures.`)
    log.mockRestore()
    expect(readdirSync(join(folder, 'figures'))).toEqual(['figure-3-berkeley.png'])
    expect(readFileSync(join(folder, 'figures/figure-3-berkeley.png')).subarray(1, 4).toString()).toBe('PNG')
    expect(readdirSync(join(folder, 'tables'))).toEqual(expect.arrayContaining(Object.keys(now.tables)))
    for (const [file, text] of Object.entries(now.tables))
      expect(readFileSync(join(folder, 'tables', file), 'utf8')).toBe(text)
  },
  60_000
)

test('the README and the pages of docs/ show every picture that is committed, and no other', () => {
  const pictures = readdirSync('data/figures').filter((file) => file.endsWith('.png'))
  expect(pictures.sort()).toEqual(
    Object.keys(now.drawn)
      .map((name) => `${name}.png`)
      .sort()
  )
  const pages = ['README.md', ...readdirSync('docs').map((file) => `docs/${file}`)]
  const shown = pages.flatMap((page) => [
    ...readFileSync(page, 'utf8').matchAll(/!\[[^\]]+]\((?:\.\.\/)?data\/figures\/([^)]+)\)/g)
  ])
  expect(shown.map(([, file]) => file).sort()).toEqual(pictures)
})

test('the alternative text of a picture is the figure’s title, whose numbers come of the records', () => {
  const page = readFileSync('README.md', 'utf8')
  const alt = (name: string) => new RegExp(`!\\[([^\\]]+)]\\(data/figures/${name}.png\\)`).exec(page)?.[1]
  const end = (strategy: Run['strategy'], what: 'loss' | 'queries') =>
    average(runsOf('our', 'reacher', strategy).map((run) => last(run)[what]))
  const [loss, queries] = (['loss', 'queries'] as const).map((what) =>
    (end('loss-gradient', what) / end('dagger', what)).toFixed(1)
  )
  expect(alt('figure-2-queries')).toMatch(/^Reacher, at the end: /)
  expect(alt('figure-2-queries')).toContain(`RadGrad has ${loss} times its loss and ${queries} times its queries`)
  const better = strategies.filter((strategy) =>
    (['loss', 'queries'] as const).every((what) => end(strategy, what) < end('dagger', what))
  )
  const names = better.map((strategy) => titles[strategy].replace(/.*\(|\)/g, ''))
  const listed = /^Reacher, at the end: (.*) loses? less/.exec(alt('figure-2-queries') ?? '')?.[1]
  if (better.length > 4) expect(listed).toBe(`${better.length} strategies`)
  else expect(listed?.split(/, | and /)).toEqual(better.length > 0 ? names : ['no strategy'])
})

test('`titleOf` gives every strategy the title that the figures and tables show', () => {
  for (const strategy of strategies) expect(titleOf(strategy)).toBe(titles[strategy])
})

describe.each(experts)('with %s experts', (expert) => {
  const suffix = expert === 'our' ? '' : '-berkeley'

  test.each([
    ['reacher', 2],
    ['hopper', 3]
  ] as const)('the figures of %s show what the records hold', (task, number) => {
    for (const strategy of strategies) {
      const all = runsOf(expert, task, strategy)
      expect(all.length).toBeGreaterThanOrEqual(3)
      const [first] = all
      for (const what of ['loss', 'queries'] as const) {
        const one = line(`figure-${number}${suffix}`, strategy, what)
        expect(one.x).toEqual(first.iterations.map(({ iteration }) => iteration))
        expect(one.y).toEqual(first.iterations.map((iteration) => iteration[what]))
        const mean = line(`figure-${number}${suffix}-seeds`, strategy, what)
        expectClose(
          mean.y,
          first.iterations.map((_, i) => average(all.map(({ iterations }) => iterations[i][what])))
        )
      }
      // the loss itself is the expert's return less the policy's
      const { returns, loss } = last(first)
      expectClose([loss], [average(first.expertReturns.map((theirs, trial) => theirs - returns[trial]))])
      const [end, ...others] = named(`figure-${number}${suffix}-queries`, strategy)
      expect(others).toEqual([])
      for (const [axis, what] of [
        ['x', 'queries'],
        ['y', 'loss']
      ] as const)
        expectClose(end[axis], line(`figure-${number}${suffix}-seeds`, strategy, what).y.slice(-1))
      const [losses, queries] = named(`figure-${number}${suffix}-paper`, strategy)
      expect([losses.y, queries.y]).toEqual([
        first.iterations.map(({ loss }) => loss),
        first.iterations.map(({ queries }) => queries)
      ])
    }
  })

  test('the figure of Table 2 shows the means over seeds', () => {
    for (const task of tasks)
      for (const strategy of strategies) {
        const [loss, queries] = named(`table-2-${task}`, strategy).filter(({ hovertemplate }) =>
          hovertemplate?.includes(`, ${expert} expert`)
        )
        const all = runsOf(expert, task, strategy).map(last)
        expectClose(loss.x, [average(all.map(({ loss }) => loss))])
        expectClose(queries.x, [average(all.map(({ queries }) => queries))])
      }
  })

  test('the comparison figure shows the mean of the middle half of scores, and the improvements over pairs of runs', () => {
    const losses = (task: Run['task'], strategy: Run['strategy']) =>
      runsOf(expert, task, strategy).map((run) => last(run).loss)
    for (const strategy of strategies) {
      const avoided = tasks
        .flatMap((task) => {
          const baseline = average(losses(task, 'supervised'))
          return losses(task, strategy).map((loss) => 1 - loss / baseline)
        })
        .sort((a, b) => a - b)
      // each number four times: the middle half has whole numbers of them
      const quarters = avoided.flatMap((score) => [score, score, score, score])
      const middle = average(quarters.slice(avoided.length, 3 * avoided.length))
      const [score, improvement] = named('comparison', strategy).filter(({ hovertemplate }) =>
        hovertemplate?.includes(`, ${expert} experts`)
      )
      expect(score.x[0]).toBeCloseTo(middle, 9)
      const better = tasks.map((task) =>
        average(losses(task, strategy).flatMap((a) => losses(task, 'dagger').map((b) => (Math.sign(b - a) + 1) / 2)))
      )
      expect(improvement.x[0]).toBeCloseTo(average(better), 9)
    }
  })

  test('Table 2 holds the means of the last iterations, in the paper’s order and beside its numbers', () => {
    const [header, ...rows] = tables['table-2.csv'].trim().split('\n')
    const columns = header.split(',')
    const paper = readFileSync('data/paper/table-2.csv', 'utf8').trim().split('\n').slice(1)
    const mine = rows
      .map((row) => Object.fromEntries(row.split(',').map((cell, i) => [columns[i], cell])))
      .filter((row) => row.expert === expert)
    expect(mine).toHaveLength(paper.length)
    mine.forEach((row, i) => {
      const [task, strategy, queries, loss, , efficiency] = paper[i].split(',')
      expect([row.environment, row.strategy]).toEqual([task, strategy])
      expect([row.queries_paper, row.loss_paper, row.efficiency_paper]).toEqual([queries, loss, efficiency])
      const all = runsOf(expert, task as Run['task'], strategy as Run['strategy'])
      const baselines = runsOf(expert, task as Run['task'], 'supervised')
      expect(row.seeds).toBe(String(all.length))
      expectClose([Number(row.queries)], [average(all.map((run) => last(run).queries))])
      expectClose([Number(row.loss)], [average(all.map((run) => last(run).loss))])
      const gains = all.map((run, s) => (10_000 * (last(baselines[s]).loss - last(run).loss)) / last(run).queries)
      expect(Number(row.efficiency)).toBeCloseTo(average(gains), 6)
      for (const what of ['queries', 'loss', 'efficiency']) {
        expect(Number(row[`${what}_low`])).toBeLessThanOrEqual(Number(row[what]))
        expect(Number(row[`${what}_high`])).toBeGreaterThanOrEqual(Number(row[what]))
      }
    })
  })

  test('a claim’s number is the mean over seeds, and its verdict what the interval says', () => {
    const rows = tables['claims.csv'].trim().split('\n').slice(1)
    // what is left of a line once quoted commas are gone
    const cells = rows.map((row) =>
      row.replace(/"[^"]*"/g, (text) => text.slice(1, -1).replaceAll(',', ';')).split(',')
    )
    const mine = cells.filter(([, , whose]) => whose === expert)
    expect(mine.length).toBeGreaterThan(19)
    for (const [, , , , , , part, , low, high] of mine)
      expect(part).toBe(Number(high) < 0 ? 'supported' : Number(low) > 0 ? 'contradicted' : 'undecided')
    // one claim of each kind, computed anew from the records
    const loss = (run: Run) => last(run).loss
    const queries = (run: Run) => last(run).queries
    const ofSeed = (task: Run['task'], seed: number, strategy: Run['strategy']) => runsOf(expert, task, strategy)[seed]
    type Reading = (run: (strategy: Run['strategy']) => Run) => number
    const gain = (run: (strategy: Run['strategy']) => Run, of: Run['strategy']) =>
      (10_000 * (loss(run('supervised')) - loss(run(of)))) / queries(run(of))
    const kinds: [Run['task'], string, string, Reading][] = [
      ['reacher', 'the gradient lowers the loss of Loss', '', (run) => loss(run('loss-gradient')) - loss(run('loss'))],
      [
        'reacher',
        'random sampling makes SD Gradient more efficient',
        '',
        (run) => gain(run, 'safedagger-gradient') - gain(run, 'safedagger-gradient-random')
      ],
      [
        'hopper',
        'Random matches DAgger with fewer queries',
        'queries',
        (run) => queries(run('random')) - queries(run('dagger'))
      ],
      [
        'hopper',
        'Random matches DAgger with fewer queries',
        'what',
        (run) => loss(run('random')) - (4 / 5) * loss(run('dagger')) - (1 / 5) * loss(run('supervised'))
      ],
      [
        'hopper',
        'risk-aware strategies are ahead of DAgger early on',
        '',
        (run) => {
          const early = (strategy: Run['strategy']) =>
            average(
              run(strategy)
                .iterations.slice(1, 5)
                .map((i) => i.loss)
            )
          const gated = strategies.filter((name) => /safe|loss/.test(name))
          return average(gated.map(early)) - early('dagger')
        }
      ],
      [
        'reacher',
        'SD Gradient queries less than SafeDAgger for much of the training',
        '',
        (run) => {
          const asked = (strategy: Run['strategy']) =>
            average(
              run(strategy)
                .iterations.slice(1)
                .map((i) => i.queries)
            )
          return asked('safedagger-gradient') - asked('safedagger')
        }
      ]
    ]
    for (const [task, claim, part, number] of kinds) {
      const seeds = runsOf(expert, task, 'dagger').map((_, seed) => number((strategy) => ofSeed(task, seed, strategy)))
      const rows = mine.filter((row) => row[0] === claim && row[1] === task && row[5].startsWith(part))
      expect(rows).toHaveLength(1)
      expect(Number(rows[0][7])).toBeCloseTo(average(seeds), 6)
    }
    const verdicts = new Map(mine.map(([claim, task, , , verdict]) => [`${claim}, ${task}`, verdict]))
    for (const [key, verdict] of verdicts) {
      const parts = mine.filter(([claim, task]) => `${claim}, ${task}` === key).map((row) => row[6])
      const count = (what: string) => parts.filter((part) => part === what).length
      const enough = key.startsWith('most') ? 4 : parts.length
      const tooMany = key.startsWith('most') ? 4 : 1
      const wanted =
        count('supported') >= enough ? 'supported' : count('contradicted') >= tooMany ? 'contradicted' : 'undecided'
      expect(`${key}: ${verdict}`).toBe(`${key}: ${wanted}`)
    }
  })
})

test('Table 1 shows the values of the protocol', () => {
  const cells = tables['table-1.md']
    .split('\n')
    .slice(2)
    .map((row) => row.split('|').slice(-3, -1).map(Number))
  const { reacher, hopper } = hyperparameters
  expect(cells).toEqual([
    [reacher.loss.tau, hopper.loss.tau],
    [reacher.loss.epsilon, hopper.loss.epsilon],
    [reacher.safety.tau, hopper.safety.tau],
    [reacher.safety.epsilon, hopper.safety.epsilon],
    [reacher.query, hopper.query]
  ])
})

test('every row has the same columns in the LaTeX table, and in each Markdown table', () => {
  const rows = tables['table-2.tex'].split('\n').filter((row) => row.includes('&'))
  expect(rows).toHaveLength(1 + 18)
  for (const row of rows) expect(row).toMatch(/^([^&]+&){6}[^&]+\\\\$/)
  for (const file of ['table-1.md', 'table-2.md', 'claims.md', 'headlines.md'])
    for (const table of tables[file].split('\n\n').filter((text) => text.startsWith('|'))) {
      const widths = table.split('\n').map((row) => row.split('|').length)
      expect(new Set(widths).size).toBe(1)
    }
})
