/** The library's host in a page: it reads the site, shows below cells, and turns files that are written into downloads. */
import type { Figure, Frame } from 'radgrad'
import type { ExportFormat, Host } from 'radgrad/dist/internal.js'
import { demonstrationsIn } from '../../host/demonstrations.ts'
import { tableText } from '../../host/table.ts'
import { beforeIdle, cell, onInterrupt, post, print } from './running.ts'
import { dataAddress, exists, keep, listFolder, readFile } from './site.ts'

let quick = false

/** Has notebooks compute little, or at the paper's scale, from the next cell on. */
export function setQuick(value: boolean): void {
  quick = value
}

/** Keeps a file for this kernel, and hands it to the reader as a download. */
export async function writeFile(path: string, contents: string | Uint8Array): Promise<void> {
  keep(path, contents)
  const name = path.split('/').at(-1) ?? path
  post({ type: 'download', name, contents })
  print('stdout', `a page writes no files: ${name} is a download, and readable as ${path} until the kernel ends\n`)
}

function berkeleyModel(_: Uint8Array, file: string): never {
  throw new Error(
    `${file}: a page reads no pickles; on a computer, rg.saveModel(folder, await rg.loadExpert(…)) gives a model`
  )
}

async function exported(content: Figure | Frame, format: ExportFormat): Promise<string> {
  if (format === 'csv' || format === 'tex') return tableText(content as Frame, format)
  throw new Error(
    'a page writes no files of figures: its tool bar has a camera; rg.exportFigure on a computer writes SVG, PDF, PNG, HTML'
  )
}

async function sweep(): Promise<never> {
  throw new Error('a page has one processor: rg.experiment runs a protocol here, and rg.sweep does on a computer')
}

export const host: Host = {
  settings: () => ({ data: dataAddress(), quick }),
  readFile,
  exists,
  listFolder,
  writeFile,
  demonstrationsIn,
  berkeleyModel,
  sweep,
  cell,
  beforeIdle,
  onInterrupt,
  picture: () => undefined, // Plotly draws figures in the page itself
  exported
}
