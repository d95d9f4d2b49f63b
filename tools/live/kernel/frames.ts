/** Danfo's input and output in a page: the same functions as in Node, over the site's files and downloads. */
import { DataFrame, type NDframe } from 'danfojs-node/dist/danfojs-base/index.js'
import { parse } from 'papaparse'
import { writeFile } from './host.ts'
import { readFile } from './site.ts'

interface Reading {
  readonly frameConfig?: { readonly dtypes?: string[] }
}

interface Writing {
  readonly filePath?: string
}

type Frame = InstanceType<typeof NDframe>

const text = async (path: string): Promise<string> => new TextDecoder().decode(await readFile(path))

export async function readCSVNode(path: string, { frameConfig = {}, ...options }: Reading = {}): Promise<Frame> {
  const typed = !frameConfig.dtypes?.includes('string')
  const settings = { header: true, dynamicTyping: typed, delimiter: ',', skipEmptyLines: 'greedy' as const, ...options }
  const { data, errors } = parse<object>(await text(path), settings)
  if (errors.length > 0) throw new Error(`${path} is no CSV: ${errors.map(({ message }) => message).join(', ')}`)
  return new DataFrame(data, frameConfig)
}

export async function readJSONNode(path: string, { frameConfig = {} }: Reading = {}): Promise<Frame> {
  return new DataFrame(JSON.parse(await text(path)), frameConfig)
}

/** Returns the text, or makes a download of it. */
export function toCSVNode(
  frame: Frame,
  { filePath, sep = ',', header = true }: Writing & { readonly sep?: string; readonly header?: boolean } = {}
): string | undefined {
  const rows = frame.$isSeries ? [frame.values] : [...(header ? [frame.columns] : []), ...frame.values]
  const csv = rows.map((row) => [row].flat().join(sep)).join('\n') + (frame.$isSeries ? '' : '\n')
  return handOver(filePath, '.csv', csv, csv)
}

/** Returns the value, or makes a download of it. */
export function toJSONNode(
  frame: Frame,
  { filePath, format = 'column' }: Writing & { readonly format?: 'column' | 'row' } = {}
): object | undefined {
  const { columns, values } = frame
  const column = (i: number): unknown[] => values.map((row) => [row].flat()[i])
  const byColumn = (): object =>
    Object.fromEntries(frame.$isSeries ? [[columns[0], values]] : columns.map((name, i) => [name, column(i)]))
  const byRow = (): object => values.map((row) => Object.fromEntries(columns.map((name, i) => [name, [row].flat()[i]])))
  const json = frame.$isSeries || format === 'row' ? byColumn() : byRow()
  return handOver(filePath, '.json', json, JSON.stringify(json))
}

function handOver<T>(path: string | undefined, ending: string, value: T, contents: string): T | undefined {
  if (path === undefined) return value
  void writeFile(path.endsWith(ending) ? path : `${path}${ending}`, contents)
  return undefined
}

const refusing = (name: string) => (): never => {
  throw new Error(
    `${name} works on files of a computer, which a page has none of: use readCSV, readJSON, toCSV or toJSON`
  )
}

export const readExcelNode = refusing('readExcel')
export const toExcelNode = refusing('toExcel')
export const streamCSVNode = refusing('streamCSV')
export const streamJSONNode = refusing('streamJSON')
export const openCsvInputStreamNode = refusing('openCsvInputStream')
export const writeCsvOutputStreamNode = refusing('writeCsvOutputStream')
