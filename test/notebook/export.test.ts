/** Figures as files: what each format holds, and what is refused. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadEnvironment } from '../../lib/environments'
import { figure } from '../../lib/figures/theme'
import { createNetwork, perceptron } from '../../lib/networks'
import { exportEpisodes, exportFigure, exportTable } from '../../lib/notebook/export'
import { setHost } from '../../lib/notebook/host'
import { traceEpisode } from '../../lib/trace'
import { generator } from '../../lib/util/random'
import { nodeHost } from '../../tools/host/node.ts'
import { findChromium, launchChromium } from '../../tools/pictures/chromium.ts'

const folder = await mkdtemp(join(tmpdir(), 'radgrad-export-'))
const file = (name: string) => join(folder, name)
const bars = figure([{ type: 'bar', x: ['a', 'b'], y: [3, 1] }], {
  title: { text: 'Two <b>bars</b> & a </script>' },
  width: 400,
  height: 300
})
beforeAll(() => setHost(nodeHost))
afterAll(() => rm(folder, { recursive: true }))

const hasChromium = process.env.RADGRAD_CI === '1' || findChromium() !== undefined

describe.skipIf(!hasChromium)('a figure as a file', () => {
  test('an SVG has the size of the layout, and its title as text', async () => {
    await exportFigure(bars, file('f.svg'))
    const svg = await readFile(file('f.svg'), 'utf8')
    expect(svg).toMatch(/^<svg [^>]*width="400" height="300"/)
    expect(svg).toContain('Two ')
    expect(svg).not.toContain('<image')
  }, 180_000)

  test('a PDF is one page, and a PNG has two pixels for one', async () => {
    await exportFigure(bars, file('f.pdf'))
    const pdf = await readFile(file('f.pdf'), 'latin1')
    expect(pdf.startsWith('%PDF-')).toBe(true)
    expect(pdf).toMatch(/\/Count 1\b/)
    await exportFigure(bars, file('new/f.png'))
    const png = await readFile(file('new/f.png'))
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([800, 600])
  }, 180_000)

  test('a page draws without the network, and plays the frames of episodes', async () => {
    const environment = await loadEnvironment('walker2d', { masses: 'legacy' })
    const policy = await createNetwork(perceptron(17, [4], 6), generator(1))
    const trace = await traceEpisode('falls', environment, environment.reset([generator(1)]), policy)
    await exportFigure(bars, file('f.html'))
    await exportEpisodes('A walker that falls', [trace], file('film.html'))
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      const asked: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      await page.goto(pathToFileURL(file('f.html')).href)
      expect(await page.title()).toBe('Two bars & a')
      expect(await page.locator('.bars .point').count()).toBe(2)
      await page.goto(pathToFileURL(file('film.html')).href)
      const shown = (): Promise<string> =>
        page.evaluate<string>("JSON.stringify(document.querySelector('#figure').data[0])")
      const before = await shown() // the last frame, on which it opens
      await page.evaluate("Plotly.animate('figure', ['0'], { frame: { duration: 0 }, transition: { duration: 0 } })")
      await expect.poll(shown, { timeout: 60_000 }).not.toBe(before)
      expect(asked.filter((url) => !url.startsWith('file:'))).toEqual([])
    } finally {
      await browser.close()
    }
  }, 180_000)
})

test('another ending and no figure are refused in a sentence', async () => {
  await expect(exportFigure(bars, file('f.jpg'))).rejects.toThrow(
    "there is no ending 'jpg': choose one of svg, pdf, png, html"
  )
  await expect(exportFigure({} as typeof bars, file('f.svg'))).rejects.toThrow('data is missing')
})

describe('a table as a file', () => {
  const table = {
    columns: ['loss', 'queries', 'how'],
    index: ['SD Gr. Random', 'mine_2'],
    values: [
      ['0.81 (0.74 … 0.89)', 1551, '30 %, "at random"'],
      [-1.5, 20, 'τ > 0.1 & ε']
    ]
  }

  test('CSV has the index as its first column, and quotes what needs it', async () => {
    await exportTable(table, file('t.csv'))
    expect(await readFile(file('t.csv'), 'utf8')).toBe(
      ',loss,queries,how\nSD Gr. Random,0.81 (0.74 … 0.89),1551,"30 %, ""at random"""\nmine_2,-1.5,20,τ > 0.1 & ε\n'
    )
  })

  test('LaTeX is a tabular with numbers at the right, in which every letter is printed as it is', async () => {
    await exportTable(table, file('t.tex'))
    expect((await readFile(file('t.tex'), 'utf8')).split('\n')).toEqual([
      '% Needs the package booktabs.',
      '\\begin{tabular}{lrrl}',
      '\\toprule',
      ' & loss & queries & how \\\\',
      '\\midrule',
      'SD Gr. Random & 0.81 (0.74 \\dots{} 0.89) & 1551 & 30 \\%, "at random" \\\\',
      'mine\\_2 & $-$1.5 & 20 & $\\tau$ > 0.1 \\& $\\varepsilon$ \\\\',
      '\\bottomrule',
      '\\end{tabular}',
      ''
    ])
  })

  test('an index that only counts the rows of a frame is left out, and one column may have its values alone', async () => {
    await exportTable({ columns: ['loss'], index: [0, 1], values: [3, 4] }, file('u.csv'))
    expect(await readFile(file('u.csv'), 'utf8')).toBe('loss\n3\n4\n')
  })

  test('an empty cell stays empty, and an index of another length than the rows is refused', async () => {
    const gaps = {
      columns: ['loss', 'queries'],
      index: ['a', 'b'],
      values: [
        [1, null],
        [undefined, 2]
      ]
    }
    await exportTable(gaps, file('v.csv'))
    expect(await readFile(file('v.csv'), 'utf8')).toBe(',loss,queries\na,1,\nb,,2\n')
    await exportTable(gaps, file('v.tex'))
    expect(await readFile(file('v.tex'), 'utf8')).toContain('\na & 1 &  \\\\\nb &  & 2 \\\\\n')
    for (const index of [['a'], ['a', 'b', 'c']])
      await expect(exportTable({ ...gaps, index }, file('w.csv'))).rejects.toThrow(
        `the table has 2 rows, and its index ${index.length} entries: give one for each`
      )
  })

  test('another ending, a short row and no table are refused in a sentence', async () => {
    await expect(exportTable(table, file('t.xlsx'))).rejects.toThrow(
      "there is no ending 'xlsx': choose one of csv, tex"
    )
    await expect(exportTable({ ...table, values: [[1, 2, 3], [1]] }, file('t.csv'))).rejects.toThrow(
      'row 1 of the table has 2 cells, and 4 columns'
    )
    await expect(exportTable({ rows: [] } as never, file('t.csv'))).rejects.toThrow(
      'a table has columns, index and values'
    )
  })
})
