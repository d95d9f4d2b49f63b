/** The site's pages, but for that of the records. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Figure, RunRecord } from 'radgrad'
import { plainTitle } from 'radgrad/dist/internal.js'
import type { Report } from '../report/report.ts'
import { inRoot } from '../setup/root.mjs'
import { type Cell, markdown, type Notebook, output, type Page, page } from './page.ts'
import { megabytes } from './records.ts'

const documents = [
  ['README.md', 'README', 'how to run it, and what came out, in short'],
  ['docs/results.md', 'Results', 'all tables and claims, and why the numbers can be believed'],
  ['docs/beyond.md', 'Beyond the paper', 'other descendants of DAgger at equal cost, and five open questions'],
  ['docs/experts.md', 'The experts', 'how ours are trained and chosen'],
  ['docs/choices.md', 'Choices', 'each reading of the paper, and what differs from it'],
  ['docs/extending.md', 'Extending', 'how to add a strategy, a task, a figure, records'],
  ['docs/performance.md', 'Performance', 'how fast it is, beside its peers'],
  ['docs/live.md', 'Live notebooks', 'how they run in a browser, and how to publish them'],
  ['docs/machines.md', 'Many machines', 'sweeps through a queue or by Slurm, and what they cost'],
  ['data/tuning/README.md', 'What the paper leaves open', 'and what each reading of it changes'],
  ['data/beyond/README.md', 'The runs beyond the paper', 'their plan, and what their tables hold'],
  ['data/budget/README.md', 'The runs within a budget', 'their plan'],
  ['data/tasks/README.md', 'The runs on two more tasks', 'their plan'],
  ['environment.md', 'The environment', 'what is installed, and what to do when a step fails'],
  ['CONTRIBUTING.md', 'Contributing', 'how we write and test'],
  ['CHANGELOG.md', 'Changes', 'from version to version']
]

/** A report's figures, and the folder of their pictures by name. */
export interface Drawn {
  readonly figures: Report['figures']
  readonly folder: string
}

/** Makes the index, which begins as the README does, and says what came out. */
export function indexPage(drawn: Drawn, records: ReadonlyMap<string, RunRecord>, archiveSize: number): Page {
  const links = documents.map(([path, title, about]) => `- [${title}](${path}): ${about}`)
  const { figures } = drawn
  const [abstract, ...rest] = withFigures(beginningOfReadme(), drawn)
  const findings = ['figure-2-queries', 'figure-3-queries', 'claims'].map((name) => `- ${plainTitle(figures[name])}.`)
  return page('index.html', 'RadGrad, in TypeScript notebooks', [
    abstract,
    rest[0],
    markdown(`With our experts:\n\n${findings.join('\n')}\n\n[All results](docs/results.md)`),
    ...rest.slice(1),
    markdown(sectionOfReadme('The notebooks')),
    markdown(
      [
        '## And beside the notebooks',
        `- [Figures](figures.html): all ${Object.keys(figures).length}, to hover over and to zoom`,
        `- [Records and tables](records.html): ${records.size} runs, one by one or [as an archive](records.zip) (${megabytes(archiveSize)})`,
        '- [Live notebooks](live/index.html): the notebooks run in your browser, where this site is served',
        '- [Teach it yourself](live/teach.html): you are the expert, and the strategy decides when to ask you',
        '- [API](api.html): all names that notebooks import, from their docstrings, and the sources they stand in',
        ...links
      ].join('\n')
    )
  ])
}

/** Returns a text as cells, in which a figure to hover over stands for each picture of it, with the words in italics below as its caption. */
function withFigures(text: string, { figures, folder }: Drawn): Cell[] {
  const parts = text.split(/^!\[[^\]]*]\((?:\.\.\/)?data\/figures\/([\w-]+)\.png\)\n(?:\n\*([^*]+)\*\n)?/m)
  return parts.flatMap((part, i) => {
    if (i % 3 === 0) return part.trim() ? [markdown(part)] : []
    return i % 3 === 1 ? [output(figures[part], pictureOf(part, folder), parts[i + 1])] : []
  })
}

/** Returns the picture of a figure, where there is one. */
function pictureOf(name: string, folder: string): Buffer | undefined {
  const path = join(folder, `${name}.png`)
  return existsSync(path) ? readFileSync(path) : undefined
}

export const notebookPages = (): Page[] =>
  readdirSync(inRoot('notebooks'))
    .filter((file) => file.endsWith('.ipynb'))
    .sort()
    .map((file) => {
      const notebook: Notebook = JSON.parse(readFileSync(inRoot('notebooks', file), 'utf8'))
      const name = basename(file, '.ipynb')
      return { path: `notebooks/${name}.html`, title: headingOf(notebook) ?? name, notebook, download: file }
    })

/** The place of the live notebooks beside the site. Where they are not, which is so on the disk, these pages say how to have them. */
export const livePages = (): Page[] =>
  ['live/index.html', 'live/teach.html', 'live/notebooks/index.html'].map((path) =>
    page(path, 'Run the notebooks', [
      markdown(
        [
          '# Run the notebooks in this browser\n',
          'The live notebooks are not in this copy of the site: they need a server, and this is a folder. `npm run live` in a clone of the',
          `repository opens them. [How to publish them](${path.includes('notebooks') ? '../../' : '../'}docs/live.md) beside these pages, in this very place.`
        ].join('\n')
      )
    ])
  )

export const documentPages = (drawn: Drawn): Page[] =>
  documents.map(([path, title]) => {
    const text = readFileSync(inRoot(path), 'utf8')
    // the index has the README's figures
    return page(path.replace(/md$/, 'html'), title, path === 'README.md' ? [markdown(text)] : withFigures(text, drawn))
  })

export function figuresPage({ figures, folder }: Drawn): Page {
  const shown = ([name, figure]: Named): Cell[] => [
    output(figure, pictureOf(name, folder)),
    ...(existsSync(join(folder, `${name}.png`)) ? [markdown(`[${name}.png](data/figures/${name}.png)`)] : [])
  ]
  const all = Object.entries(figures)
  const part = (about: string, isOf: (name: string) => boolean): Cell[] => [
    markdown(about),
    ...all.filter(([name]) => isOf(name)).flatMap(shown)
  ]
  const isOfTask = (name: string): boolean => name.startsWith('figure-')
  return page('figures.html', 'Figures', [
    ...part(
      [
        '# Figures\n',
        'Of either task, in turn: a single run of each strategy, as the paper has it, in nine panels and as the paper lays it out; all seeds;',
        'and loss against queries.\n\n## With our experts'
      ].join('\n'),
      (name) => isOfTask(name) && !name.includes('berkeley')
    ),
    ...part('## With Berkeley’s experts', (name) => name.includes('berkeley')),
    ...part(
      '## One expert beside the other\n\nThe verdicts on the paper’s claims, its Table 2, and both tasks at once. [The numbers](docs/results.md).',
      (name) => !isOfTask(name) && !name.startsWith('fronts')
    ),
    ...part(
      '## Beyond the paper\n\nRules at thresholds set by what they cost; how to read them stands in the notebook of that name.',
      (name) => name.startsWith('fronts')
    )
  ])
}

type Named = readonly [string, Figure]

const headingOf = ({ cells }: Notebook): string | undefined =>
  cells.map(({ source }) => /^# (.+)/m.exec([source].flat().join(''))?.[1]).find((heading) => heading)

const readme = (): string => readFileSync(inRoot('README.md'), 'utf8')
const beginningOfReadme = (): string => readme().split(/^## /m)[0]

function sectionOfReadme(title: string): string {
  const found = readme()
    .split(/^(?=## )/m)
    .find((section) => section.startsWith(`## ${title}\n`))
  if (!found) throw new Error(`README.md has no section “${title}” any more, which the site’s index shows`)
  return found
}
