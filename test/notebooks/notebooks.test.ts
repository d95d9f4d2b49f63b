/** The notebooks in the real kernel, and the pages made of them in a browser. */
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { findChromium } from '../../lib/pictures/chromium'
import { executeNotebook } from '../../scripts/execute-notebooks.mjs'
import { jupyterEnvironment, python } from '../../scripts/jupyter.mjs'
import { inRoot } from '../../scripts/setup/root.mjs'
import { type Cell, codeCells, complaints, figures, printed, sources, tables } from './notebook'
import { open, remoteReferences, type Shown } from './page'

const minutes = 60_000
const names = readdirSync(inRoot('notebooks'))
  .filter((file) => file.endsWith('.ipynb'))
  .map((file) => basename(file, '.ipynb'))

test('there are notebooks', () => {
  expect(names).toContain('02-dagger')
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

  test('complains of nothing', () => {
    expect(complaints(executed)).toEqual([])
    expect(executed.map(({ execution_count }) => execution_count)).toEqual(executed.map((_, i) => i + 1))
  })

  test('shows each figure once, a live one too, with finite data', () => {
    const shown = figures(executed)
    expect(shown.length).toBeGreaterThan(0)
    expect(shown).toHaveLength(
      sources(executed).match(/\bshow(?:Committed)?\(\s*\w*([fF]igure|Curves|Queries|comparison)\(|\b(live|watch)\(/g)
        ?.length ?? 0
    )
    const traces = shown.flatMap(({ data }) => data)
    expect(traces.length).toBeGreaterThanOrEqual(shown.length)
    for (const { x = [], y = [], z } of traces) {
      expect(x.length).toBeGreaterThan(0)
      // of a plane, x are columns, y rows
      if (z) expect(z.map((row) => row.length)).toEqual(y.map(() => x.length))
      else expect(y).toHaveLength(x.length)
      // where neither says anything, a line has a gap; of numbers that are not finite, JSON would leave the same in one of them
      const gap = (i: number) => x[i] === null && y[i] === null
      const points = z ? [...x, ...y, ...z.flat()] : [...x, ...y].filter((_, i) => !gap(i % x.length))
      const numbers = points.filter((value) => typeof value !== 'string')
      expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([])
    }
  })

  test('shows frames as tables', () => {
    const shown = tables(executed)
    expect(shown.length).toBeGreaterThan(0)
    expect(shown).toHaveLength(
      sources(executed).match(/\bshow(?:Committed)?\(\s*(new dfd\.DataFrame|\w+\.groupby)\(/g)?.length ?? 0
    )
    for (const table of shown) expect(table).toMatch(/^<table>.*<td>.*<\/table>$/)
  })

  test('is committed with the outputs that it gives', () => {
    expect(complaints(committed)).toEqual([])
    expect(committed.map(({ execution_count }) => execution_count)).toEqual(committed.map((_, i) => i + 1))
    expect(printed(committed)).toEqual(printed(executed))
    expect(tables(committed)).toEqual(tables(executed))
    expect(figures(committed)).toEqual(figures(executed))
  })

  test('has its text beside it: renew it with .venv/bin/jupytext --sync notebooks/*.ipynb', async () => {
    const written = join(folder, `${name}.ts`)
    execFileSync(python(), ['-m', 'jupytext', '--to', 'ts:percent', '--output', written, `notebooks/${name}.ipynb`], {
      env: { ...process.env, ...jupyterEnvironment() }
    })
    expect(await readFile(`notebooks/text/${name}.ts`, 'utf8')).toBe(await readFile(written, 'utf8'))
    await rm(written)
  })

  describe('as a page', () => {
    test('is one file', async () => {
      const html = await readFile(join(folder, `${name}.html`), 'utf8')
      expect(html.length).toBeGreaterThan(1e6)
      expect(remoteReferences(html)).toEqual([])
      expect(readdirSync(folder).sort()).toEqual([`${name}.html`, `${name}.ipynb`])
    })

    const needless = !findChromium() && !process.env.RADGRAD_CI
    test.skipIf(needless)(
      'draws its figures and formulas without a network (needs Chromium on the PATH)',
      async () => {
        const { places, drawn, ...rest }: Shown = await open(join(folder, `${name}.html`))
        expect({ places, drawn }).toEqual({ places: figures(executed).length, drawn: figures(executed).length })
        expect(rest).toEqual({ formulas: expect.any(Number), untypeset: 0, requests: [], complaints: [] })
        expect(rest.formulas).toBeGreaterThan(0)
      },
      2 * minutes
    )
  })
})
