import papaparse from 'papaparse'
import type { Environment, VisitedStates } from 'radgrad'

/**
 * Returns the demonstrations in a table, as `readDemonstrations` tells.
 *
 * @throws Error that names the row and the column of what is no number, and the row in which an episode comes back; TypeError for what is no task
 */
export function demonstrationsIn(text: string, file: string, task: Environment): VisitedStates {
  if (!Object(task).observationSize) throw new TypeError(`give a task, as rg.loadEnvironment gives, not ${task}`)
  const { observationSize: m, actionSize: n, name } = task
  const { names, rows } = readTable(text, file)
  const episode = names.indexOf('episode')
  const given = rows.map((row) => row.filter((_, column) => column !== episode))
  if (given[0].length !== m + n)
    throw new Error(`${file} has the columns ${names}: ${name} has states of ${m} numbers and actions of ${n}`)
  const lengths = new Map<number, number>()
  const episodes = rows.map((row) => row[episode] ?? 0)
  for (const [i, which] of episodes.entries()) {
    if (i > 0 && which !== episodes[i - 1] && lengths.has(which))
      throw new Error(`${file}: episode ${which} comes back in row ${i + 1}: sort the rows by episode`)
    lengths.set(which, (lengths.get(which) ?? 0) + 1)
  }
  const part = (from: number, to: number) => Float32Array.from(given.flatMap((row) => row.slice(from, to)))
  return { rows: rows.length, observations: part(0, m), actions: part(m, m + n), lengths: [...lengths.values()] }
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
      if (column < names.length && cell.trim() !== '' && Number.isFinite(Math.fround(Number(cell)))) return Number(cell)
      throw new Error(`${file}: '${cell}' in row ${row + 1}, column ${names[column] ?? column + 1}, is no number`)
    })
  )
  if (rows.length === 0) throw new Error(`${file} has no row of numbers below the line of names`)
  return { names: names.map((name) => name.trim()), rows }
}
