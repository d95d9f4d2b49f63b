import type { Environment } from '../environments'
import { host } from '../notebook/host'
import type { VisitedStates } from '../strategies'

/**
 * Reads demonstrations from a table of numbers (CSV, with a line of names): a row for each state, with its entries in the order of the task's,
 * then those of the expert's action. A column named `episode`, wherever it stands, tells episodes apart; without it all rows are one.
 *
 * @throws Error that names the file, and the row and the column of what is no number
 */
export async function readDemonstrations(file: string, task: Environment): Promise<VisitedStates> {
  const { observationSize: m, actionSize: n, name } = task
  const { names, rows } = host().readTable(new TextDecoder().decode(await host().readFile(file)), file)
  const episode = names.indexOf('episode')
  const given = rows.map((row) => row.filter((_, column) => column !== episode))
  if (given[0]?.length !== m + n)
    throw new Error(`${file} has the columns ${names}: ${name} has states of ${m} numbers and actions of ${n}`)
  const lengths: number[] = []
  rows.forEach((row, i) => {
    if (i > 0 && row[episode] === rows[i - 1][episode]) lengths[lengths.length - 1] += 1
    else lengths.push(1)
  })
  const part = (from: number, to: number) => Float32Array.from(given.flatMap((row) => row.slice(from, to)))
  return { rows: rows.length, observations: part(0, m), actions: part(m, m + n), lengths }
}
