/** Tables of `console.table`, as Node draws them. */
import { inspect } from 'node-inspect-extracted'

/** Shows a value in one line: a large object by its name only. */
const cell = (value: unknown): string => {
  const isLarge = isObject(value) && !Array.isArray(value) && Object.keys(value).length > 2
  return inspect(value, { depth: isLarge ? -1 : 0, maxArrayLength: 3, breakLength: Number.POSITIVE_INFINITY })
}
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/**
 * Draws a table of rows.
 *
 * @param columns the columns to show: all that a row has, if not given
 * @returns undefined for what has no rows
 */
export function tableOf(rows: unknown, columns?: readonly string[]): string | undefined {
  if (!isObject(rows)) return undefined
  const iterated = rows instanceof Map || rows instanceof Set
  const entries = iterated ? [...rows].map((row, i) => [String(i), row] as const) : Object.entries(rows)
  const head = [iterated ? '(iteration index)' : '(index)']
  if (rows instanceof Map)
    return draw(
      [...head, 'Key', 'Values'],
      entries.map(([i, [key, value]]) => [i, cell(key), cell(value)])
    )
  const names = columns ?? [...new Set(entries.flatMap(([, row]) => (isObject(row) ? Object.keys(row) : [])))]
  const hasValues = entries.some(([, row]) => !isObject(row))
  const lines = entries.map(([i, row]) => [
    i,
    ...names.map((name) => (isObject(row) && Object.hasOwn(row, name) ? cell(Reflect.get(row, name)) : '')),
    ...(hasValues ? [isObject(row) ? '' : cell(row)] : [])
  ])
  return draw([...head, ...names, ...(hasValues ? ['Values'] : [])], lines)
}

/** Counts characters, of which a surrogate pair is one. */
const widthOf = (text: string): number => [...text].length

function draw(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => widthOf(line[column]))) + 2)
  const row = (line: readonly string[]): string =>
    `│${line.map((text, i) => ` ${text}${' '.repeat(widths[i] - widthOf(text) - 1)}`).join('│')}│`
  const rule = (left: string, between: string, right: string): string =>
    left + widths.map((width) => '─'.repeat(width)).join(between) + right
  return [rule('┌', '┬', '┐'), row(head), rule('├', '┼', '┤'), ...lines.map(row), rule('└', '┴', '┘')].join('\n')
}
