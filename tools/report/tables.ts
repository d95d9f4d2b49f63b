/** The paper's tables and the verdicts on its claims, as Markdown, CSV and LaTeX. */
import { readFileSync } from 'node:fs'
import {
  type ClaimResult,
  claims,
  type Estimate,
  evaluateClaim,
  formatEstimate,
  type Hyperparameters,
  hyperparameters,
  type PaperEnds,
  type PaperEnvironment,
  paperStrategies,
  type ResultsByTask,
  type StrategyName,
  type Table2Row,
  table2
} from 'radgrad'
import { inRoot } from '../setup/root.mjs'
import { count } from './count.ts'
import { tasks } from './tasks.ts'

const strategies = paperStrategies(hyperparameters.reacher)
const title = (strategy: StrategyName): string => strategies[strategy].title

/** Writes Table 1, out of the protocol itself. */
export function table1Markdown(): string {
  const { reacher, hopper } = hyperparameters
  const rows: [string, string, (h: Hyperparameters) => number][] = [
    ['Loss', 'τ', (h) => h.loss.tau],
    ['Loss Gradient (RadGrad)', 'ε', (h) => h.loss.epsilon],
    ['SafeDAgger', 'τ', (h) => h.safety.tau],
    ['SafeDAgger Gradient', 'ε', (h) => h.safety.epsilon],
    ['Random', 'P(query)', (h) => h.query]
  ]
  return [
    '| algorithm | hyperparameter | Reacher | Hopper |',
    '|---|---|---|---|',
    ...rows.map(([name, symbol, pick]) => `| ${name} | ${symbol} | ${pick(reacher)} | ${pick(hopper)} |`)
  ].join('\n')
}

const columns = ['queries', 'loss', 'efficiency'] as const

/** A row of Table 2, the paper's numbers as it prints them. */
interface BesidePaper extends Table2Row {
  readonly paper: Readonly<Record<(typeof columns)[number], string>>
  readonly lossSd: string
}

/** A task's table. */
type Table2 = (typeof tasks)[number] & {
  readonly rows: readonly BesidePaper[]
  /** Their number. */
  readonly seeds: number
}

/** Reads the paper's Table 2, rows in its order. */
function paperRows(environment: string) {
  const [, ...lines] = readFileSync(inRoot('data/paper/table-2.csv'), 'utf8').trim().split('\n')
  return lines
    .map((line) => line.split(','))
    .filter(([task]) => task === environment)
    .map(([, strategy, queries, loss, lossSd, efficiency]) => ({
      strategy: strategy as StrategyName,
      paper: { queries, loss, efficiency },
      lossSd
    }))
}

/** Returns the ends of the paper's runs on a task. */
export const paperEnds = (environment: string): PaperEnds =>
  Object.fromEntries(
    paperRows(environment).map(({ strategy, paper, lossSd }) => [
      strategy,
      { queries: Number(paper.queries), loss: Number(paper.loss), lossSd: Number(lossSd) }
    ])
  )

/** Makes Table 2: for each task its rows, ours beside the paper's. */
export const besidePaper = (results: ResultsByTask): Table2[] =>
  tasks.map((task) => {
    const ours = table2(results[task.environment])
    const rows = paperRows(task.environment).map((row) => {
      const own = ours.find(({ strategy }) => strategy === row.strategy)
      if (!own) throw new Error(`no runs of ${row.strategy} on ${task.name}`)
      return { ...own, ...row }
    })
    return { ...task, rows, seeds: results[task.environment].length }
  })

/** The digits of a task's queries, loss and efficiency. */
const digitsOf = ({ digits }: Table2): number[] => [0, digits, digits === 0 ? 0 : 1]

export const table2Markdown = (tables: readonly Table2[]): string =>
  tables
    .map((table) => ({ ...table, digits: digitsOf(table) }))
    .map(({ name, digits, rows, seeds }) =>
      [
        `| ${name}, ${count(seeds)} | queries | paper | loss | paper | efficiency | paper |`,
        '|---|---|---|---|---|---|---|',
        ...rows.map(({ strategy, paper, lossSd, ...ours }) => {
          const [queries, loss, efficiency] = columns.map((column, c) => formatEstimate(ours[column], digits[c]))
          return `| ${title(strategy)} | ${queries} | ${paper.queries} | ${loss} | ${paper.loss} ± ${lossSd} | ${efficiency} | ${paper.efficiency} |`
        })
      ].join('\n')
    )
    .join('\n\n')

/** The claims that the README shows, each with the two strategies that it compares. */
const headlines: readonly (readonly [PaperEnvironment, string, StrategyName, StrategyName])[] = [
  ['reacher', 'the gradient lowers the loss of Loss', 'loss-gradient', 'loss'],
  ['reacher', 'random sampling lowers the loss of Loss Gradient', 'loss-gradient-random', 'loss-gradient'],
  ['reacher', 'RadGrad matches DAgger with fewer queries', 'loss-gradient', 'dagger'],
  ['reacher', 'Random matches DAgger with fewer queries', 'random', 'dagger'],
  ['hopper', 'most risk-aware strategies fail to reach DAgger', 'loss-gradient', 'dagger'],
  ['hopper', 'SafeDAgger fails to reach DAgger', 'safedagger', 'dagger']
]

/**
 * Writes the README's table: a row for each of six claims, the losses that it compares and the verdict.
 *
 * @param tables each expert's table
 * @param verdicts each expert's verdicts on all claims
 */
export function headlinesMarkdown(
  tables: Readonly<Record<string, readonly Table2[]>>,
  verdicts: Readonly<Record<string, readonly ClaimOverSeeds[]>>
): string {
  const experts = Object.keys(tables)
  const rows = headlines.map(([environment, text, a, b]) => {
    const claim = claims.findIndex((one) => one.environment === environment && one.claim === text)
    if (claim < 0) throw new Error(`there is no claim '${text}' on ${environment}`)
    const { name, digits } = tasks.find((task) => task.environment === environment)!
    const ours = experts.map((whose) => {
      const [first, second] = [a, b].map((strategy) => rowOf(tables[whose], environment, strategy).loss.value)
      return `${first.toFixed(digits)}, ${second.toFixed(digits)}: **${verdicts[whose][claim].verdict}**`
    })
    const [first, second] = [a, b].map((strategy) => rowOf(tables[experts[0]], environment, strategy).paper.loss)
    return `| ${name}: ${text} | ${title(a)}, ${title(b)} | ${[`${first}, ${second}`, ...ours].join(' | ')} |`
  })
  const seeds = count(tables[experts[0]][0].seeds)
  return [
    `| the paper’s claim | losses of | paper | ${experts.map((whose) => `${whose} experts`).join(' | ')} |`,
    `|---|---|---|${'---|'.repeat(experts.length)}`,
    ...rows,
    '',
    `*Losses at the last iteration, means over ${seeds}, and the verdict on the claim; the paper’s losses are of one run.*`
  ].join('\n')
}

function rowOf(tables: readonly Table2[], environment: string, strategy: StrategyName): BesidePaper {
  const row = tables
    .find((table) => table.environment === environment)
    ?.rows.find((candidate) => candidate.strategy === strategy)
  if (!row) throw new Error(`Table 2 has no row of ${strategy} on ${environment}`)
  return row
}

/** @param byExpert each expert's table */
export function table2Csv(byExpert: Readonly<Record<string, readonly Table2[]>>): string {
  const numbers = columns.flatMap((name) => [name, `${name}_low`, `${name}_high`, `${name}_paper`])
  const lines = Object.entries(byExpert).flatMap(([expert, table]) =>
    table.flatMap(({ environment, rows, seeds }) =>
      rows.map(({ strategy, paper, ...ours }) => [
        environment,
        expert,
        strategy,
        seeds,
        ...columns.flatMap((name) => [ours[name].value, ours[name].low, ours[name].high, paper[name]])
      ])
    )
  )
  return csv([['environment', 'expert', 'strategy', 'seeds', ...numbers], ...lines])
}

export function table2Latex(tables: readonly Table2[]): string {
  /** As `$0.81$ {\small $[0.74, 0.89]$}`. */
  const math = (estimate: Estimate, digits: number): string => {
    const [mean, interval] = formatEstimate(estimate, digits).split(' (')
    return interval ? `$${mean}$ {\\small $[${interval.replace(' … ', ', ').replace(')', ']')}$}` : `$${mean}$`
  }
  const body = tables.flatMap((table) => [
    '\\midrule',
    `\\multicolumn{7}{l}{${table.name}, ${count(table.seeds)}} \\\\`,
    ...table.rows.map(({ strategy, paper, lossSd, ...ours }) => {
      const theirs = [`$${paper.queries}$`, `$${paper.loss} \\pm ${lossSd}$`, `$${paper.efficiency}$`]
      const digits = digitsOf(table)
      const cells = columns.flatMap((column, c) => [math(ours[column], digits[c]), theirs[c]])
      return `${title(strategy).replace('. ', '.\\ ')} & ${cells.join(' & ')} \\\\`
    })
  ])
  return [
    '% Means over seeds with 95 % bootstrap intervals, and the paper’s numbers. Needs the package booktabs.',
    '\\begin{tabular}{lrrrrrr}',
    '\\toprule',
    'Algorithm & Queries & paper & Loss & paper & Efficiency & paper \\\\',
    ...body,
    '\\bottomrule',
    '\\end{tabular}',
    ''
  ].join('\n')
}

/** The verdict on a claim, and over how many seeds. */
export type ClaimOverSeeds = ClaimResult & { readonly seeds: number }

/** Returns the digits after the decimal point that an estimate is written with. */
export const estimateDigits = ({ value }: Estimate): number => (Math.abs(value) < 100 ? 2 : 0)

/** Evaluates every claim. */
export const evaluateClaims = (results: ResultsByTask): ClaimOverSeeds[] =>
  claims.map((claim) => ({
    ...evaluateClaim(claim, results[claim.environment]),
    seeds: results[claim.environment].length
  }))

/**
 * Writes a row for each claim: our experts' decisive number, and beside it the verdict by each expert's records.
 *
 * @param byExpert each expert's verdicts
 */
export function claimsMarkdown(byExpert: Readonly<Record<string, readonly ClaimOverSeeds[]>>): string {
  const experts = Object.keys(byExpert)
  const rows = claims.map((claim, i) => {
    const judged = experts.map((expert) => byExpert[expert][i])
    const [{ decisive }] = judged
    const cells = judged.map(({ parts, decisive: { what, estimate }, verdict }) => {
      const held = parts.filter((part) => part.verdict === 'supported').length
      const count = parts.length > 1 ? `, ${held} of ${parts.length} parts hold` : ''
      const other = what === decisive.what ? '' : `${what}: `
      return `**${verdict}**${count}<br>${other}${formatEstimate(estimate, estimateDigits(estimate))}`
    })
    const task = tasks.find(({ environment }) => environment === claim.environment)
    return `| ${claim.claim} | ${task?.name} | ${decisive.what} | ${cells.join(' | ')} |`
  })
  return [
    `| the paper’s claim | task | number, below zero where it holds | ${experts.map((expert) => `${expert} experts`).join(' | ')} |`,
    `|---|---|---|${'---|'.repeat(experts.length)}`,
    ...rows
  ].join('\n')
}

/** @param byExpert each expert's verdicts */
export function claimsCsv(byExpert: Readonly<Record<string, readonly ClaimOverSeeds[]>>): string {
  const lines = Object.entries(byExpert).flatMap(([expert, judgements]) =>
    judgements.flatMap(({ claim, environment, seeds, parts, verdict }) =>
      parts.map(({ what, estimate: { value, low, high }, verdict: part }) => [
        ...[claim, environment, expert, seeds],
        ...[verdict, what, part, value, low, high]
      ])
    )
  )
  return csv([
    ['claim', 'environment', 'expert', 'seeds', 'verdict', 'number', 'part', 'value', 'low', 'high'],
    ...lines
  ])
}

const csv = (lines: readonly (readonly (string | number)[])[]): string =>
  lines.map((line) => `${line.map(quoted).join()}\n`).join('')

const quoted = (cell: string | number): string =>
  /[",]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell)
