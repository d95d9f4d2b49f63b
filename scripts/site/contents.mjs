/** What the site's pages say. Each is { path, title, notebook }, and a notebook's own page has also what it is called as a `download`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { berkeleyExperts, final, hyperparameters, strategiesFor } from 'radgrad'
import { tasks } from '../report/tasks.mjs'
import { inRoot } from '../setup/root.mjs'

const documents = [
  ['README.md', 'README', 'what came out, how to run it, why to believe it, how fast it is'],
  ['data/tuning/README.md', 'What the paper leaves open', 'and what each reading of it changes'],
  ['data/beyond/README.md', 'The runs beyond the paper', 'their plan, and what their tables hold'],
  ['environment.md', 'The environment', 'what is installed, and what to do when a step fails'],
  ['machines.md', 'Past one machine', 'sweeps through a queue or by Slurm, and what they cost'],
  ['CONTRIBUTING.md', 'Contributing', 'how to add a strategy, a task, a figure, records'],
  ['CHANGELOG.md', 'Changes', 'from version to version']
]
const tables = [
  ['data/tables/table-2.csv', 'Table 2, with 95 % intervals, beside the paper’s numbers'],
  ['data/tables/table-2.tex', 'Table 2 with our experts, in LaTeX'],
  ['data/tables/claims.csv', 'the verdicts on the paper’s claims, part by part'],
  ['data/paper/table-2.csv', 'the paper’s own Table 2'],
  ['data/beyond/judgements.csv', 'what scores are worth (notebook 07)'],
  ['data/beyond/shifts.csv', 'where rules ask (notebook 07)'],
  ['data/beyond/experts.csv', 'how the experts bear noise'],
  ['beyond.zip', 'records of all rules at thresholds set by cost, the paper’s nine and the related ones (zip)'],
  ['data/tuning/runs.csv', 'the study behind the protocol: the last iteration of each of its runs']
]

/** Begins as the README does. */
export function indexPage(figures, records, archiveSize) {
  const links = documents.map(([path, title, about]) => `- [${title}](${path}): ${about}`)
  return page('index.html', 'RadGrad, in TypeScript notebooks', [
    markdown(beginningOfReadme()),
    markdown(sectionOfReadme('What is here')),
    markdown(
      [
        '## And beside the notebooks',
        `- [Figures](figures.html): all ${Object.keys(figures).length}, to hover over and to zoom`,
        `- [Records and tables](records.html): ${records.size} runs, one by one or [as an archive](records.zip) (${megabytes(archiveSize)})`,
        ...links
      ].join('\n')
    )
  ])
}

export const notebookPages = () =>
  readdirSync(inRoot('notebooks'))
    .filter((file) => file.endsWith('.ipynb'))
    .sort()
    .map((file) => {
      const notebook = JSON.parse(readFileSync(inRoot('notebooks', file), 'utf8'))
      const name = basename(file, '.ipynb')
      return { path: `notebooks/${name}.html`, title: headingOf(notebook) ?? name, notebook, download: file }
    })

export const documentPages = () =>
  documents.map(([path, title]) =>
    page(path.replace(/md$/, 'html'), title, [markdown(readFileSync(inRoot(path), 'utf8'))])
  )

/** @param folder their pictures, by name */
export function figuresPage(figures, folder) {
  const shown = ([name, figure]) => {
    const path = join(folder, `${name}.png`)
    if (!existsSync(path)) return [output(figure)]
    return [output(figure, readFileSync(path)), markdown(`[${name}.png](data/figures/${name}.png)`)]
  }
  const all = Object.entries(figures)
  const isBeyond = ([name]) => name.startsWith('fronts')
  const isTheirs = ([name]) => name.includes('berkeley')
  const ours = all.filter((figure) => !isBeyond(figure) && !isTheirs(figure))
  return page('figures.html', 'Figures', [
    markdown(
      [
        '# Figures\n',
        'Of either task, in turn: a single run of each strategy, as the paper has it, its bands one standard deviation over a hundred test',
        'trials; all seeds, with 95 % intervals of their means; and loss against queries. Then both tasks at once: of the loss that Supervised',
        'has the share that each strategy avoids, and how probable it is that a run of it loses less than one of DAgger’s.'
      ].join('\n')
    ),
    markdown('## With our experts'),
    ...ours.flatMap(shown),
    markdown('## With Berkeley’s experts'),
    ...all.filter(isTheirs).flatMap(shown),
    markdown(
      '## Beyond the paper\n\nRules at thresholds set by what they cost; how to read them stands in the notebook of that name.'
    ),
    ...all.filter(isBeyond).flatMap(shown)
  ])
}

/** A record a cell, under the loss that its run ended with. */
export function recordsPage(records, archiveSize) {
  const runs = [...records].map(([file, { protocol, seed, outcome }]) => {
    const { environment, strategy, expert } = protocol
    const whose = expert === berkeleyExperts[environment] ? 'Berkeley’s expert' : 'our expert'
    return { file, environment, strategy, whose, seed, loss: final(outcome).loss }
  })
  const parts = tasks.flatMap((task) =>
    ['our expert', 'Berkeley’s expert'].map((whose) => {
      const table = runs.filter((run) => run.environment === task.environment && run.whose === whose)
      return `### ${task.name}, ${whose}\n\n${recordsTable(table, task.digits)}`
    })
  )
  return page('records.html', 'Records and tables', [
    markdown(
      [
        '# Records and tables\n\n## Tables\n',
        ...tables.map(([path, about]) => `- [${path}](${path}): ${about}`),
        '\n## Records\n',
        `[All ${records.size} as an archive](records.zip) (zip, ${megabytes(archiveSize)}), or one by one, by strategy and seed. A number is the loss of`,
        'the run’s last iteration, and leads to its record: every trial’s return, how often the expert was asked and why, the protocol, all as JSON.'
      ].join('\n')
    ),
    markdown(parts.join('\n\n'))
  ])
}

function recordsTable(runs, digits) {
  const seeds = [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b)
  const rows = Object.entries(strategiesFor(hyperparameters.reacher)).map(([name, { title }]) => {
    const cells = seeds.map((wanted) => {
      const run = runs.find(({ strategy, seed }) => strategy === name && seed === wanted)
      return run ? `[${run.loss.toFixed(digits)}](data/results/${run.file})` : ''
    })
    return `| ${title} | ${cells.join(' | ')} |`
  })
  return [`| seed | ${seeds.join(' | ')} |`, `|---|${seeds.map(() => '---:|').join('')}`, ...rows].join('\n')
}

const page = (path, title, cells) => ({
  path,
  title,
  notebook: { nbformat: 4, nbformat_minor: 4, metadata: {}, cells }
})
const markdown = (source) => ({ cell_type: 'markdown', metadata: {}, source })

function output(figure, picture) {
  const data = { 'application/vnd.plotly.v1+json': figure, 'text/plain': figure.layout.title.text }
  if (picture) data['image/png'] = picture.toString('base64')
  const shown = { output_type: 'display_data', metadata: {}, data }
  return { cell_type: 'code', metadata: {}, execution_count: null, source: '', outputs: [shown] }
}

const headingOf = ({ cells }) =>
  cells.map(({ source }) => /^# (.+)/m.exec([source].flat().join(''))?.[1]).find((heading) => heading)

const readme = () => readFileSync(inRoot('README.md'), 'utf8')
const beginningOfReadme = () => readme().split(/^## /m)[0]

function sectionOfReadme(title) {
  const found = readme()
    .split(/^(?=## )/m)
    .find((section) => section.startsWith(`## ${title}\n`))
  if (!found) throw new Error(`README.md has no section “${title}” any more, which the site’s index shows`)
  return found
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`
