import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { inRoot } from '../setup/root.mjs'
import { notebookPages } from '../site/contents.ts'
import { step } from '../step.ts'
import { bundleExtension, bundleFront } from './bundle.ts'
import { parseNotebook } from './extension/notebook.ts'
import { buildLite } from './lite.ts'
import { replaceFolder } from './replace.ts'

/** Files and folders of data/ that notebooks read. */
const data = ['experts', 'results', 'paper', 'tables', 'beyond', 'budget', 'tasks']

/**
 * Builds the live notebooks beside their folder, then puts them in the place of those before, which whoever interrupts the building keeps.
 *
 * @param notebooks the folder that they are taken from
 * @throws Error with what esbuild or JupyterLite says
 */
export async function buildLive(folder: string, notebooks = inRoot('notebooks')): Promise<void> {
  await replaceFolder(folder, async (work) => {
    const [contents, extension, site] = ['contents', 'extension', 'site'].map((name) => join(work, name))
    await step('notebooks', () => takeNotebooks(notebooks, contents))
    await step('kernel', () => bundleExtension(extension))
    await step('JupyterLite', () => buildLite(join(work, 'lite'), contents, extension, site))
    await step('data and pages', async () => {
      await takePages(site)
      await takeIcons(site)
    })
    return site
  })
}

async function takeNotebooks(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  const names = (await readdir(from)).filter((name) => name.endsWith('.ipynb'))
  for (const path of [...names.map((name) => join(from, name)), inRoot('tools/live/start-here.ipynb')])
    await writeFile(join(to, basename(path)), JSON.stringify(parseNotebook(await readFile(path, 'utf8'))))
}

/** Adds the data that cells read, with a list of its files, the page in front, and the one on which the reader teaches. */
export async function takePages(site: string): Promise<void> {
  for (const part of data) await cp(inRoot('data', part), join(site, 'data', part), { recursive: true })
  const entries = await readdir(join(site, 'data'), { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(site, join(parentPath, name)).replaceAll('\\', '/'))
  await writeFile(join(site, 'data/files.json'), JSON.stringify(files.sort()))
  await cp(inRoot('tools/live/page'), site, { recursive: true })
  await bundleFront(site)
  const front = join(site, 'index.html')
  await writeFile(front, (await readFile(front, 'utf8')).replace('<!-- notebooks -->', notebookLinks()))
}

/** Adds icons that JupyterLab asks for, which its server has. */
async function takeIcons(site: string): Promise<void> {
  for (const name of ['favicon', ...['notebook', 'busy-1', 'file'].map((name) => `static/favicons/favicon-${name}`)])
    await cp(join(site, 'notebooks/favicon.ico'), join(site, `${name}.ico`))
}

const notebookLinks = (): string =>
  notebookPages()
    .map(({ download, title }) => `<li><a href="notebooks/index.html?path=${download}">${title}</a></li>`)
    .join('\n')
