/**
 * The live notebooks in Chromium beside Node: a first visit, a run at the paper's scale, and memory over ten runs. Both take turns, and times
 * are of processors, so that other work on the machine counts little.
 *
 *     npm run live -- --build && npm run bench -- live
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { CDPSession, Page } from 'playwright-core'
import { serve } from '../live/serve.ts'
import { launchChromium } from '../pictures/chromium.ts'
import { inRoot } from '../setup/root.mjs'

const folder = inRoot('out/live')
if (!existsSync(folder)) throw new Error(`there is no ${folder}: npm run live -- --build makes it`)

/** DAgger on Reacher, 15 iterations with 100 trials. */
const run = `const model = await rg.loadExpert('reacher')
for await (const { record } of rg.experiment(rg.protocolFor('reacher', 'dagger', model), 1)) if (record.iteration === 15) console.log(record.loss)`

interface App {
  readonly shell: { readonly currentWidget: Panel }
  readonly commands: { execute(command: string): Promise<unknown> }
}

interface Panel {
  readonly content: {
    activeCellIndex: number
    readonly widgets: readonly {
      readonly model: { readonly type: string; readonly sharedModel: { setSource(code: string): void } }
    }[]
  }
  readonly sessionContext: { readonly session?: { readonly kernel?: { readonly status: string } } }
}

const { address, server } = await serve(folder)
const requested = new Set<string>()
server.on('request', ({ url = '/' }: { readonly url?: string }) => requested.add(new URL(url, address).pathname))
const transferred = (): string => {
  const paths = [...requested].map((path) => join(folder, decodeURIComponent(path))).filter((path) => existsSync(path))
  const sizes = paths.filter((path) => !path.endsWith('/')).map((path) => gzipSync(readFileSync(path)).length)
  return `${(sizes.reduce((sum, size) => sum + size, 0) / 1e6).toFixed(1)} MB (gzip)`
}

const browser = await launchChromium()
try {
  const page = await browser.newPage()
  page.setDefaultTimeout(600_000)
  const begun = performance.now()
  const since = (): string => `${((performance.now() - begun) / 1000).toFixed(1)} s, ${transferred()}`
  await page.goto(`${address}notebooks/index.html?path=02-dagger.ipynb`)
  await page.locator('.jp-Notebook .jp-Cell').first().waitFor()
  console.log(`the notebook is shown after ${since()}`)
  await page.waitForFunction(() => {
    const app = Reflect.get(window, 'jupyterapp') as App | undefined
    return app?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'
  })
  console.log(`the kernel listens after ${since()}`)
  await execute(page, `import * as rg from 'radgrad'\nawait rg.loadEnvironment('reacher', { masses: 'legacy' })`)
  console.log(`there is physics after ${since()}`)

  const devtools = await browser.newBrowserCDPSession()
  for (let i = 1; i <= 3; i++) {
    const before = await renderer(devtools)
    const frames = await slowestFrame(page, () => execute(page, run))
    const here = (await renderer(devtools)).cpuTime - before.cpuTime
    const there = inNode()
    console.log(
      `run ${i}: ${here.toFixed(1)} s of processor in the browser, ${there.toFixed(1)} s in Node: ${(here / there).toFixed(2)} times; slowest frame of the page ${frames.toFixed(0)} ms`
    )
  }
  for (let i = 1; i <= 10; i++) {
    await execute(page, run)
    const { id } = await renderer(devtools)
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8')) ?? []
    console.log(`after ${i} more runs the page holds ${(Number(kilobytes) / 1024).toFixed(0)} MB`)
  }
} finally {
  await browser.close()
  server.close()
}

/** Executes code in the page's first code cell. */
async function execute(page: Page, code: string): Promise<void> {
  await page.evaluate(async (code) => {
    const { shell, commands } = Reflect.get(window, 'jupyterapp') as App
    const { content } = shell.currentWidget
    content.activeCellIndex = content.widgets.findIndex(({ model }) => model.type === 'code')
    content.widgets[content.activeCellIndex].model.sharedModel.setSource(code)
    await commands.execute('notebook:run-cell')
  }, code)
}

/** Returns the process of the page, which has used most of the processor. */
async function renderer(devtools: CDPSession) {
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo')
  return processInfo.filter(({ type }) => type === 'renderer').sort((a, b) => b.cpuTime - a.cpuTime)[0]
}

/** Returns the longest time between two frames while something runs, ms. */
async function slowestFrame(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    let last = performance.now()
    const frame = (now: number): void => {
      const longest = Math.max(Number(document.body.dataset.longest ?? 0), now - last)
      document.body.dataset.longest = String(longest)
      last = now
      requestAnimationFrame(frame)
    }
    document.body.dataset.longest = '0'
    requestAnimationFrame(frame)
  })
  await work()
  return page.evaluate(() => Number(document.body.dataset.longest))
}

/** Returns the processor's seconds of the same run in Node. */
function inNode(): number {
  const code = `import * as rg from 'radgrad'\n${run}\nconst { user, system } = process.cpuUsage(); console.log((user + system) / 1e6)`
  const printed = execFileSync(
    process.execPath,
    ['--import', './dist/host/register.js', '--input-type=module', '-e', code],
    {
      cwd: inRoot('tools')
    }
  )
  return Number(printed.toString().trim().split('\n').at(-1))
}
