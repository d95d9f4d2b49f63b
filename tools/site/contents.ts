/** The site's pages, but for that of the records. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Figure, RunRecord } from 'radgrad'
import type { Report } from '../report/report.ts'
import { inRoot } from '../setup/root.mjs'
import { type Cell, markdown, type Notebook, output, type Page, page } from './page.ts'
import { megabytes } from './records.ts'

const documents = [
  ['README.md', 'README', 'how to run it, and what came out, in short'],
  ['docs/results.md', 'Results', 'all tables and claims, and why the numbers can be believed'],
  ['docs/beyond.md', 'Beyond the paper', 'other descendants of DAgger at equal cost, and five open questions'],
  ['docs/choices.md', 'Choices', 'each reading of the paper, and what differs from it'],
  ['docs/extending.md', 'Extending', 'how to add a strategy, a task, a figure, records'],
  ['docs/performance.md', 'Performance', 'how fast it is, beside its peers'],
  ['docs/live.md', 'Live notebooks', 'how they run in a browser, and how to publish them'],
  ['docs/machines.md', 'Many machines', 'sweeps through a queue or by Slurm, and what they cost'],
  ['data/tuning/README.md', 'What the paper leaves open', 'and what each reading of it changes'],
  ['data/beyond/README.md', 'The runs beyond the paper', 'their plan, and what their tables hold'],
  ['environment.md', 'The environment', 'what is installed, and what to do when a step fails'],
  ['CONTRIBUTING.md', 'Contributing', 'how we write and test'],
  ['CHANGELOG.md', 'Changes', 'from version to version']
]

/** Makes the index, which begins as the README does. */
export function indexPage(
  figures: Report['figures'],
  records: ReadonlyMap<string, RunRecord>,
  archiveSize: number
): Page {
  const links = documents.map(([path, title, about]) => `- [${title}](${path}): ${about}`)
  return page('index.html', 'RadGrad, in TypeScript notebooks', [
    markdown(beginningOfReadme()),
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

export const documentPages = (): Page[] =>
  documents.map(([path, title]) =>
    page(path.replace(/md$/, 'html'), title, [markdown(readFileSync(inRoot(path), 'utf8'))])
  )

/** @param folder their pictures, by name */
export function figuresPage(figures: Report['figures'], folder: string): Page {
  const shown = ([name, figure]: Named): Cell[] => {
    const path = join(folder, `${name}.png`)
    if (!existsSync(path)) return [output(figure)]
    return [output(figure, readFileSync(path)), markdown(`[${name}.png](data/figures/${name}.png)`)]
  }
  const all = Object.entries(figures)
  const isBeyond = ([name]: Named): boolean => name.startsWith('fronts')
  const isTheirs = ([name]: Named): boolean => name.includes('berkeley')
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
