/** Makes records of runs, and their text, which `lib/record.ts` describes and reads. */
import type { Outcome, RunRecord } from 'radgrad'
import { hash, numericsVersion, recordFormat } from 'radgrad/dist/internal.js'

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
