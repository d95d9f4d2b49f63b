/** Errors of cells, told with the cell's line. */
import type { ErrorContent } from '../messages.ts'

/** The name under which an engine knows the code of a cell. */
export const fileOf = (cell: number): string => `cell-${cell}.ts`

/** A place in a cell, as an error's stack names it. */
interface Place {
  readonly cell: number
  readonly line: number
}

const placePattern = /\bcell-(\d+)\.ts:(\d+)/

/**
 * Describes an error as Jupyter shows it: the message, then the lines of cells that it came through, the innermost first.
 *
 * @param sourceOf returns the source of a cell by its number
 */
export function describeError(error: unknown, sourceOf: (cell: number) => string | undefined): ErrorContent {
  const {
    name: ename,
    message: evalue,
    stack = ''
  } = error instanceof Error ? error : { name: 'Error', message: String(error) }
  const places = stack.split('\n').flatMap((frame): Place[] => {
    const [, cell, line] = placePattern.exec(frame) ?? []
    return cell ? [{ cell: Number(cell), line: Number(line) }] : []
  })
  const lines = distinct(places).map(({ cell, line }) => {
    const source = sourceOf(cell)?.split('\n')[line - 1]?.trim()
    return `    at cell [${cell}], line ${line}${source ? `: ${source}` : ''}`
  })
  return { ename, evalue, traceback: [`${ename}: ${evalue}`, ...lines] }
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
