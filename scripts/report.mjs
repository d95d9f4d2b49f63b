/**
 * Everything that is drawn or tabulated from records. By itself it renews, from the committed ones, data/figures, data/tables and
 * the README's sections:
 *
 *     node scripts/report.mjs
 *
 * A test computes it again and fails where anything committed is stale. Figures are compared by the data that they were drawn
 * from, since pictures differ from one Chromium to the next.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { berkeleyExperts, contests, loadExpert, protocolFor, readResults, recorded } from 'radgrad'
import { draw } from '../lib/dist/pictures/draw.js'
import { turn } from '../lib/dist/turn.js'
import { fronts } from './report/beyond.mjs'
import { figures } from './report/figures.mjs'
import {
  besidePaper,
  claimsCsv,
  claimsMarkdown,
  judgeAll,
  table1Markdown,
  table2Csv,
  table2Latex,
  table2Markdown
} from './report/tables.mjs'
import { tasks } from './report/tasks.mjs'
import { inRoot } from './setup/root.mjs'

/**
 * What some records come to.
 *
 * @param folders of records; a later one's stand for those of the same name
 * @param changes the runs' differences from the paper's protocol; with any, there are none of Berkeley's experts, nor beyond the paper
 * @param signal stops it
 * @returns figures by name, tables by the names of their files
 */
export async function report(folders, changes = {}, signal) {
  const { records } = await readResults(...folders)
  const contestsWith = async (changed) => {
    const ofTasks = tasks.map(async ({ environment }) => {
      const protocol = await recorded(protocolFor(environment, 'dagger', await loadExpert(environment), changes))
      return [environment, await contests(records.values(), { ...protocol, ...changed(environment) })]
    })
    return Object.fromEntries(await Promise.all(ofTasks))
  }
  const ours = await contestsWith(() => ({}))
  const whole = Object.keys(changes).length === 0
  const byExpert = { our: ours }
  if (whole) byExpert['Berkeley’s'] = await contestsWith((environment) => ({ expert: berkeleyExperts[environment] }))
  const each = async (of) => {
    const come = []
    for (const [whose, contests] of Object.entries(byExpert)) {
      await turn(signal)
      come.push([whose, of(contests, whose)])
    }
    return Object.fromEntries(come)
  }
  // bootstrapped once, written several times
  const [drawn, tables, verdicts] = [await each(figures), await each(besidePaper), await each(judgeAll)]
  const beyond = whole ? await fronts(inRoot('data/beyond/records'), ours, signal) : {}
  return {
    figures: Object.assign({}, ...Object.values(drawn), beyond),
    tables: {
      'table-1.md': table1Markdown(),
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

/** Writes tables to a folder's tables/, pictures of figures to its figures/; the signal stops it. */
export async function writeReport({ figures, tables }, folder, signal) {
  for (const part of ['figures', 'tables']) mkdirSync(join(folder, part), { recursive: true })
  for (const [name, text] of Object.entries(tables)) writeFileSync(join(folder, 'tables', name), text)
  const drawn = Object.values(figures).map((figure) => ({ figure, width: 1100, height: figure.layout.height + 60 }))
  const pictures = await draw(drawn, signal)
  for (const [i, name] of Object.keys(figures).entries())
    writeFileSync(join(folder, 'figures', `${name}.png`), pictures[i])
}

/** The part of a report that is committed: what the README shows and data/tables holds. */
export function committed({ figures, tables }) {
  const shown = Object.fromEntries(
    ['figure-2', 'figure-3', 'comparison', 'fronts-reacher', 'fronts-hopper'].map((name) => [name, figures[name]])
  )
  const files = Object.fromEntries(Object.entries(tables).filter(([name]) => !name.endsWith('.md')))
  const sections = ['table-1', 'table-2', 'claims'].map((name) => [name, tables[`${name}.md`]])
  return { figures: shown, tables: files, readme: withSections(sections), drawn: hashes(shown) }
}

const hashes = (figures) =>
  Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => [
      name,
      createHash('sha256').update(JSON.stringify(figure)).digest('hex')
    ])
  )

/** The README with its marked sections written anew. */
const withSections = (sections) =>
  sections.reduce(
    (readme, [name, text]) => {
      const [from, to] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
      const [start, end] = [readme.indexOf(from), readme.indexOf(to)]
      if (start < 0 || end < start) throw new Error(`README.md has no place for ${name}: ${from} … ${to}`)
      return `${readme.slice(0, start)}${from}\n\n${text}\n\n${readme.slice(end)}`
    },
    readFileSync(inRoot('README.md'), 'utf8')
  )

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const { readme, drawn, ...rest } = committed(await report([inRoot('data/results')]))
    await writeReport(rest, inRoot('data'))
    writeFileSync(inRoot('data/figures/drawn.json'), `${JSON.stringify(drawn, null, 1)}\n`)
    writeFileSync(inRoot('README.md'), readme)
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
