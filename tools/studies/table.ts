import { existsSync, readFileSync } from 'node:fs'
import { writeAtomically } from '../files.ts'
import { inRoot } from '../setup/root.mjs'

/** A cell of a CSV file; undefined and NaN are left empty. */
type Cell = string | number | undefined

const format = (cell: Cell): string => {
  if (cell === undefined || Number.isNaN(cell)) return ''
  return typeof cell === 'string' || Number.isInteger(cell) ? String(cell) : cell.toPrecision(6)
}

/**
 * Opens a CSV file of data/, to which the rows of a run are added as soon as they are there.
 *
 * @param keys how many of the columns name a run
 */
export function openTable(name: string, columns: readonly string[], keys: number) {
  const file = inRoot('data', name)
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(1) : []
  const key = (cells: readonly Cell[]): string => cells.slice(0, keys).join()
  const done = new Set(lines.map((line) => key(line.split(','))))
  return {
    has: (...run: readonly Cell[]): boolean => done.has(run.join()),
    async add(rows: readonly (readonly Cell[])[]): Promise<void> {
      lines.push(...rows.map((row) => row.map(format).join()))
      lines.sort()
      await writeAtomically(file, `${[columns.join(), ...lines].join('\n')}\n`)
      console.log(`${name}: ${key(rows[0])}`)
    }
  }
}
