/** Everything that is drawn or tabulated from records. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  berkeleyExperts,
  environments,
  type Figure,
  loadExpert,
  type PaperEnvironment,
  type Protocol,
  paperEnvironments,
  protocolFor,
  type RecordedProtocol,
  type ResultsByTask,
  type RunRecord,
  readResults,
  resultsBySeed,
  withExpertHash
} from 'radgrad'
import { fingerprint, plainTitle, yieldToEventLoop } from 'radgrad/dist/internal.js'
import { draw } from '../pictures/draw.ts'
import { inRoot } from '../setup/root.mjs'
import {
  claimsAtOneRate,
  figureAtOneRate,
  headlinesAtOneRate,
  lossesAtOneRate,
  resultsAtOneRate,
  verdictsAtOneRate
} from './at-one-rate.ts'
import { expertsMarkdown } from './experts.ts'
import { comparisons, figures } from './figures.ts'
import { fronts } from './fronts.ts'
import {
  besidePaper,
  claimsCsv,
  claimsMarkdown,
  evaluateClaims,
  headlinesMarkdown,
  table1Markdown,
  table2Csv,
  table2Latex,
  table2Markdown
} from './tables.ts'
import type { Whose } from './tasks.ts'

export interface Report {
  readonly figures: Readonly<Record<string, Figure>>
  /** By the names of their files. */
  readonly tables: Readonly<Record<string, string>>
}

/** Returns the fields of a task's protocol that are not as by default. */
type Change = (environment: PaperEnvironment) => Partial<RecordedProtocol> | Promise<Partial<RecordedProtocol>>

/**
 * Draws and tabulates some records.
 *
 * @param folders of records; a later one's stand for those of the same name
 * @param changes the runs' differences from the paper's protocol; with any, there are none of Berkeley's experts, nor beyond the paper
 * @param signal stops it
 */
export async function report(
  folders: readonly string[],
  changes: Partial<Protocol> = {},
  signal?: AbortSignal
): Promise<Report> {
  const { records } = await readResults(...folders)
  const resultsOf = async (environment: PaperEnvironment, changed: Change) => {
    const protocol = await withExpertHash(protocolFor(environment, 'dagger', await loadExpert(environment), changes))
    return resultsBySeed(records.values(), { ...protocol, ...(await changed(environment)) })
  }
  const resultsWith = async (changed: Change): Promise<ResultsByTask> => {
    const byTask = paperEnvironments.map(async (name) => [name, await resultsOf(name, changed)] as const)
    return Object.fromEntries(await Promise.all(byTask))
  }
  /** Returns the results of each expert of each task, the fragile one's too. */
  const withEachExpert = async () => {
    const results = paperEnvironments.flatMap((environment) =>
      byExpert.map(([whose, tasks]) => ({ environment, whose: `${whose} expert`, seeds: tasks[environment] }))
    )
    const fragile = await fingerprint(await loadExpert('hopper', inRoot('data/experts/hopper-fragile')))
    const seeds = await resultsOf('hopper', () => ({ expert: fragile }))
    return [...results, { environment: 'hopper' as const, whose: 'our fragile expert', seeds }]
  }
  const ours = await resultsWith(() => ({}))
  const whole = Object.keys(changes).length === 0
  const byExpert: [Whose, ResultsByTask][] = [['our', ours]]
  if (whole)
    byExpert.push(['Berkeley’s', await resultsWith((environment) => ({ expert: berkeleyExperts[environment] }))])
  const each = async <T>(of: (results: ResultsByTask, whose: Whose) => T): Promise<Record<string, T>> => {
    const come: [Whose, T][] = []
    for (const [whose, results] of byExpert) {
      await yieldToEventLoop(signal)
      come.push([whose, of(results, whose)])
    }
    return Object.fromEntries(come)
  }
  // bootstrapped once, written several times
  const [drawn, tables, verdicts] = [await each(figures), await each(besidePaper), await each(evaluateClaims)]
  await yieldToEventLoop(signal)
  const compared = comparisons(Object.fromEntries(byExpert), verdicts)
  const recordsOf = async (study: string): Promise<RunRecord[]> =>
    whole ? [...(await readResults(inRoot('data', study, 'records'))).records.values()] : []
  const studied = await recordsOf('beyond')
  const beyond = whole ? await fronts(studied, ours, signal) : {}
  const atOneRate =
    whole && (await resultsAtOneRate([...records.values(), ...studied, ...(await recordsOf('tasks'))], environments))
  const judged = atOneRate ? verdictsAtOneRate(atOneRate) : []
  return {
    figures: Object.assign(
      {},
      ...Object.values(drawn),
      compared,
      beyond,
      atOneRate && { 'at-one-rate': figureAtOneRate(atOneRate) }
    ),
    tables: {
      'headlines.md': headlinesMarkdown(tables, verdicts),
      'table-1.md': table1Markdown(),
      ...(whole && { 'experts.md': expertsMarkdown(await withEachExpert()) }),
      ...(atOneRate && {
        'four-tasks.md': headlinesAtOneRate(atOneRate, judged),
        'losses-at-one-rate.md': lossesAtOneRate(atOneRate),
        'claims-at-one-rate.md': claimsAtOneRate(atOneRate, judged)
      }),
      'table-2.md': Object.entries(tables)
        .map(([whose, table]) => `With ${whose} experts:\n\n${table2Markdown(table)}`)
        .join('\n\n'),
      'table-2.csv': table2Csv(tables),
      'table-2.tex': table2Latex(tables.our),
      'claims.md': claimsMarkdown(verdicts),
      'claims.csv': claimsCsv(verdicts)
    }
  }
}

/** Writes tables to a folder's tables/, pictures of figures to its figures/. The signal stops it. */
export async function writeReport({ figures, tables }: Report, folder: string, signal?: AbortSignal): Promise<void> {
  for (const part of ['figures', 'tables']) mkdirSync(join(folder, part), { recursive: true })
  for (const [name, text] of Object.entries(tables)) writeFileSync(join(folder, 'tables', name), text)
  const pictures = await draw(Object.values(figures).map(sized), signal)
  for (const [i, name] of Object.keys(figures).entries())
    writeFileSync(join(folder, 'figures', `${name}.png`), pictures[i])
}

/** Gives a figure the size of its picture. */
export function sized(figure: Figure) {
  const { height = 450 } = figure.layout as { readonly height?: number }
  return { figure, width: 1100, height }
}

/** The sections of pages that are written anew, by the names of their tables. */
const sections = {
  'README.md': ['headlines', 'four-tasks'],
  'docs/results.md': ['table-1', 'experts', 'table-2', 'claims'],
  'docs/beyond.md': ['losses-at-one-rate', 'claims-at-one-rate']
}

/** The figures of which pictures are committed: those that the pages show. */
const shownFigures = [
  ...['figure-2-queries', 'figure-2', 'figure-3', 'claims', 'table-2-reacher', 'table-2-hopper', 'comparison'],
  ...['fronts-reacher', 'fronts-hopper', 'at-one-rate']
]

/** Returns the part of a report that is committed: the pages' sections and pictures, and data/tables. */
export function committed({ figures, tables }: Report) {
  const shown = Object.fromEntries(shownFigures.map((name) => [name, figures[name]]))
  const files = Object.fromEntries(Object.entries(tables).filter(([name]) => !name.endsWith('.md')))
  const pages = Object.fromEntries(
    Object.entries(sections).map(([page, names]) => [page, withFindings(names.reduce(withSection, readPage(page)))])
  )
  return { figures: shown, tables: files, pages, drawn: hashes(shown) }

  /** Returns a page's text whose pictures say what they show to those who do not see them. */
  function withFindings(text: string): string {
    const pictures = /!\[[^\]]*](\((?:\.\.\/)?data\/figures\/([\w-]+)\.png\))/g
    return text.replace(pictures, (_, target, name) => `![${plainTitle(figures[name])}]${target}`)
  }

  /** Returns a page's text with a marked section of it written anew. */
  function withSection(text: string, name: string): string {
    const [from, to] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
    const [start, end] = [text.indexOf(from), text.indexOf(to)]
    if (start < 0 || end < start) throw new Error(`no page has a place for ${name}: ${from} … ${to}`)
    return `${text.slice(0, start)}${from}\n\n${tables[`${name}.md`]}\n\n${text.slice(end)}`
  }
}

const hashes = (figures: Report['figures']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => [
      name,
      createHash('sha256').update(JSON.stringify(figure)).digest('hex')
    ])
  )

const readPage = (page: string): string => readFileSync(inRoot(page), 'utf8')
