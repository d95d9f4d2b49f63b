import { join } from 'node:path'
import type { RunRecord } from 'radgrad'
import { recordFileName } from 'radgrad/dist/internal.js'
import { writeAtomically } from '../files.ts'
import { encodeRecord } from '../record.ts'

/** Writes a record whole or not at all, under its name. */
export const writeRecord = async (folder: string, record: RunRecord): Promise<void> =>
  writeAtomically(join(folder, await recordFileName(record)), encodeRecord(record))
