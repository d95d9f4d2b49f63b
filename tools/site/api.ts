/** Pages of what `lib/index.ts` exports, made from its declarations and docstrings, and of the sources that these stand in. */
import { readFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { inRoot } from '../setup/root.mjs'
import type { Entry } from './names.ts'
import { type Cell, markdown, type Page, page } from './page.ts'

/** The pages, by the folders of lib/ that they show. */
const groups = [
  ['', 'api/algorithm.html', 'Algorithm 1', 'protocols, Algorithm 1, its parts and its records'],
  ['strategies', 'api/strategies.html', 'Strategies', 'rules, critics, the paper’s nine strategies and related ones'],
  ['environments', 'api/environments.html', 'Environments', 'Reacher, Hopper and what a task of your own declares'],
  ['networks', 'api/networks.html', 'Networks', 'declaring, training and copying networks'],
  ['files', 'api/files.html', 'Files', 'experts, models and records on disk'],
  ['notebook', 'api/notebook.html', 'In notebooks', 'running experiments and showing what they yield'],
  ['analysis', 'api/analysis.html', 'Analysis', 'intervals, claims and tables from records'],
  ['figures', 'api/figures.html', 'Figures', 'from records to Plotly figures'],
  ['util', 'api/util.html', 'Numbers', 'random streams, matrices and means']
] as const

/** Makes the index of the public names, a page of each group, and a page of each source that they stand in. */
export function apiPages(entries: readonly Entry[]): Page[] {
  const shown = groups.map(([folder, path, title, about]) => {
    const mine = entries.filter(({ file }) => folderOf(file) === folder)
    return { path, title, about, mine }
  })
  const index = [
    '# The public names',
    "Notebooks write `import * as rg from 'radgrad'`, and these are the names in it. Matrices are flat and row-major; a shape such as",
    '[rows, columns] says how. Random numbers come from named streams, so that a seed gives the same bits everywhere.',
    ...shown.map(
      ({ path, title, about, mine }) =>
        `\n## [${title}](${path})\n\n${capital(about)}: ${mine.map(({ name }) => `[${name}](${path}#${name})`).join(', ')}`
    )
  ]
  return [
    page('api.html', 'The public names', [markdown(index.join('\n'))]),
    ...shown.map(({ path, title, about, mine }) =>
      page(path, title, [markdown(`# ${title}\n\n${capital(about)}.\n\n${contents(mine)}`), ...mine.map(entryCell)])
    ),
    ...[...new Set(entries.map(({ file }) => `lib/${file}`))].map(sourcePage)
  ]
}

const folderOf = (file: string): string => (dirname(file) === '.' ? '' : file.split('/')[0])
const capital = (text: string): string => text[0].toUpperCase() + text.slice(1)

const contents = (entries: readonly Entry[]): string =>
  [
    '| name | in short |',
    '|---|---|',
    ...entries.map(({ name, description }) => `| [${name}](#${name}) | ${firstSentence(description)} |`)
  ].join('\n')

const firstSentence = (text: string): string =>
  (/^.*?[.:](?=\s|$)/s.exec(text)?.[0] ?? text).replace(/:$/, '.').replaceAll('\n', ' ').replaceAll('|', '\\|')

function entryCell({ name, file, line, declaration, description, tags }: Entry): Cell {
  const told = (tag: string): string[] => tags.flatMap(({ name, text = '' }) => (name === tag ? [text] : []))
  const parameters = told('param').map((text) => `- ${text.replace(/^(\S+)\s+/, '`$1`: ')}`)
  return markdown(
    [
      `## ${name}\n\n\`\`\`ts\n${declaration}\n\`\`\``,
      description,
      parameters.join('\n'),
      ...told('returns').map((text) => `Returns ${text.replace(/\.?$/, '.')}`),
      ...told('throws').map((text) => `Throws ${text.replace(/\.?$/, '.')}`),
      `[lib/${file}, line ${line}](../lib/${file}#L-${line})`
    ]
      .filter((part) => part)
      .join('\n\n')
  )
}

const sourcePage = (path: string): Page => ({
  ...page(path.replace(/ts$/, 'html'), path, [markdown(`# ${path}`)]),
  source: readFileSync(inRoot(path), 'utf8')
})

/** Makes a function that leads public types in the code of a page, and names in its docstrings, to where they are told. */
export function nameLinker(entries: readonly Entry[]): (path: string, html: string) => string {
  const places = new Map(
    entries.map(({ name, file }) => [name, groups.find(([folder]) => folder === folderOf(file))?.[1] ?? ''])
  )
  return (path, html) => {
    if (!/^(api|lib)\//.test(path)) return html
    return html.replace(/<(span class="(?:nx|kt)"|code)>(\w+)<\/(span|code)>/g, (found, kind: string, name: string) => {
      const place = places.get(name)
      // a value's name in code may be a parameter's
      if (!place || (kind !== 'code' && !/^[A-Z]/.test(name))) return found
      return `<a href="${relative(dirname(path), place)}#${name}">${found}</a>`
    })
  }
}
