/** The paper's tables and the verdicts on its claims, as Markdown, CSV and LaTeX. */
import { readFileSync } from 'node:fs'
import { claims, hyperparameters, inWords, judge, strategiesFor, table2 } from 'radgrad'
import { inRoot } from '../setup/root.mjs'
import { count } from './count.mjs'
import { tasks } from './tasks.mjs'

const strategies = strategiesFor(hyperparameters.reacher)
const title = (strategy) => strategies[strategy].title

/** Table 1, out of the protocol itself. */
export function table1Markdown() {
  const { reacher, hopper } = hyperparameters
  const rows = [
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

const columns = ['queries', 'loss', 'efficiency']

/** The paper's Table 2: rows in its order, numbers as it prints them. */
function paperRows(environment) {
  const [, ...lines] = readFileSync(inRoot('data/paper/table-2.csv'), 'utf8').trim().split('\n')
  return lines
    .map((line) => line.split(','))
    .filter(([task]) => task === environment)
    .map(([, strategy, queries, loss, lossSd, efficiency]) => ({
      strategy,
      paper: { queries, loss, efficiency },
      lossSd
    }))
}

/**
 * Table 2: for each task its rows, ours beside the paper's.
 *
 * @param contests each task's, by the names of the environments
 */
export function besidePaper(contests) {
  return tasks.map((task) => {
    const ours = new Map(table2(contests[task.environment]).map((row) => [row.strategy, row]))
    const rows = paperRows(task.environment).map((row) => ({ ...ours.get(row.strategy), ...row }))
    return {
      ...task,
      digits: [0, task.digits, task.digits === 0 ? 0 : 1],
      rows,
      seeds: contests[task.environment].length
    }
  })
}

/** @param table what `besidePaper` gives */
export const table2Markdown = (table) =>
  table
    .map(({ name, digits, rows, seeds }) =>
      [
        `| ${name}, ${count(seeds)} | queries | paper | loss | paper | efficiency | paper |`,
        '|---|---|---|---|---|---|---|',
        ...rows.map(({ strategy, paper, lossSd, ...ours }) => {
          const [queries, loss, efficiency] = columns.map((column, c) => inWords(ours[column], digits[c]))
          return `| ${title(strategy)} | ${queries} | ${paper.queries} | ${loss} | ${paper.loss} ± ${lossSd} | ${efficiency} | ${paper.efficiency} |`
        })
      ].join('\n')
    )
    .join('\n\n')

/** @param byExpert each expert's table, as `besidePaper` gives it */
export function table2Csv(byExpert) {
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

/** @param table what `besidePaper` gives */
export function table2Latex(table) {
  /** As `$0.81$ {\small $[0.74, 0.89]$}`. */
  const math = (estimate, digits) => {
    const [mean, interval] = inWords(estimate, digits).split(' (')
    return interval ? `$${mean}$ {\\small $[${interval.replace(' … ', ', ').replace(')', ']')}$}` : `$${mean}$`
  }
  const body = table.flatMap(({ name, digits, rows, seeds }) => [
    '\\midrule',
    `\\multicolumn{7}{l}{${name}, ${count(seeds)}} \\\\`,
    ...rows.map(({ strategy, paper, lossSd, ...ours }) => {
      const theirs = [`$${paper.queries}$`, `$${paper.loss} \\pm ${lossSd}$`, `$${paper.efficiency}$`]
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

const digitsOf = ({ value }) => (Math.abs(value) < 100 ? 2 : 0)

/**
 * The verdict on every claim.
 *
 * @param contests each task's, by the names of the environments
 */
export const judgeAll = (contests) =>
  claims.map((claim) => ({ ...judge(claim, contests[claim.environment]), seeds: contests[claim.environment].length }))

/**
 * A row a claim: our experts' decisive number, and beside it what each expert's records say of it.
 *
 * @param byExpert each expert's verdicts, as `judgeAll` gives them
 */
export function claimsMarkdown(byExpert) {
  const experts = Object.keys(byExpert)
  const rows = claims.map((claim, i) => {
    const judged = experts.map((expert) => byExpert[expert][i])
    const [{ decisive }] = judged
    const cells = judged.map(({ parts, decisive: { what, estimate }, verdict }) => {
      const held = parts.filter((part) => part.verdict === 'supported').length
      const count = parts.length > 1 ? `, ${held} of ${parts.length} parts hold` : ''
      const other = what === decisive.what ? '' : `${what}: `
      return `**${verdict}**${count}<br>${other}${inWords(estimate, digitsOf(estimate))}`
    })
    const { name } = tasks.find(({ environment }) => environment === claim.environment)
    return `| ${claim.claim} | ${name} | ${decisive.what} | ${cells.join(' | ')} |`
  })
  return [
    `| the paper’s claim | task | number, below zero where it holds | ${experts.map((expert) => `${expert} experts`).join(' | ')} |`,
    `|---|---|---|${'---|'.repeat(experts.length)}`,
    ...rows
  ].join('\n')
}

/** @param byExpert each expert's verdicts, as `judgeAll` gives them */
export function claimsCsv(byExpert) {
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

const csv = (lines) =>
  `${lines.map((line) => line.map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join()).join('\n')}\n`
