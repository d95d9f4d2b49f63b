/**
 * Everything that is drawn or tabulated from the committed records: the figures and tables in data/, and the README's sections.
 *
 *     node scripts/report.mjs
 *
 * A test computes it again and fails where anything committed is stale. Figures are compared by the data that they were drawn from,
 * since pictures differ from one Chromium to the next.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import {
  claims,
  comparison,
  contests,
  hyperparameters,
  judge,
  loadExpert,
  lossAgainstQueries,
  paperFigure,
  protocolFor,
  readResults,
  recorded,
  seedCurves,
  strategiesFor,
  table2
} from 'radgrad'
import { draw } from './draw.mjs'
import { inRoot } from './setup/root.mjs'

const strategies = strategiesFor(hyperparameters.reacher)
const title = (strategy) => strategies[strategy].title
const tasks = [
  { environment: 'reacher', name: 'Reacher', number: 2, digits: 2 },
  { environment: 'hopper', name: 'Hopper', number: 3, digits: 0 }
]

/** The files' texts and the figures that the records come to. */
export async function report() {
  const { records } = await readResults(inRoot('data/results'))
  const paper = readPaper()
  const ours = {}
  for (const { environment } of tasks) {
    const protocol = protocolFor(environment, 'dagger', await loadExpert(environment))
    ours[environment] = await contests(records.values(), await recorded(protocol))
  }
  const tables = tasks.map((task) => ({ ...task, seeds: ours[task.environment], rows: withPaper(task, ours, paper) }))
  const judgements = claims.map((claim) => judge(claim, ours[claim.environment]))
  const figures = Object.fromEntries([
    ...tasks.flatMap((task) => figuresOf(task, ours[task.environment])),
    ['comparison', comparison(`Both tasks, ${seedsOf(ours.reacher)}`, ours, 'dagger')]
  ])
  const texts = {
    'data/tables/table-2.csv': csv(tables),
    'data/tables/table-2.tex': latex(tables),
    'data/tables/claims.csv': claimsCsv(judgements),
    'data/figures/drawn.json': `${JSON.stringify(hashes(figures), null, 1)}\n`,
    'README.md': sections({ 'table 1': table1(), 'table 2': markdown(tables), claims: claimsMarkdown(judgements) })
  }
  return { texts, figures }
}

function figuresOf({ environment, name, number }, seeds) {
  const over = `${name}, ${seedsOf(seeds)}`
  return [
    [`figure-${number}`, paperFigure(`${name}, seed ${seeds[0].seed} (the paper’s Figure ${number})`, seeds[0])],
    [`figure-${number}-seeds`, seedCurves(over, seeds)],
    [`queries-${environment}`, lossAgainstQueries(over, seeds)]
  ]
}

const seedsOf = (seeds) => `${seeds.length} seeds`

const hashes = (figures) =>
  Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => [
      name,
      createHash('sha256').update(JSON.stringify(figure)).digest('hex')
    ])
  )

/** The paper's Table 2, a map by task and strategy. */
function readPaper() {
  const [, ...lines] = readFileSync(inRoot('data/paper/table-2.csv'), 'utf8').trim().split('\n')
  return new Map(
    lines.map((line) => {
      const [environment, strategy, queries, loss, lossSd, efficiency] = line.split(',')
      return [`${environment} ${strategy}`, { strategy, queries, loss, lossSd, efficiency }]
    })
  )
}

/** Our rows beside the paper's, in the paper's order. */
function withPaper({ environment }, ours, paper) {
  const rows = new Map(table2(ours[environment]).map((row) => [row.strategy, row]))
  return [...paper]
    .filter(([key]) => key.startsWith(environment))
    .map(([, theirs]) => ({ ...rows.get(theirs.strategy), paper: theirs }))
}

const between = ({ value, low, high }, digits) =>
  low === high ? value.toFixed(digits) : `${value.toFixed(digits)} (${low.toFixed(digits)} … ${high.toFixed(digits)})`

const markdown = (tables) =>
  tables
    .map(({ name, digits, seeds, rows }) =>
      [
        `| ${name}, ${seedsOf(seeds)} | queries | paper | loss | paper | efficiency | paper |`,
        '|---|---|---|---|---|---|---|',
        ...rows.map(
          ({ strategy, queries, loss, efficiency, paper }) =>
            `| ${title(strategy)} | ${between(queries, 0)} | ${paper.queries} | ${between(loss, digits)} | ${paper.loss} ± ${paper.lossSd} | ${between(efficiency, digits === 0 ? 0 : 1)} | ${paper.efficiency} |`
        )
      ].join('\n')
    )
    .join('\n\n')

function csv(tables) {
  const columns = ['queries', 'loss', 'efficiency']
  const header = columns.flatMap((name) => [name, `${name}_low`, `${name}_high`, `${name}_paper`])
  const lines = tables.flatMap(({ environment, seeds, rows }) =>
    rows.map((row) => [
      environment,
      row.strategy,
      seeds.length,
      ...columns.flatMap((name) => [row[name].value, row[name].low, row[name].high, row.paper[name]])
    ])
  )
  return `${[['environment', 'strategy', 'seeds', ...header], ...lines].join('\n')}\n`
}

function latex(tables) {
  const math = ({ value, low, high }, digits) =>
    low === high
      ? `$${value.toFixed(digits)}$`
      : `$${value.toFixed(digits)}$ \\small $[${low.toFixed(digits)}, ${high.toFixed(digits)}]$`
  const rows = tables.flatMap(({ name, digits, seeds, rows }) => [
    '\\midrule',
    `\\multicolumn{4}{l}{${name}, ${seedsOf(seeds)}} \\\\`,
    ...rows.map(
      ({ strategy, queries, loss, efficiency }) =>
        `${title(strategy)} & ${math(queries, 0)} & ${math(loss, digits)} & ${math(efficiency, digits === 0 ? 0 : 1)} \\\\`
    )
  ])
  return [
    '% Written by scripts/report.mjs: means over seeds and 95 % bootstrap intervals. Needs the package booktabs.',
    '\\begin{tabular}{lrrr}',
    '\\toprule',
    'Algorithm & Queries & Loss & Efficiency \\\\',
    ...rows,
    '\\bottomrule',
    '\\end{tabular}',
    ''
  ].join('\n')
}

/** Table 1, from the protocols themselves. */
function table1() {
  const { reacher, hopper } = hyperparameters
  const rows = [
    ['Loss', 'τ', (h) => h.loss.tau],
    ['Loss Gradient (RadGrad)', 'ε', (h) => h.loss.epsilon],
    ['SafeDAgger', 'τ', (h) => h.safety.tau],
    ['SD Gradient', 'ε', (h) => h.safety.epsilon],
    ['Random', 'P(query)', (h) => h.query]
  ]
  return [
    '| algorithm | hyperparameter | Reacher | Hopper |',
    '|---|---|---|---|',
    ...rows.map(([name, symbol, pick]) => `| ${name} | ${symbol} | ${pick(reacher)} | ${pick(hopper)} |`)
  ].join('\n')
}

/** The part that decides a claim: the one furthest from being supported. */
const decisive = ({ parts }) => parts.reduce((worst, part) => (part.estimate.high > worst.estimate.high ? part : worst))

const claimsMarkdown = (judgements) =>
  [
    '| the paper’s claim | task | verdict | number (below zero where it holds), mean and 95 % interval |',
    '|---|---|---|---|',
    ...judgements.map((judgement) => {
      const { claim, environment, parts, verdict } = judgement
      const { what, estimate } = decisive(judgement)
      const digits = Math.abs(estimate.value) < 100 ? 2 : 0
      const count =
        parts.length > 1
          ? `${parts.filter((p) => p.verdict === 'supported').length} of ${parts.length} parts hold; `
          : ''
      return `| ${claim} | ${environment === 'reacher' ? 'Reacher' : 'Hopper'} | **${verdict}** | ${count}${what}: ${between(estimate, digits)} |`
    })
  ].join('\n')

function claimsCsv(judgements) {
  const lines = judgements.flatMap(({ claim, environment, parts, verdict }) =>
    parts.map(({ what, estimate, verdict: part }) =>
      [`"${claim}"`, environment, verdict, `"${what}"`, part, estimate.value, estimate.low, estimate.high].join()
    )
  )
  return `${['claim,environment,verdict,number,part,value,low,high', ...lines].join('\n')}\n`
}

/** The README with its marked sections written anew. */
function sections(texts) {
  return Object.entries(texts).reduce(
    (readme, [name, text]) => {
      const [from, to] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
      const [start, end] = [readme.indexOf(from), readme.indexOf(to)]
      if (start < 0 || end < start) throw new Error(`README.md has no place for ${name}: ${from} … ${to}`)
      return `${readme.slice(0, start)}${from}\n${text}\n${readme.slice(end)}`
    },
    readFileSync(inRoot('README.md'), 'utf8')
  )
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { texts, figures } = await report()
  for (const folder of ['data/tables', 'data/figures']) mkdirSync(inRoot(folder), { recursive: true })
  await draw(
    Object.entries(figures).map(([name, figure]) => ({
      figure,
      path: inRoot('data/figures', `${name}.png`),
      width: 1100,
      height: figure.layout.height + 60
    }))
  )
  for (const [path, text] of Object.entries(texts)) writeFileSync(inRoot(path), text)
}
