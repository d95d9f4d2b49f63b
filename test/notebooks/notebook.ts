/** The contents of a notebook's file. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'

export interface Figure {
  readonly layout: { readonly title: { readonly subtitle?: { readonly text: string } } }
  readonly data: readonly {
    readonly x?: readonly unknown[]
    readonly y?: readonly unknown[]
    readonly z?: readonly (readonly unknown[])[]
  }[]
}

interface Output {
  readonly output_type: string
  readonly name?: string
  readonly text?: string | string[]
  readonly data?: Bundle
}

interface Bundle {
  readonly 'text/html'?: string | string[]
  readonly 'image/png'?: string
  readonly 'application/vnd.plotly.v1+json'?: Figure
}

export interface Cell {
  readonly cell_type: 'code' | 'markdown'
  readonly source: string | string[]
  readonly execution_count?: number | null
  readonly outputs?: readonly Output[]
}

export async function codeCells(path: string): Promise<Cell[]> {
  const { cells } = JSON.parse(await readFile(path, 'utf8')) as { cells: Cell[] }
  return cells.filter(({ cell_type }) => cell_type === 'code')
}

const outputs = (cells: readonly Cell[]): Output[] => cells.flatMap(({ outputs }) => outputs ?? [])
const joined = (text: string | string[] | undefined): string => [text ?? ''].flat().join('')

/** Returns errors, and warnings on standard error. */
export const complaints = (cells: readonly Cell[]): Output[] =>
  outputs(cells).filter(({ output_type, name }) => output_type === 'error' || name === 'stderr')

export const bundles = (cells: readonly Cell[]): Bundle[] => outputs(cells).flatMap(({ data }) => data ?? [])

export const figures = (cells: readonly Cell[]): Figure[] =>
  bundles(cells).flatMap((bundle) => bundle['application/vnd.plotly.v1+json'] ?? [])

export const tables = (cells: readonly Cell[]): string[] =>
  bundles(cells).flatMap((bundle) => (bundle['text/html'] ? joined(bundle['text/html']) : []))

/** Returns what each cell printed, however many messages it came in. */
export const printed = (cells: readonly Cell[]): string[] =>
  cells.map((cell) =>
    outputs([cell])
      .map(({ text }) => joined(text))
      .join('')
  )

/** @param mayFail numbers of the cells that are tagged as raising an exception */
export const writeNotebook = (path: string, cells: readonly string[], mayFail: readonly number[] = []): Promise<void> =>
  writeFile(
    path,
    JSON.stringify({
      cells: cells.map((source, i) => ({
        cell_type: 'code',
        id: `cell-${i}`,
        metadata: mayFail.includes(i) ? { tags: ['raises-exception'] } : {},
        outputs: [],
        execution_count: null,
        source
      })),
      metadata: { kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' } },
      nbformat: 4,
      nbformat_minor: 5
    })
  )

/** The notebooks that compute for half a minute or more: whole runs, or several. */
export const computing = ['01-supervised-baseline', '02-dagger', '04-radgrad', '06-your-own-strategy']

export const quickNotice = 'quick run: 4 iterations, 10 trials'

/** A quick run left a notebook and its page in a folder, without a complaint, and marked what it computed. */
export async function expectQuick(folder: string, name: string): Promise<void> {
  const cells = await codeCells(join(folder, `${name}.ipynb`))
  expect(complaints(cells)).toEqual([])
  const subtitles = figures(cells).map(({ layout }) => layout.title.subtitle?.text)
  expect(subtitles.length).toBeGreaterThan(0)
  for (const subtitle of subtitles) expect(subtitle?.endsWith(quickNotice), subtitle).toBe(true)
  expect(await readFile(join(folder, `${name}.html`), 'utf8')).toContain(quickNotice)
}
