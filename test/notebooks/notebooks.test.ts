/** The notebooks, executed in the real kernel, and their pages in a browser. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { executeNotebook } from '../../tools/notebooks/execute.ts'
import { findChromium, launchChromium } from '../../tools/pictures/chromium.ts'
import { jupyterEnvironment, python } from '../../tools/setup/python.mjs'
import { inRoot } from '../../tools/setup/root.mjs'
import { type Cell, codeCells, complaints, figures, printed, tables } from './notebook'
import { open, remoteReferences, type Shown } from './page'

const minutes = 60_000
const names = readdirSync(inRoot('notebooks'))
  .filter((file) => file.endsWith('.ipynb'))
  .map((file) => basename(file, '.ipynb'))

/** One for all pages. */
let browser: Browser
const needless = !findChromium() && !process.env.RADGRAD_CI
beforeAll(async () => {
  if (!needless) browser = await launchChromium()
}, minutes)
afterAll(() => browser?.close())

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

describe.each(names)('notebook %s', (name) => {
  let folder: string
  let executed: Cell[]
  let committed: Cell[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'radgrad-notebooks-'))
    await executeNotebook(inRoot('notebooks', `${name}.ipynb`), folder)
    executed = await codeCells(join(folder, `${name}.ipynb`))
    committed = await codeCells(inRoot('notebooks', `${name}.ipynb`))
  }, 10 * minutes)

  test('the notebook runs without an error or a warning, from its first cell to its last', () => {
    expect(complaints(executed)).toEqual([])
    expect(executed.map(({ execution_count }) => execution_count)).toEqual(executed.map((_, i) => i + 1))
  })

  test('the notebook shows figures of finite data', () => {
    const shown = figures(executed)
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

  test('the notebook shows its frames as tables', () => {
    const shown = tables(executed)
    expect(shown.length).toBeGreaterThan(0)
    for (const table of shown) expect(table).toMatch(/^<table>.*<td>.*<\/table>$/)
  })

  test('the committed notebook has the outputs that it gives', () => {
    expect(complaints(committed)).toEqual([])
    expect(committed.map(({ execution_count }) => execution_count)).toEqual(committed.map((_, i) => i + 1))
    expect(printed(committed)).toEqual(printed(executed))
    expect(tables(committed)).toEqual(tables(executed))
    expect(figures(committed)).toEqual(figures(executed))
  })

  test('the text beside the notebook is up to date (if not: .venv/bin/jupytext --sync notebooks/*.ipynb)', async () => {
    const written = join(folder, `${name}.ts`)
    execFileSync(python(), ['-m', 'jupytext', '--to', 'ts:percent', '--output', written, `notebooks/${name}.ipynb`], {
      env: jupyterEnvironment()
    })
    expect(await readFile(`notebooks/text/${name}.ts`, 'utf8')).toBe(await readFile(written, 'utf8'))
    await rm(written)
  })

  describe('the page of the notebook', () => {
    test('the page is one file that refers to no other', async () => {
      const html = await readFile(join(folder, `${name}.html`), 'utf8')
      expect(html.length).toBeGreaterThan(1e6)
      expect(remoteReferences(html)).toEqual([])
      expect(readdirSync(folder).sort()).toEqual([`${name}.html`, `${name}.ipynb`])
    })

    test.skipIf(needless)(
      'the page draws its figures and formulas without a network (needs Chromium on the PATH)',
      async () => {
        const { places, drawn, ...rest }: Shown = await open(browser, join(folder, `${name}.html`))
        expect({ places, drawn }).toEqual({ places: figures(executed).length, drawn: figures(executed).length })
        expect(rest).toEqual({ formulas: expect.any(Number), untypeset: 0, requests: [], complaints: [] })
        expect(rest.formulas).toBeGreaterThan(0)
      },
      2 * minutes
    )
  })
})
