import { existsSync } from 'node:fs'
import { cp, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readResults } from 'radgrad'
import { unpack } from '../pack.ts'
import { report } from '../report/report.ts'
import { inRoot } from '../setup/root.mjs'
import { step } from '../step.ts'
import { apiPages, nameLinker } from './api.ts'
import { documentPages, figuresPage, indexPage, livePages, notebookPages } from './contents.ts'
import { pageWriter } from './html.ts'
import { publicNames } from './names.ts'
import type { Page } from './page.ts'
import { drawMissing } from './pictures.ts'
import { render, zip } from './python.ts'
import { recordsPage } from './records.ts'

/** Files and folders taken as they are. The site has the checkout's own paths, so that links go on holding. */
const taken = [
  ...['data/tables', 'data/paper', 'data/figures', 'data/tuning', 'data/budget/control.csv', 'CITATION.cff'],
  ...['scores', 'shifts', 'experts'].map((table) => `data/beyond/${table}.csv`)
]

/**
 * Builds the site beside its folder, then puts it in the place of the one before, which whoever interrupts the building keeps.
 *
 * @throws Error when a page links to what the site does not have, and when Python or Chromium fails
 */
export async function buildSite(folder: string): Promise<void> {
  const [part, old] = [`${folder}.part`, `${folder}.old`]
  for (const left of [part, old]) await rm(left, { recursive: true, force: true })
  await mkdir(part, { recursive: true })
  await fill(part)
  if (existsSync(folder)) await rename(folder, old)
  await rename(part, folder)
  await rm(old, { recursive: true, force: true })
}

async function fill(site: string): Promise<void> {
  const notebooks = notebookPages()
  await step('what is taken as it is', () => take(site, notebooks))
  const { figures } = await step('figures of all records', () => report([inRoot('data/results')]))
  await step('pictures of figures', () => drawMissing(figures, notebooks, join(site, 'data/figures')))
  const names = await step('public names', publicNames)
  await step('pages', async () => {
    const { records } = await readResults(inRoot('data/results'))
    const { size } = await stat(join(site, 'records.zip'))
    const drawn = { figures, folder: join(site, 'data/figures') }
    const pages = [
      indexPage(drawn, records, size),
      ...notebooks,
      figuresPage(drawn),
      await recordsPage(records, size),
      ...livePages(),
      ...documentPages(drawn),
      ...apiPages(names)
    ]
    await writePages(site, pages, nameLinker(names))
  })
}

async function take(site: string, notebooks: readonly Page[]): Promise<void> {
  const files = [
    ...[...taken, ...notebooks.map(({ download }) => `notebooks/${download}`)].map((path) => [path, path]),
    ['tools/site/site.css', 'assets/site.css'],
    ['node_modules/plotly.js-dist/plotly.js', 'assets/plotly.js']
  ]
  for (const [from, to] of files) await cp(inRoot(from), join(site, to), { recursive: true })
  await unpack(inRoot('data/results'), join(site, 'data/results'))
  zip(join(site, 'data/results'), join(site, 'records.zip'))
  for (const study of ['beyond', 'budget', 'tasks']) {
    const folder = join(site, study)
    await unpack(inRoot('data', study, 'records'), folder)
    zip(folder, join(site, `${study}.zip`))
    await rm(folder, { recursive: true })
  }
}

async function writePages(
  site: string,
  pages: readonly Page[],
  linkNames: (path: string, html: string) => string
): Promise<void> {
  const finished = await pageWriter(site, pages)
  for (const [path, html] of Object.entries(render(pages))) {
    await mkdir(dirname(join(site, path)), { recursive: true })
    await writeFile(join(site, path), finished(path, linkNames(path, html)))
  }
}
