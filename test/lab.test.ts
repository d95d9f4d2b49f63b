/** The notebooks' tools in JupyterLab, as somebody who sits before it uses and sees them. */
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findChromium } from '../tools/pictures/chromium.ts'
import { inRoot } from '../tools/setup/root.mjs'
import { startLab } from './lab'
import { codeCells, writeNotebook } from './notebooks/notebook'

const minutes = 60_000
const needless = !findChromium() && !process.env.RADGRAD_CI

const cells = [
  `import * as rg from 'radgrad'
const model = await rg.loadExpert('reacher')`,
  `rg.show(rg.figure([{ x: [1, 2, 3], y: [2, 1, 3] }], { title: { text: 'a figure' } }))`,
  `rg.show({ columns: ['queries', 'loss'], index: ['DAgger', 'Random'], values: [[3750, 0.81], [1296, 0.73]] })`,
  `const line = (n: number) =>
  rg.figure([{ x: Array.from({ length: n }, (_, i) => i), y: Array.from({ length: n }, (_, i) => i * i), mode: 'markers' }], { title: { text: n + ' points' } })
const redraw = rg.updatable(line(2))
for (let n = 3; n <= 100; n++) { redraw(line(n)); await new Promise((done) => setTimeout(done, 20)) }`,
  `const reacher = await rg.loadEnvironment('reacher', { masses: 'legacy' })
const start = () => reacher.reset([rg.generator(1, 'watch')])
const untrained = await rg.createNetwork(rg.perceptron(11, [8], 2, { dropout: 0 }), rg.generator(1, 'weights'))
rg.playEpisodes('Reacher', [
  await rg.traceEpisode('expert', reacher, start(), await rg.networkOf(model)),
  await rg.traceEpisode('learner', reacher, start(), untrained)
])`,
  `const kept: rg.IterationRecord[] = []
for await (const { record } of rg.experiment(rg.protocolFor('reacher', 'dagger', model, { iterations: 500, trials: 5 }), 1)) kept.push(record)
await undefined`,
  `console.log(kept.length + ' iterations')`
]

let folder: string
let lab: Awaited<ReturnType<typeof startLab>>
beforeAll(async () => {
  if (needless) return
  // where notebooks find the library
  await mkdir(inRoot('out'), { recursive: true })
  folder = await mkdtemp(inRoot('out/lab-'))
  await writeNotebook(join(folder, 'all.ipynb'), cells)
  await copyFile(inRoot('notebooks/02-dagger.ipynb'), join(folder, 'hidden.ipynb'))
  lab = await startLab(folder)
}, 5 * minutes)
afterAll(async () => {
  await lab?.stop()
  if (folder) await rm(folder, { recursive: true })
}, minutes)

test.skipIf(needless)(
  'JupyterLab runs a notebook, shows its progress, interrupts it and goes on (needs Chromium on the PATH)',
  async () => {
    const { page, complaints, close } = await lab.open('all.ipynb')
    const cell = (i: number) => page.locator('.jp-CodeCell').nth(i)
    const output = (i: number) => cell(i).locator('.jp-OutputArea-output')
    try {
      await page.getByText('Run', { exact: true }).click()
      await page.getByText('Run All Cells', { exact: true }).click()

      // figures are drawn, a table is one
      await cell(1).locator('.main-svg .trace').first().waitFor()
      await output(2).locator('td').first().waitFor()
      await expect(output(2).locator('td').allInnerTexts()).resolves.toEqual(['3750', '0.81', '1296', '0.73'])

      // what is live is drawn anew in its place
      const graph = await cell(3).locator('.js-plotly-plot').elementHandle()
      await cell(3).locator('.gtitle', { hasText: '100 points' }).waitFor()
      expect(await cell(3).locator('.scatterlayer .point').count()).toBe(100)
      expect(await graph?.evaluate((node) => node.isConnected)).toBe(true)

      // a film plays
      const pose = () =>
        cell(4)
          .locator('.scatterlayer .js-fill')
          .evaluateAll((paths) => paths.map((path) => path.getAttribute('d')).join())
      const poses = new Set([await pose()])
      await cell(4).locator('.updatemenu-button', { hasText: 'play' }).click()
      while (poses.size < 5) poses.add(await pose())

      // a long run tells how far it is, and ends when interrupted
      await output(5)
        .getByText(/ [2-9]\d* of 500 iterations, about \d+:\d\d left/)
        .waitFor()
      await page.locator('[data-command="notebook:interrupt-kernel"]').first().click()
      const asked = performance.now()
      await output(5).getByText('iterations, interrupted').waitFor()
      console.log(`ended ${((performance.now() - asked) / 1000).toFixed(2)} s after the button`)
      const done = Number((await output(5).innerText()).match(/(\d+) of 500/)?.[1])

      // the next cell has what was computed, and so have those executed from now on
      await output(6).getByText(`${done} iterations`, { exact: true }).waitFor()
      await cell(6).locator('.cm-content').click()
      await page.keyboard.press('Control+Home')
      await page.keyboard.type('kept.pop(); ')
      await page.keyboard.press('Control+Enter')
      await output(6)
        .getByText(`${done - 1} iterations`, { exact: true })
        .waitFor()

      // no cell shows more than one thing, on the screen and in the file
      for (const i of [1, 2, 3, 4, 5, 6]) expect(await output(i).count(), `outputs of cell ${i}`).toBe(1)
      await page.keyboard.press('Control+s')
      await expect.poll(async () => (await outputsIn('all.ipynb')).join()).toBe('0,1,1,1,1,1,1')
      expect((await readFile(join(folder, 'all.ipynb'))).length).toBeLessThan(1e6)
      expect(complaints).toEqual([])
    } finally {
      if (process.env.RADGRAD_SCREENSHOT) await page.screenshot({ path: process.env.RADGRAD_SCREENSHOT })
      await close()
    }
  },
  5 * minutes
)

test.skipIf(needless)(
  'JupyterLab hides the code of a notebook’s imports, and shows it at a click (needs Chromium on the PATH)',
  async () => {
    const { page, close } = await lab.open('hidden.ipynb')
    try {
      const imports = page.locator('.jp-CodeCell').first()
      const code = imports.locator('.cm-content', { hasText: 'import * as' })
      await imports.locator('.jp-InputPlaceholder').waitFor()
      expect(await code.isVisible()).toBe(false)
      await imports.locator('.jp-InputPlaceholder').click()
      await code.waitFor()
    } finally {
      await close()
    }
  },
  2 * minutes
)

const outputsIn = async (name: string): Promise<number[]> =>
  (await codeCells(join(folder, name))).map(({ outputs }) => outputs?.length ?? 0)
