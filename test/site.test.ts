/** The site as its readers have it: a folder, opened from the disk, without a network, with scripts on and off. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { readResults } from '../lib/files/results'
import * as library from '../lib/index'
import { findChromium, launchChromium } from '../tools/pictures/chromium.ts'
import { encodeRecord } from '../tools/record.ts'
import { python } from '../tools/setup/python.mjs'
import { zip } from '../tools/site/python.ts'
import { outcome } from './cli/radgrad'
import { type Cell, codeCells, figures } from './notebooks/notebook'
import { remoteReferences } from './notebooks/page'

const patient = 240_000
const program = `import './tools/dist/host/register.js'; import { buildSite } from './tools/dist/site/build.js'; await buildSite(process.argv[1])`
const build = (site: string): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, ['--input-type=module', '-e', program, site])

/** A folder with a site of before in it. */
async function withSite(): Promise<string> {
  const site = join(await mkdtemp(join(tmpdir(), 'radgrad-site-')), 'site')
  await mkdir(site)
  await writeFile(join(site, 'of-before'), '')
  return site
}

let site: string
let files: string[]
let pages: string[]
beforeAll(async () => {
  site = await withSite()
  // as one leaves them that was killed
  for (const left of ['part', 'old']) await mkdir(`${site}.${left}/notebooks`, { recursive: true })
  const { code, stderr } = await outcome(build(site))
  expect([code, stderr]).toEqual([0, ''])
  const entries = await readdir(site, { recursive: true, withFileTypes: true })
  files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(site, join(parentPath, name)))
    .sort()
  pages = files.filter((file) => file.endsWith('.html'))
}, patient)

const read = (file: string): Promise<string> => readFile(join(site, file), 'utf8')
const committed = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).map((name) => `${folder}/${name}`).sort()
const underSite = (folder: string): string[] => files.filter((file) => dirname(file) === folder)

test('the new site takes the place of the one before, and nothing is left beside it', async () => {
  expect(await readdir(dirname(site))).toEqual(['site'])
  expect(files).not.toContain('of-before')
})

test('a build that is killed leaves the site before it', async () => {
  const before = await withSite()
  const building = build(before)
  onTestFinished(() => void building.kill('SIGKILL'))
  const ended = outcome(building)
  while (!existsSync(`${before}.part/data/results`)) await sleep(20)
  building.kill('SIGKILL')
  await ended
  expect(await readdir(before)).toEqual(['of-before'])
})

test('the site has a page of each notebook, and the notebook as it is committed', async () => {
  const notebooks = (await committed('notebooks')).filter((path) => path.endsWith('.ipynb'))
  expect(underSite('notebooks')).toEqual(notebooks.flatMap((path) => [path.replace(/ipynb$/, 'html'), path]).sort())
  for (const path of notebooks) expect(await read(path)).toBe(await readFile(path, 'utf8'))
})

test('the site has all records and tables as they are committed', async () => {
  expect(underSite('data/tables')).toEqual(await committed('data/tables'))
  for (const path of underSite('data/tables')) expect(await read(path)).toBe(await readFile(path, 'utf8'))
  const { records } = await readResults('data/results')
  expect(underSite('data/results')).toEqual([...records.keys()].map((name) => `data/results/${name}`).sort())
  for (const [name, record] of records) expect(await read(`data/results/${name}`)).toBe(encodeRecord(record))
})

test('the site’s archive holds all records, and is the same whenever it is made', async () => {
  const list =
    'import json, sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(json.dumps({ n: z.read(n).decode() for n in z.namelist() }))'
  const { stdout } = spawnSync(python(), ['-c', list, join(site, 'records.zip')], { maxBuffer: 1e9, encoding: 'utf8' })
  const held = JSON.parse(stdout) as Record<string, string>
  const records = underSite('data/results')
  expect(Object.keys(held).sort()).toEqual(records.map((path) => path.replace('data/', '')))
  for (const path of records) expect(held[path.replace('data/', '')]).toBe(await read(path))
  const again = join(dirname(site), 'again.zip')
  zip(join(site, 'data/results'), again)
  expect((await readFile(again)).equals(await readFile(join(site, 'records.zip')))).toBe(true)
})

test('the site describes every name that notebooks import, and leads to the line that declares it', async () => {
  const parts = (await Promise.all(underSite('api').map(read))).flatMap((page) => page.split(/(?=<h2 id=")/).slice(1))
  const entries = new Map(parts.map((part) => [/^<h2 id="(\w+)"/.exec(part)?.[1], part]))
  expect(entries.size).toBe(parts.length)
  expect([...entries.keys()]).toEqual(expect.arrayContaining(Object.keys(library)))
  for (const [name, part] of entries) {
    const [, description, file, line] =
      /<\/pre>.*?<p>(.+?)<\/p>.*<a href="\.\.\/(lib\/[\w/-]+)\.html#L-(\d+)">/s.exec(part) ?? []
    expect([name, /^[A-Z].+[.:](\s|$)/s.test(description)]).toEqual([name, true])
    expect((await readFile(`${file}.ts`, 'utf8')).split('\n')[Number(line) - 1]).toMatch(`${name}`)
    expect(await read(`${file}.html`)).toContain(`id="L-${line}"`)
  }
})

test('the site has Plotly once, and loads nothing from elsewhere', async () => {
  const texts = files.filter((file) => /\.(html|js|css)$/.test(file))
  const contents = await Promise.all(texts.map(read))
  expect(texts.filter((_, i) => contents[i].includes('* plotly.js v'))).toEqual(['assets/plotly.js'])
  for (const page of pages) expect(remoteReferences(await read(page))).toEqual([])
})

const needless = !findChromium() && !process.env.RADGRAD_CI
describe.skipIf(needless)('in a browser (needs Chromium on the PATH)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  const url = (page: string): string => pathToFileURL(join(site, page)).href

  /** Shows every page in turn; says what the browser complained of, and asked of others. */
  async function visit(
    javaScriptEnabled: boolean,
    look: (page: Page, path: string) => Promise<void>
  ): Promise<string[]> {
    const context = await browser.newContext({ offline: true, javaScriptEnabled })
    const told: string[] = []
    const page = await context.newPage()
    page.on('console', (message) => told.push(message.text()))
    page.on('pageerror', (error) => told.push(error.message))
    page.on('requestfailed', (request) => told.push(`failed: ${request.url()}`))
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(`${pathToFileURL(site).href}/`))
        told.push(`asked for: ${request.url()}`)
    })
    for (const path of pages) {
      await page.goto(url(path))
      await look(page, path)
    }
    await context.close()
    return told
  }

  const isNotebook = (path: string): boolean => dirname(path) === 'notebooks'
  const notebookOf = (path: string): string => join(site, path.replace(/html$/, 'ipynb'))

  /** Counts the figures that a page should show. */
  async function figuresOf(path: string): Promise<number> {
    const elsewhere: Record<string, number> = {
      'figures.html': 23,
      'index.html': 3,
      'docs/results.html': 4,
      'docs/beyond.html': 3
    }
    if (path in elsewhere) return elsewhere[path]
    return isNotebook(path) ? figures(await codeCells(notebookOf(path))).length : 0
  }

  async function formulasOf(path: string): Promise<number> {
    if (!isNotebook(path)) return 0
    const { cells } = JSON.parse(await readFile(notebookOf(path), 'utf8')) as { cells: Cell[] }
    return cells
      .filter(({ cell_type }) => cell_type === 'markdown')
      .flatMap(
        ({ source }) =>
          [source]
            .flat()
            .join('')
            .match(/\$\$[^$]+\$\$|\$[^$]+\$/g) ?? []
      ).length
  }

  /** Pages as scripts leave them: what they draw, how wide they are on a telephone, where their links lead. */
  const drawn = new Map<string, Awaited<ReturnType<typeof look>>>()
  let told: string[]
  beforeAll(async () => {
    told = await visit(true, async (page, path) => {
      if ((await figuresOf(path)) > 0)
        await page.waitForFunction(() => document.documentElement.dataset.drawn === 'yes')
      drawn.set(path, await look(page))
    })
  }, patient)

  async function look(page: Page) {
    const count = (selector: string) => page.locator(selector).count()
    const shows = {
      places: await count('.plotly-figure'),
      drawn: await count('.plotly-figure:has(.main-svg :is(.trace, .hm))'),
      formulas: await count('mjx-container > svg')
    }
    const links = await page.locator('a[href]').evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href))
    const ids = await page.locator('[id]').evaluateAll((all) => all.map(({ id }) => id))
    await page.setViewportSize({ width: 400, height: 800 })
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    await page.setViewportSize({ width: 1200, height: 800 })
    return { shows, width, links, ids }
  }

  test('the site with scripts draws every figure and every formula, and no page is wider than a telephone', async () => {
    expect(told).toEqual([])
    expect([...drawn.keys()]).toEqual(pages)
    for (const [path, { shows, width }] of drawn) {
      const wanted = await figuresOf(path)
      const formulas = await formulasOf(path)
      expect({ path, width, ...shows }).toEqual({ path, width: 400, places: wanted, drawn: wanted, formulas })
    }
  })

  test(
    'the site without scripts shows a picture of every figure, and every formula',
    async () => {
      const told = await visit(false, async (page, path) => {
        const widths = await page.locator('.plotly-figure ~ noscript > img').evaluateAll(naturalWidths)
        expect([path, widths.length]).toEqual([path, await figuresOf(path)])
        const all = await page.locator('img').evaluateAll(naturalWidths)
        expect(all.filter((width) => width === 0)).toEqual([])
        expect(await page.locator('mjx-container > svg').count()).toBe(await formulasOf(path))
        expect(await page.locator('h1').innerText()).not.toBe('')
      })
      expect(told).toEqual([])
    },
    patient
  )

  test('every link of the site leads to something in it, and its index reaches all of it', async () => {
    const reached = new Set<string>()
    const follow = async (path: string): Promise<void> => {
      if (reached.has(path)) return
      reached.add(path)
      const found = await stat(join(site, path))
      expect([path, found.isFile(), found.size > 0]).toEqual([path, true, true])
      for (const link of drawn.get(path)?.links ?? []) {
        if (/^https?:/.test(link)) continue
        const { hash } = new URL(link)
        const target = relative(site, fileURLToPath(link.replace(/#.*/, '')))
        // a browser takes either
        const names = [hash.slice(1), decodeURIComponent(hash.slice(1))]
        if (hash) expect([link, drawn.get(target)?.ids.some((id) => names.includes(id))]).toEqual([link, true])
        await follow(target)
      }
    }
    await follow('index.html')
    const shown = files.filter((file) => /^data\/(results|tables)|\.(html|ipynb|zip)$/.test(file))
    expect(shown.filter((file) => !reached.has(file))).toEqual([])
    // and back
    for (const [path, { links }] of drawn)
      expect([path, links]).toEqual([path, expect.arrayContaining([url('index.html')])])
  })
})

const naturalWidths = (images: Element[]): number[] => images.map((image) => (image as HTMLImageElement).naturalWidth)
