/** The live notebooks as a reader has them: in a browser, from a folder below the root of a static server. */
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { ownGlobals } from '../tools/live/globals.ts'
import { findChromium, launchChromium } from '../tools/pictures/chromium.ts'
import { inRoot, root } from '../tools/setup/root.mjs'
import golden from './golden/golden.json'
import { comparable, textOf } from './live/outputs'
import { notebookNames, type Output, openLive, untilReady } from './live/page'
import { startSite } from './live/site'
import { codeCells } from './notebooks/notebook'

const minutes = 60_000
const needless = !findChromium() && !process.env.RADGRAD_CI

describe.skipIf(needless)('in a browser (needs Chromium on the PATH)', () => {
  let site: Awaited<ReturnType<typeof startSite>>
  let browser: Browser
  beforeAll(async () => {
    site = await startSite()
    browser = await launchChromium()
  }, 5 * minutes)
  afterAll(async () => {
    await browser?.close()
    await site?.stop()
  })

  test(
    'the command builds the live notebooks and serves them on the loopback address',
    async () => {
      const command = spawn(process.execPath, ['tools/setup/start.mjs', 'live'], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit']
      })
      onTestFinished(() => void command.kill())
      let said = ''
      for await (const text of command.stdout.setEncoding('utf8')) {
        said += text
        if (said.includes('until Ctrl-C')) break
      }
      const [, address] = /They run at (http:\/\/127\.0\.0\.1:\d+\/) until Ctrl-C/.exec(said) ?? []
      const get = async (path: string) => (await fetch(`${address}${path}`)).text()
      expect(await get('')).toContain('<h1>RadGrad, live</h1>')
      for (const name of notebookNames) {
        const served = JSON.parse(await get(`files/${name}.ipynb`)) as { cells: unknown[] }
        const { cells } = JSON.parse(await readFile(inRoot('notebooks', `${name}.ipynb`), 'utf8')) as typeof served
        expect(served.cells).toHaveLength(cells.length)
      }
      expect((await fetch(`${address}..%2f..%2ftsconfig.json`)).status).toBe(404)
    },
    5 * minutes
  )

  const open = async (path: string, options: Parameters<typeof openLive>[3] = {}) => {
    const notebook = await openLive(browser, site.address, path, options)
    onTestFinished(notebook.close)
    return notebook
  }

  test.each(notebookNames)(
    'notebook %s gives the committed outputs, and asks nobody else for anything',
    async (name) => {
      const committed = await codeCells(inRoot('notebooks', `${name}.ipynb`))
      const { run, outputs, requests, complaints } = await open(`${name}.ipynb`)
      expect(await outputs(0)).toEqual([])
      for (const [i, cell] of committed.entries())
        expect(comparable(await run(i)), `cell ${i}`).toEqual(comparable(cell.outputs as Output[]))
      expect(requests).toEqual([])
      expect(complaints).toEqual([])
    },
    10 * minutes
  )

  test(
    'every strategy on each task has the numbers of Node, to the last bit',
    async () => {
      const { runCode } = await open('02-dagger.ipynb')
      const output = await runCode(hashesOfRuns)
      expect(JSON.parse(textOf(output))).toEqual(
        Object.fromEntries(Object.entries(golden).filter(([cell]) => cell.endsWith(' thresholds')))
      )
    },
    10 * minutes
  )

  test(
    'the notebook to begin with verifies a committed record on this machine',
    async () => {
      const { run, complaints } = await open('start-here.ipynb', { quick: true })
      await run(0)
      expect(textOf(await run(1))).toContain('4 of 4 iterations are those of the record, to the last bit')
      const [, table] = await run(2)
      expect(String(table.data?.['text/html'])).toMatch(/quick run: 4 iterations, 10 trials.*Random, 10 %/)
      expect(complaints).toEqual([])
    },
    5 * minutes
  )

  test(
    'cells share declarations and modules, print as in Node, and say what went wrong, and where',
    async () => {
      const { runCode } = await open('02-dagger.ipynb')
      expect(
        await runCode(`import * as rg from 'radgrad'
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import * as tf from '@tensorflow/tfjs-node'
const { length, 0: [first] } = [['a'], ['b']], count: number = length
enum Colour { Red, Green }
class Pair<T> { constructor(readonly a: T, readonly b = count) {} }
function fail(why: string): never {
  throw new RangeError(why)
}
const later = await Promise.resolve(3)`)
      ).toEqual([])
      expect(textOf(await runCode(`console.log('%s is', first, new Pair({ x: 1 }), Colour[1]); later`))).toBe(
        `a is Pair { a: { x: 1 }, b: 2 } Green\n3\n`
      )
      const kinds = `[rg.loadExpert, dfd.DataFrame, math.mean, tf.tensor].map((it) => typeof it).join()`
      expect(textOf(await runCode(kinds))).toBe('function,function,function,function\n')
      expect(textOf(await runCode(`tf.tensor([1, 2]).square().print()`))).toBe('Tensor\n    [1, 4]\n')

      const failure = async (code: string) => (await runCode(code)).map(({ traceback }) => traceback)
      expect(await failure(`const one = 1\n\nfail('too much')`)).toEqual([
        [
          'RangeError: too much',
          '    at cell [1], line 9: throw new RangeError(why)',
          "    at cell [5], line 3: fail('too much')"
        ]
      ])
      expect(await failure(`let a = 1\nlet b = = 2`)).toEqual([
        ['SyntaxError: Unexpected token', '    at line 2: let b = = 2']
      ])
      for (const [code, words] of [
        [`import fs from 'node:fs'`, /no module 'node:fs' on this page, only radgrad, danfojs-node, mathjs/],
        [`import * as Plotly from 'plotly.js-dist'`, /rg\.show\(\{ data, layout \}\)/],
        [`require('fs')`, /a page has no require/],
        [`dfd.readExcel('a.xlsx')`, /use readCSV/],
        [`await rg.loadExpert('reacher', 'nowhere')`, /there is no expert for reacher in nowhere/],
        [`await rg.readResults('nowhere')`, /there is no folder notebooks\/nowhere\/ here/],
        [`import { loadExpret } from 'radgrad'`, /'radgrad' does not export 'loadExpret': is 'loadExpert' meant/],
        [`import math from 'mathjs'`, /'mathjs' has no default export/],
        [`later = 4`, /read only property 'later'/]
      ] as const)
        expect((await failure(code)).join(), code).toMatch(words)
      // names of types are imported, and are nothing at run time
      expect(await runCode(`import { Iteration } from 'radgrad'\nimport { MathType } from 'mathjs'`)).toEqual([])

      const printed = await runCode(`setTimeout(() => { throw new Error('late') }, 10)
void Promise.reject(new Error('unheard'))
console.table([{ a: 1 }])
console.log(new Error('shown'))
await new Promise((done) => setTimeout(done, 300))`)
      expect(textOf(printed)).toMatch(/│ \(index\) │ a │.*Error: shown\n {4}at eval \(cell-\d+\.ts:4:13\)\n/s)
      expect(textOf(printed)).not.toMatch(/kernel\//)
      expect(textOf(printed)).toMatch(/Error: unheard\n.*Error: late\n {4}at cell \[\d+\], line 1/s)

      // what cells declare leaves the kernel and the library alone
      const declarations = ownGlobals.filter((name) => name !== 'console').map((name) => `const ${name} = 'mine'`)
      expect(await runCode(declarations.join('\n'))).toEqual([])
      expect(
        textOf(
          await runCode(`import { loadExpert } from 'radgrad'
new dfd.DataFrame([[1]]).print()
console.log((await loadExpert('hopper')).topology.class_name, math.mean(1, 3), URL)`)
        )
      ).toMatch(/Sequential 2 mine\n$/)
    },
    5 * minutes
  )

  test(
    'a file that a cell writes is a download, and can be read again',
    async () => {
      const { page, runCode } = await open('02-dagger.ipynb')
      const saved = page.waitForEvent('download')
      const output = await runCode(`import * as rg from 'radgrad'
await rg.saveModel('mine', await rg.loadExpert('reacher'))
const again = await rg.loadModel('mine')
again.topology.class_name`)
      expect(textOf(output)).toMatch(/a page writes no files: model\.json is a download.*\n(Sequential|Functional)\n$/s)
      expect((await saved).suggestedFilename()).toBe('weights.bin')
    },
    5 * minutes
  )

  test(
    'an interrupt ends a run and keeps what it computed, and a restart ends what hears nothing',
    async () => {
      const { page, runCode, outputs } = await open('02-dagger.ipynb')
      const command = (name: string) =>
        page.evaluate((name) => void window.jupyterapp!.commands.execute(name), `notebook:${name}`)
      await runCode(`import * as rg from 'radgrad'
const model = await rg.loadExpert('reacher')
const kept: number[] = []`)
      const running =
        runCode(`const protocol = rg.protocolFor('reacher', 'dagger', model, { iterations: 500, trials: 5 })
for await (const { record } of rg.experiment(protocol, 1)) kept.push(record.iteration)
console.log('went on')`)
      await page.getByText(/ [2-9] of 500 iterations/).waitFor()
      // the page answers meanwhile
      const answered = await page.evaluate(async () => {
        const begun = performance.now()
        await new Promise((done) => requestAnimationFrame(done))
        return performance.now() - begun
      })
      expect(answered).toBeLessThan(1000)
      await page.locator('[data-command="notebook:interrupt-kernel"]').first().click()
      expect(textOf(await running)).toMatch(/ of 500 iterations, interrupted.*went on\n/s)
      expect(Number(textOf(await runCode('kept.length')))).toBeGreaterThan(1)

      const waiting = runCode('await new Promise(() => {})')
      await page.getByText('TypeScript', { exact: true }).first().waitFor()
      await page.waitForTimeout(300)
      await command('interrupt-kernel')
      expect((await waiting)[0]).toMatchObject({ ename: 'Interrupted' })

      // a loop that goes on prints below its own cell
      const looping = runCode(
        `let enough = false
for (let i = 0; !enough; i++) { console.log('loop', i); await new Promise((done) => setTimeout(done, 50)) }
throw new Error('enough')`
      )
      await page.getByText('loop 3').first().waitFor()
      await command('interrupt-kernel')
      const before = textOf(await looping)
      const next = await runCode(
        `console.log('next')
await new Promise((done) => setTimeout(done, 500))
enough = true`,
        1
      )
      expect(textOf(next)).toBe('next\ntrue\n')
      await expect.poll(async () => textOf(await outputs(0)), { timeout: minutes }).toMatch(/Error: enough\n/)
      expect(textOf(await outputs(0)).length).toBeGreaterThan(before.length + 'Error: enough\n'.length)

      void runCode('while (true) {}').catch(() => {})
      await page.waitForTimeout(500)
      await command('restart-kernel')
      await page.locator('.jp-Dialog-button.jp-mod-accept').click()
      await untilReady(page)
      expect(textOf(await runCode('typeof kept'))).toBe('undefined\n')
      expect(await outputs(0)).toHaveLength(1)
    },
    5 * minutes
  )

  test(
    'Tab completes names and members, and Shift-Tab shows a docstring, before any cell has run',
    async () => {
      const { page } = await open('02-dagger.ipynb')
      const editor = page.locator('.jp-CodeCell .cm-content').nth(1) // the cell before imports the library
      await editor.click()
      await page.keyboard.press('Control+a')
      await page.keyboard.type('rg.loadExp')
      await page.keyboard.press('Tab')
      await page.locator('.jp-Completer-item', { hasText: 'loadExpert' }).waitFor()
      await page.keyboard.press('Enter')
      await expect.poll(() => editor.innerText()).toBe('rg.loadExpert')
      await page.keyboard.type("('reacher')")
      for (let i = 0; i < "('reacher')".length; i++) await page.keyboard.press('ArrowLeft')
      await page.keyboard.press('Shift+Tab')
      const tooltip = page.locator('.jp-Tooltip')
      await tooltip.waitFor()
      expect(await tooltip.innerText()).toMatch(/loadExpert\(.*Loads the expert for a task.*@throws RangeError/s)
    },
    3 * minutes
  )

  test(
    'committed outputs stay until a cell runs, edits survive a reload, and a download with both opens where it is dropped',
    async () => {
      const { page, outputs, runCode } = await open('committed.ipynb')
      const committed = await codeCells(inRoot('notebooks/02-dagger.ipynb'))
      const all = await Promise.all(committed.map((_, i) => outputs(i)))
      expect(all.map(comparable)).toEqual(committed.map(({ outputs }) => comparable(outputs as Output[])))
      await expect
        .poll(() => page.locator('.jp-OutputArea pre').first().innerText())
        .toMatch(/^the losses after each iteration: /)
      // those out of sight are not drawn yet, and have their room
      const figures = page.locator('.jp-RenderedPlotly')
      await figures.first().waitFor({ state: 'attached' })
      const heights = await figures.evaluateAll((all) => all.map((figure) => figure.getBoundingClientRect().height))
      for (const height of heights) expect(height).toBeGreaterThan(300)

      // the first cell's code is hidden
      await runCode(`console.log('edited')`, 1)
      await page.locator('[data-command="docmanager:save"]').first().click()
      await page.reload()
      await untilReady(page)
      expect(textOf(await outputs(1))).toBe('edited\n')
      const firstCell = (of: Page) => of.locator('.jp-CodeCell .cm-content:visible').first().innerText()
      await expect.poll(() => firstCell(page)).toBe(`console.log('edited')`)

      const downloading = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Download', exact: true }).click()
      const download = await downloading
      expect(download.suggestedFilename()).toBe('committed.ipynb')
      const text = await readFile(await download.path(), 'utf8')

      // another reader's browser
      const other = await open('00-tasks-and-experts.ipynb')
      await drop(other.page, 'committed.ipynb', text)
      await other.page.waitForURL(/path=committed-2\.ipynb/)
      await untilReady(other.page)
      expect(textOf(await other.outputs(1))).toBe('edited\n')
      const front = await other.page.context().newPage()
      await front.goto(site.address)
      await drop(front, 'mine.ipynb', text)
      await front.waitForURL(/path=mine\.ipynb/)
      await untilReady(front)
      await expect.poll(() => firstCell(front)).toBe(`console.log('edited')`)
    },
    5 * minutes
  )

  test(
    'a notebook beside the site opens by its address',
    async () => {
      const page = await browser.newPage()
      page.setDefaultTimeout(minutes)
      onTestFinished(() => page.close())
      await page.goto(`${site.address}?notebook=../beside.ipynb`)
      await page.waitForURL(/path=beside\.ipynb/)
      await untilReady(page)
      await expect.poll(() => page.locator('.jp-MarkdownOutput h1').first().innerText()).toMatch(/^SafeDAgger/)

      // what cannot be opened is told on the page in front
      const problem = page.locator('#problem')
      for (const [address, words] of [
        ['http://', 'http:// cannot be opened: it is no address'],
        ['../nothing.ipynb', '../nothing.ipynb cannot be opened: it cannot be fetched: 404 Not Found'],
        ['data/files.json', 'data/files.json cannot be opened: it is no notebook: the name of one ends in .ipynb']
      ]) {
        await page.goto(`${site.address}notebooks/index.html?notebook=${encodeURIComponent(address)}`)
        await page.waitForURL(`${site.address}index.html`)
        await expect.poll(() => problem.innerText()).toBe(words)
      }
      await page.reload()
      expect(await problem.isVisible()).toBe(false)
      await drop(page, 'table.csv', 'a,b')
      await expect.poll(() => problem.innerText()).toMatch(/^table\.csv cannot be opened: it is no notebook/)
      await drop(page, 'EMPTY.IPYNB', JSON.stringify({ nbformat: 4, cells: [null] }))
      await expect.poll(() => problem.innerText()).toMatch(/^EMPTY\.IPYNB cannot be opened: its cells are not those/)
    },
    2 * minutes
  )

  test(
    'the pages are no wider than a telephone, and a notebook is run by keyboard alone',
    async () => {
      const { page, requests, outputs } = await open('02-dagger.ipynb', { width: 400, height: 800 })
      const width = () => page.evaluate(() => document.documentElement.scrollWidth)
      expect(await width()).toBeLessThanOrEqual(400)
      await page.goto(site.address)
      expect(await width()).toBeLessThanOrEqual(400)
      const links = await page.locator('#notebooks a').evaluateAll((all) => all.map((a) => a.getAttribute('href')))
      expect(links).toEqual(
        expect.arrayContaining(notebookNames.map((name) => `notebooks/index.html?path=${name}.ipynb`))
      )

      await page.keyboard.press('Tab') // to start-here
      await page.keyboard.press('Enter')
      await page.waitForURL(/start-here/)
      await untilReady(page)
      // the page has put its focus into the notebook; the first cell is text
      await page.keyboard.press('Shift+Enter')
      await page.keyboard.press('Shift+Enter')
      await expect.poll(() => outputs(0), { timeout: minutes }).toHaveLength(1)
      expect(requests).toEqual([])
    },
    3 * minutes
  )
})

/** A cell that prints the hashes of test/golden, of the runs at the paper's thresholds. */
const hashesOfRuns = `import * as rg from 'radgrad'
const numbers = (value: unknown): number[] =>
  typeof value === 'number' ? [value] : Object(value) === value ? Object.values(value as object).flatMap(numbers) : []
async function hashOf(parts: Float64Array[]): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', await new Blob(parts).arrayBuffer())
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('').slice(0, 16)
}
const hashes: Record<string, string> = {}
for (const task of rg.paperEnvironments)
  for (const strategy of rg.allStrategyNames) {
    const whole = rg.protocolFor(task, strategy, await rg.loadExpert(task), { iterations: 3, episodes: 2, trials: 2 })
    const protocol = { ...whole, fit: { ...whole.fit, epochs: 3 } }
    const parts: Float64Array[] = []
    let last: rg.Iteration | undefined
    for await (const iteration of rg.imitate(await rg.participantsOf(protocol), protocol, 1)) {
      parts.push(Float64Array.from(numbers(iteration.record)))
      last = iteration
    }
    parts.push(Float64Array.from(last!.expertReturns))
    for (const network of [last!.policy, ...last!.critic.networks])
      for (const { values } of network.weights()) parts.push(Float64Array.from(values))
    hashes[task + ' ' + strategy + ' thresholds'] = await hashOf(parts)
  }
console.log(JSON.stringify(hashes))`

/** Drops a file on a page, as a reader does from a folder. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const files = await page.evaluateHandle(
    ({ name, text }) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([text], name, { type: 'application/json' }))
      return transfer
    },
    { name, text }
  )
  await page.dispatchEvent('body', 'drop', { dataTransfer: files })
}
