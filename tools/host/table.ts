import papaparse from 'papaparse'

/**
 * Reads a table of numbers in CSV, whatever separates them. Its first line has the names of the columns; lines without a cell are left out.
 *
 * @param file names it in errors
 * @throws Error that names the row and the column of what is no number
 */
export function readTable(text: string, file: string) {
  const { data, errors } = papaparse.parse<string[]>(text, { skipEmptyLines: 'greedy' })
  const fault = errors.find(({ type }) => type === 'Quotes')
  if (fault) throw new Error(`${file} cannot be read: ${fault.message} in row ${fault.row}`)
  const [names = [], ...lines] = data
  const rows = lines.map((cells, row) =>
    Array.from({ length: Math.max(names.length, cells.length) }, (_, column) => {
      const cell = cells[column] ?? ''
      if (column < names.length && cell.trim() !== '' && Number.isFinite(Number(cell))) return Number(cell)
      throw new Error(`${file}: '${cell}' in row ${row + 1}, column ${names[column] ?? column + 1}, is no number`)
    })
  )
  if (rows.length === 0) throw new Error(`${file} has no row of numbers below the line of names`)
  return { names: names.map((name) => name.trim()), rows }
}
