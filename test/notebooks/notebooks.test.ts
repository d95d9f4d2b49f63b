/**
 * The notebooks as they are committed, and a page in a browser. Those executed here, in the real kernel, compute one run at most. The others
 * are executed in it by test/reproduce, computing little, and as they are in a browser's, by test/live.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { executeNotebooks } from '../../tools/notebooks/execute.ts'
import { findChromium, launchChromium } from '../../tools/pictures/chromium.ts'
import { jupyterEnvironment, python } from '../../tools/setup/python.mjs'
import { inRoot } from '../../tools/setup/root.mjs'
import { bundles, type Cell, codeCells, complaints, computing, figures, printed, tables } from './notebook'
import { open, remoteReferences } from './page'

const minutes = 60_000
const names = readdirSync(inRoot('notebooks'))
  .filter((file) => file.endsWith('.ipynb'))
  .map((file) => basename(file, '.ipynb'))

const executedHere = names.filter((name) => !computing.includes(name))

/** The folder for all that is executed, which one Python and one Chromium serve. */
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radgrad-notebooks-'))
  const paths = executedHere.map((name) => inRoot('notebooks', `${name}.ipynb`))
  await executeNotebooks(paths, folder, { atATime: 1, signal: new AbortController().signal })
}, 40 * minutes)

const needless = !findChromium() && !process.env.RADGRAD_CI

test('the notebooks are numbered from 00 without a gap', () => {
  expect(names.map((name) => Number(name.slice(0, 2)))).toEqual(names.map((_, i) => i))
  expect(names.length).toBeGreaterThan(0)
})

test('the notebooks read data by its folder, and by no path relative to their own', () => {
  const sources = names.map((name) =>
    readFileSync(inRoot(`notebooks/text/${name}.ts`), 'utf8').replaceAll(/^\/\/.*$/gm, '')
  )
  expect(sources.filter((text) => text.includes('rg.dataFolder()')).length).toBeGreaterThan(0)
  expect(names.filter((_, i) => /['"`]\.{1,2}\//.test(sources[i]))).toEqual([])
})

describe.each(names)('notebook %s as it is committed', (name) => {
  let committed: Cell[]
  beforeAll(async () => {
    committed = await codeCells(inRoot('notebooks', `${name}.ipynb`))
  })

  test('the notebook has run without an error or a warning, from its first cell to its last', () => {
    expect(complaints(committed)).toEqual([])
    expect(committed.map(({ execution_count }) => execution_count)).toEqual(committed.map((_, i) => i + 1))
  })

  test('the notebook shows figures of finite data', () => {
    const shown = figures(committed)
    expect(shown.length).toBeGreaterThan(0)
    const traces = shown.flatMap(({ data }) => data)
    expect(traces.length).toBeGreaterThanOrEqual(shown.length)
    for (const { x = [], y = [], z } of traces) {
      expect(x.length).toBeGreaterThan(0)
      // in a heatmap x are columns, y rows
      if (z) expect(z.map((row) => row.length)).toEqual(y.map(() => x.length))
      else expect(y).toHaveLength(x.length)
      // a gap in a line is null in both; JSON writes a number that is not finite as null in one
      const gap = (i: number) => x[i] === null && y[i] === null
      const points = z ? [...x, ...y, ...z.flat()] : [...x, ...y].filter((_, i) => !gap(i % x.length))
      const numbers = points.filter((value) => typeof value !== 'string')
      expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([])
    }
  })

  test('the notebook shows its frames, if it has any, as tables', () => {
    for (const table of tables(committed)) expect(table).toMatch(/^<table>.*<td>.*<\/table>$/)
  })
})

test('most notebooks show a frame', async () => {
  const shown = await Promise.all(
    names.map(async (name) => tables(await codeCells(inRoot('notebooks', `${name}.ipynb`))))
  )
  expect(shown.filter((some) => some.length > 0).length).toBeGreaterThan(names.length / 2)
})

describe.each(executedHere)('notebook %s executed', (name) => {
  let executed: Cell[]
  beforeAll(async () => {
    executed = await codeCells(join(folder, `${name}.ipynb`))
  })

  test('the notebook gives its committed outputs', async () => {
    const committed = await codeCells(inRoot('notebooks', `${name}.ipynb`))
    expect(complaints(executed)).toEqual([])
    expect(printed(executed)).toEqual(printed(committed))
    expect(tables(executed)).toEqual(tables(committed))
    expect(figures(executed)).toEqual(figures(committed))
  })

  test.skipIf(needless)('the notebook has a picture of each figure (needs Chromium on the PATH)', () => {
    const pictures = bundles(executed).filter((bundle) => bundle['application/vnd.plotly.v1+json'])
    // so begins each PNG in base64
    for (const { 'image/png': picture } of pictures) expect(picture).toMatch(/^iVBORw0KGgo/)
    expect(pictures).toHaveLength(figures(executed).length)
  })

  test('the page of the notebook is one file that refers to no other', async () => {
    const html = await readFile(join(folder, `${name}.html`), 'utf8')
    expect(html.length).toBeGreaterThan(1e6)
    expect(remoteReferences(html)).toEqual([])
  })
})

test('a folder of executed notebooks holds them and their pages alone', () => {
  expect(readdirSync(folder).sort()).toEqual(executedHere.flatMap((name) => [`${name}.html`, `${name}.ipynb`]))
})

test.skipIf(needless)(
  'the page of a notebook draws its figures and formulas without a network (needs Chromium on the PATH)',
  async () => {
    // all figures and formulas are drawn on the site's pages, by the same script
    const wanted = figures(await codeCells(join(folder, '03-safedagger.ipynb'))).length
    const browser = await launchChromium()
    const { places, drawn, ...rest } = await open(browser, join(folder, '03-safedagger.html')).finally(() =>
      browser.close()
    )
    expect({ places, drawn }).toEqual({ places: wanted, drawn: wanted })
    expect(rest).toEqual({ formulas: expect.any(Number), untypeset: 0, requests: [], complaints: [] })
    expect(rest.formulas).toBeGreaterThan(0)
  },
  2 * minutes
)

test('the texts beside the notebooks are up to date (if not: .venv/bin/jupytext --sync notebooks/*.ipynb)', async () => {
  const written = await mkdtemp(join(tmpdir(), 'radgrad-texts-'))
  const write = `import sys; from jupytext.cli import jupytext
for name in sys.argv[2:]: jupytext(['--to', 'ts:percent', '--output', f'{sys.argv[1]}/{name}.ts', f'notebooks/{name}.ipynb'])`
  execFileSync(python(), ['-c', write, written, ...names], { env: jupyterEnvironment() })
  expect(readdirSync('notebooks/text').sort()).toEqual(readdirSync(written).sort())
  for (const file of readdirSync(written))
    expect(await readFile(`notebooks/text/${file}`, 'utf8')).toBe(await readFile(join(written, file), 'utf8'))
}, 60_000)
