/** Errors of cells, told with the cell's line. */
import { inspect } from 'node-inspect-extracted'
import type { ErrorContent } from '../messages.ts'

/** The name under which an engine knows the code of a cell. */
export const fileOf = (cell: number): string => `cell-${cell}.ts`

/** A place in a cell, as an error's stack names it. */
interface Place {
  readonly cell: number
  readonly line: number
}

const placePattern = /\bcell-(\d+)\.ts:(\d+)/

/** Returns the places in cells that a stack went through, the innermost first. */
export const cellsIn = (stack = ''): readonly Place[] =>
  stack.split('\n').flatMap((frame): Place[] => {
    const [, cell, line] = placePattern.exec(frame) ?? []
    return cell ? [{ cell: Number(cell), line: Number(line) }] : []
  })

type SourceOf = (cell: number) => string | undefined

/**
 * Describes an error as Jupyter shows it: the message, then the lines of cells that it came through, the innermost first, then its causes.
 *
 * @param sourceOf returns the source of a cell by its number
 */
export function describeError(error: unknown, sourceOf: SourceOf): ErrorContent {
  if (!(error instanceof Error)) {
    const words = inspect(error)
    return { ename: 'Error', evalue: words, traceback: [`Uncaught ${words}`] }
  }
  return { ename: error.name, evalue: error.message, traceback: tracebackOf(error, sourceOf, new Set()) }
}

/** @param told errors told already, one of which may be the cause of another */
function tracebackOf(error: unknown, sourceOf: SourceOf, told: Set<unknown>): string[] {
  if (!(error instanceof Error)) return [inspect(error)]
  const head = `${error.name}: ${error.message}`
  if (told.has(error)) return [head]
  told.add(error)
  const lines = distinct(cellsIn(error.stack)).map(({ cell, line }) => {
    const source = sourceOf(cell)?.split('\n')[line - 1]?.trim()
    return `    at cell [${cell}], line ${line}${source ? `: ${source}` : ''}`
  })
  const inner = (words: string, one: unknown): string[] => {
    const [first, ...rest] = tracebackOf(one, sourceOf, told)
    return [`${words} ${first}`, ...rest]
  }
  return [
    head,
    ...lines,
    ...(error instanceof AggregateError ? error.errors.flatMap((one) => inner('one of its errors:', one)) : []),
    ...(error.cause === undefined ? [] : inner('caused by', error.cause))
  ]
}

const distinct = (places: readonly Place[]): Place[] =>
  places.filter(({ cell, line }, i) => places.findIndex((one) => one.cell === cell && one.line === line) === i)

/** Returns the error of a cell that does not compile, with its line. */
export function describeSyntaxError(error: unknown, source: string): ErrorContent {
  const { message = String(error), loc } = Object(error) as { message?: string; loc?: { line: number } }
  const words = message.replace(/^Error transforming [^:]*: /, '').replace(/ \(\d+:\d+\)$/, '')
  const text = loc && source.split('\n')[loc.line - 1]?.trim()
  const place = loc ? [`    at line ${loc.line}${text ? `: ${text}` : ''}`] : []
  return { ename: 'SyntaxError', evalue: words, traceback: [`SyntaxError: ${words}`, ...place] }
}
