/** The live notebooks in a browser: pages of a site on the loopback address, as a reader has them. */
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { inRoot } from '../../tools/setup/root.mjs'
import type { Cell } from '../notebooks/notebook'

export const notebookNames = readdirSync(inRoot('notebooks'))
  .filter((file) => file.endsWith('.ipynb'))
  .map((file) => basename(file, '.ipynb'))

/**
 * Writes copies of the notebooks without their outputs into a folder. JupyterLite shows committed outputs until a cell runs: a comparison that
 * started from those would compare them with themselves.
 */
export async function stripNotebooks(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of notebookNames) {
    const notebook = JSON.parse(readFileSync(inRoot('notebooks', `${name}.ipynb`), 'utf8')) as { cells: Cell[] }
    const cells = notebook.cells.map((cell) =>
      cell.cell_type === 'code' ? { ...cell, outputs: [], execution_count: null } : cell
    )
    await writeFile(join(folder, `${name}.ipynb`), JSON.stringify({ ...notebook, cells }))
  }
}

/** The parts of JupyterLab's application that the tests look at. */
interface JupyterApp {
  readonly commands: { execute(command: string): Promise<unknown> }
  readonly shell: {
    readonly currentWidget: {
      readonly content: {
        activeCellIndex: number
        readonly widgets: readonly {
          readonly model: {
            readonly type: string
            readonly executionCount: number | null
            readonly outputs: { toJSON(): unknown[] }
            readonly sharedModel: { setSource(source: string): void; getSource(): string }
          }
        }[]
      }
      readonly sessionContext: {
        readonly session?: { readonly kernel?: { readonly status: string; readonly connectionStatus: string } }
      }
    }
  }
}

declare global {
  interface Window {
    readonly jupyterapp?: JupyterApp
  }
}

/** An output of a cell. */
export interface Output {
  readonly output_type: string
  readonly name?: string
  readonly text?: string | string[]
  readonly data?: Readonly<Record<string, unknown>>
  readonly ename?: string
  readonly evalue?: string
  readonly traceback?: readonly string[]
}

export interface LiveNotebook {
  readonly page: Page
  /** Requests to other addresses, and what the page complained of. */
  readonly requests: readonly string[]
  readonly complaints: readonly string[]
  /** Executes a cell, and returns its outputs. The first code cell is 0. */
  run(cell: number): Promise<Output[]>
  /** Puts code into a cell, executes that, and returns its outputs. */
  runCode(code: string, cell?: number): Promise<Output[]>
  outputs(cell: number): Promise<Output[]>
  close(): Promise<void>
}

const minutes = 60_000

/**
 * Opens a notebook and waits for its kernel.
 *
 * @param site the address of the site
 * @param options.quick turns the switch for quick runs
 */
export async function openLive(
  browser: Browser,
  site: string,
  path: string,
  { quick = false, width = 1100, height = 1000 } = {}
): Promise<LiveNotebook> {
  const context = await browser.newContext({ viewport: { width, height } })
  if (quick) await context.addInitScript(() => localStorage.setItem('radgrad-quick', 'yes'))
  const page = await context.newPage()
  page.setDefaultTimeout(2 * minutes)
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(site) && !/^(data|blob):/.test(request.url())) requests.push(request.url())
  })
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text()) // JupyterLab warns of itself
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`${site}notebooks/index.html?path=${path}`)
  await untilReady(page)
  const outputs = (cell: number): Promise<Output[]> =>
    page.evaluate((cell) => {
      const { widgets } = window.jupyterapp!.shell.currentWidget.content
      return widgets.filter(({ model }) => model.type === 'code')[cell].model.outputs.toJSON() as Output[]
    }, cell)
  const run = async (cell: number): Promise<Output[]> => {
    await page.evaluate(async (cell) => {
      const { shell, commands } = window.jupyterapp!
      const { content } = shell.currentWidget
      const code = content.widgets.filter(({ model }) => model.type === 'code')
      content.activeCellIndex = content.widgets.indexOf(code[cell])
      await commands.execute('notebook:run-cell')
    }, cell)
    return outputs(cell)
  }
  return {
    page,
    requests,
    complaints,
    run,
    async runCode(code, cell = 0) {
      await page.evaluate(
        ({ code, cell }) => {
          const { widgets } = window.jupyterapp!.shell.currentWidget.content
          widgets.filter(({ model }) => model.type === 'code')[cell].model.sharedModel.setSource(code)
        },
        { code, cell }
      )
      return run(cell)
    },
    outputs,
    close: () => context.close()
  }
}

/** Waits until the notebook on the page has a kernel that listens. */
export async function untilReady(page: Page): Promise<void> {
  await page.waitForSelector('.jp-Notebook .jp-Cell')
  await page.waitForFunction(() => {
    const kernel = window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel
    return kernel?.status === 'idle' && kernel.connectionStatus === 'connected'
  })
}
