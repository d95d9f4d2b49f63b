/** The contents of a notebook's file. */
import { readFile, writeFile } from 'node:fs/promises'

interface Figure {
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
  readonly data?: { readonly 'text/html'?: string | string[]; readonly 'application/vnd.plotly.v1+json'?: Figure }
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

export const figures = (cells: readonly Cell[]): Figure[] =>
  outputs(cells).flatMap(({ data }) => data?.['application/vnd.plotly.v1+json'] ?? [])

export const tables = (cells: readonly Cell[]): string[] =>
  outputs(cells).flatMap(({ data }) => (data?.['text/html'] ? joined(data['text/html']) : []))

/** Returns what each cell printed, however many messages it came in. */
export const printed = (cells: readonly Cell[]): string[] =>
  cells.map((cell) =>
    outputs([cell])
      .map(({ text }) => joined(text))
      .join('')
  )

export const writeNotebook = (path: string, cells: readonly string[]): Promise<void> =>
  writeFile(
    path,
    JSON.stringify({
      cells: cells.map((source, i) => ({
        cell_type: 'code',
        id: `cell-${i}`,
        metadata: {},
        outputs: [],
        execution_count: null,
        source
      })),
      metadata: { kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' } },
      nbformat: 4,
      nbformat_minor: 5
    })
  )
