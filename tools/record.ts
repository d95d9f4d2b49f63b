/** Makes and writes records of runs, which `lib/record.ts` describes and reads. */
import { join } from 'node:path'
import type { Outcome, RunRecord } from 'radgrad'
import { hash, numericsVersion, recordFileName, recordFormat } from 'radgrad/dist/internal.js'
import { writeAtomically } from './files.ts'

/** Makes a record: adds format, numerics and checksum. */
export async function sealRecord(record: Omit<RunRecord, 'format' | 'numerics' | 'checksum'>): Promise<RunRecord> {
  const rest = { format: recordFormat, numerics: numericsVersion, ...record } as const
  return { ...rest, checksum: await hash(rest) }
}

/** Writes a record as text, a line for each iteration. */
export function encodeRecord({ outcome, provenance, ...rest }: RunRecord): string {
  const lines = (list: readonly unknown[]): string => `[\n${list.map((item) => JSON.stringify(item)).join(',\n')}\n]`
  const entries = ({ iterations, ...others }: Outcome): string =>
    `{"iterations": ${lines(iterations)},\n${JSON.stringify(others).slice(1)}`
  return `${JSON.stringify(rest).slice(0, -1)},\n"outcome": ${entries(outcome)},\n"provenance": ${JSON.stringify(provenance)}}\n`
}

/** Writes a record whole or not at all, under its name. */
export const writeRecord = async (folder: string, record: RunRecord): Promise<void> =>
  writeAtomically(join(folder, await recordFileName(record)), encodeRecord(record))
