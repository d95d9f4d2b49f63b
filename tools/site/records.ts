import {
  berkeleyExperts,
  finalIteration,
  hyperparameters,
  loadExpert,
  paperEnvironments,
  paperStrategies,
  type RunRecord
} from 'radgrad'
import { fingerprint } from 'radgrad/dist/internal.js'
import { tasks } from '../report/tasks.ts'
import { inRoot } from '../setup/root.mjs'
import { markdown, type Page, page } from './page.ts'

const tables = [
  ['data/tables/table-2.csv', 'Table 2, with 95 % intervals, beside the paper’s numbers'],
  ['data/tables/table-2.tex', 'Table 2 with our experts, in LaTeX'],
  ['data/tables/claims.csv', 'the verdicts on the paper’s claims, part by part'],
  ['data/paper/table-2.csv', 'the paper’s own Table 2'],
  ['data/beyond/scores.csv', 'what scores are worth (notebook 07)'],
  ['data/beyond/shifts.csv', 'where rules query (notebook 07)'],
  ['data/beyond/experts.csv', 'how the experts bear noise'],
  ['beyond.zip', 'records of all rules at thresholds set by cost, the paper’s nine and the related ones (zip)'],
  ['data/budget/control.csv', 'Random within a budget, the learner acting throughout (notebook 08)'],
  ['budget.zip', 'records of runs within a budget of labels (notebook 08; zip)'],
  ['tasks.zip', 'records of the paper’s nine on HalfCheetah and Walker2d (zip)'],
  ['data/tuning/runs.csv', 'the study behind the protocol: the last iteration of each of its runs']
]

interface Run {
  readonly file: string
  readonly environment: string
  readonly strategy: string
  readonly whose: string
  readonly seed: number
  readonly loss: number
}

/** Returns whose experts are of which fingerprints. */
async function namesOfExperts(): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for (const task of paperEnvironments) {
    names.set(await fingerprint(await loadExpert(task)), 'our expert')
    names.set(berkeleyExperts[task], 'Berkeley’s expert')
  }
  names.set(await fingerprint(await loadExpert('hopper', inRoot('data/experts/hopper-fragile'))), 'our fragile expert')
  return names
}

/** Makes the page of records, each in a cell of a table under the loss that its run ended with. */
export async function recordsPage(records: ReadonlyMap<string, RunRecord>, archiveSize: number): Promise<Page> {
  const experts = await namesOfExperts()
  const runs = [...records].map(([file, { protocol, seed, outcome }]): Run => {
    const { environment, strategy, expert } = protocol
    const whose = experts.get(expert) ?? 'another expert'
    return { file, environment, strategy, whose, seed, loss: finalIteration(outcome).loss }
  })
  const parts = tasks.flatMap((task) =>
    [...new Set(experts.values())].flatMap((whose) => {
      const table = runs.filter((run) => run.environment === task.environment && run.whose === whose)
      return table.length > 0 ? `### ${task.name}, ${whose}\n\n${recordsTable(table, task.digits)}` : []
    })
  )
  return page('records.html', 'Records and tables', [
    markdown(
      [
        '# Records and tables\n\n## Tables\n',
        ...tables.map(([path, about]) => `- [${path}](${path}): ${about}`),
        '\n## Records\n',
        `[All ${records.size} as an archive](records.zip) (zip, ${megabytes(archiveSize)}), or one by one, by strategy and seed. A number is the loss of`,
        'the run’s last iteration, and leads to its record: every trial’s return, how often the expert was queried and why, the protocol, all as JSON.'
      ].join('\n')
    ),
    markdown(parts.join('\n\n'))
  ])
}

function recordsTable(runs: readonly Run[], digits: number): string {
  const seeds = [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b)
  const rows = Object.entries(paperStrategies(hyperparameters.reacher)).map(([name, { title }]) => {
    const cells = seeds.map((wanted) => {
      const run = runs.find(({ strategy, seed }) => strategy === name && seed === wanted)
      return run ? `[${run.loss.toFixed(digits)}](data/results/${run.file})` : ''
    })
    return `| ${title} | ${cells.join(' | ')} |`
  })
  return [`| seed | ${seeds.join(' | ')} |`, `|---|${seeds.map(() => '---:|').join('')}`, ...rows].join('\n')
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
