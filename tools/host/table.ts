/** Tables as text, for spreadsheets and papers. */
import papaparse from 'papaparse'
import type { Frame } from 'radgrad'

/**
 * Returns a table as CSV, or as a `tabular` of LaTeX by the package booktabs. Its index is the first column, unless it only counts rows.
 *
 * A cell that is null stays empty.
 *
 * @throws TypeError for what is no table, with an entry of the index for each row, and for a row of another length than the columns
 */
export function tableText({ columns, index, values }: Frame, format: 'csv' | 'tex'): string {
  if (![columns, index, values].every(Array.isArray))
    throw new TypeError(
      'a table has columns, index and values, as lists: a dfd.DataFrame, or { columns, index, values }'
    )
  const given = values as unknown[]
  if (index.length !== given.length)
    throw new TypeError(`the table has ${given.length} rows, and its index ${index.length} entries: give one for each`)
  const counts = index.every((name, i) => name === i)
  const rows = given.map((row, i): unknown[] =>
    [...(counts ? [] : [index[i]]), ...[row].flat()].map((cell) => cell ?? '')
  )
  const head = [...(counts ? [] : ['']), ...columns]
  const short = rows.findIndex(({ length }) => length !== head.length)
  if (short >= 0)
    throw new TypeError(`row ${short} of the table has ${rows[short].length} cells, and ${head.length} columns`)
  if (format === 'csv') return `${papaparse.unparse([head, ...rows], { newline: '\n' })}\n`
  const line = (cells: readonly unknown[]): string => `${cells.map(inLatex).join(' & ')} \\\\`
  const aligned = head.map((_, c) => (rows.every((row) => row[c] === '' || isNumber(row[c])) ? 'r' : 'l')).join('')
  const body = [line(head), '\\midrule', ...rows.map(line)]
  return [
    '% Needs the package booktabs.',
    `\\begin{tabular}{${aligned}}`,
    '\\toprule',
    ...body,
    '\\bottomrule',
    '\\end{tabular}',
    ''
  ].join('\n')
}

/** Tests whether a cell is a number, or begins with one as an estimate does: `0.81 (0.74 … 0.89)`. */
const isNumber = (cell: unknown): boolean => /^[-−]?\d/.test(String(cell))

const escapes: Readonly<Record<string, string>> = {
  ...{ '\\': '\\textbackslash{}', '~': '\\textasciitilde{}', '^': '\\textasciicircum{}', '…': '\\dots{}' },
  ...{ '±': '$\\pm$', '−': '$-$', τ: '$\\tau$', ε: '$\\varepsilon$' }
}

/** Writes a cell so that LaTeX prints it as it is. */
const inLatex = (cell: unknown): string =>
  String(cell)
    .replace(/[\\~^…±−τε]|[&%$#_{}]/g, (letter) => escapes[letter] ?? `\\${letter}`)
    .replace(/^-(?=\d)/, '$-$')
