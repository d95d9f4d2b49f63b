import papaparse from 'papaparse'
import type { Environment, VisitedStates } from 'radgrad'

/**
 * Returns the demonstrations in a table, as `readDemonstrations` tells.
 *
 * @throws Error that names the row and the column of what is no number
 */
export function demonstrationsIn(text: string, file: string, task: Environment): VisitedStates {
  const { observationSize: m, actionSize: n, name } = task
  const { names, rows } = readTable(text, file)
  const episode = names.indexOf('episode')
  const given = rows.map((row) => row.filter((_, column) => column !== episode))
  if (given[0].length !== m + n)
    throw new Error(`${file} has the columns ${names}: ${name} has states of ${m} numbers and actions of ${n}`)
  const lengths: number[] = []
  rows.forEach((row, i) => {
    if (i > 0 && row[episode] === rows[i - 1][episode]) lengths[lengths.length - 1] += 1
    else lengths.push(1)
  })
  const part = (from: number, to: number) => Float32Array.from(given.flatMap((row) => row.slice(from, to)))
  return { rows: rows.length, observations: part(0, m), actions: part(m, m + n), lengths }
}

/** Reads a table of numbers in CSV, whatever separates them. Its first line has the names of the columns; lines without a cell are left out. */
function readTable(text: string, file: string) {
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
