/** Folders of records, one file a run. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeRecord, encodeRecord, numerics, protocolHash, type RunRecord } from '../experiments/record'
import { writeAtomically } from './atomic'

export interface Results {
  /** By the names of their files. */
  readonly records: ReadonlyMap<string, RunRecord>
  /** Files that are not to be used, with the reason: damaged, foreign or stale. */
  readonly unusable: ReadonlyMap<string, string>
}

/** What a run's record is called: by task, strategy, seed and the hash of the protocol. */
export async function recordName({ protocol, seed }: Pick<RunRecord, 'protocol' | 'seed'>): Promise<string> {
  const { environment, strategy } = protocol
  return `${environment}-${strategy}-seed-${seed}-${(await protocolHash(protocol)).slice(0, 8)}.json`
}

/**
 * Reads the records of some folders, of those of one name the last folder's; there are none where there is no folder.
 *
 * @throws Error for a folder that cannot be read
 */
export async function readResults(...folders: readonly string[]): Promise<Results> {
  const records = new Map<string, RunRecord>()
  const unusable = new Map<string, string>()
  for (const folder of folders)
    for (const name of await filesOf(folder)) {
      try {
        records.set(name, await recordNamed(name, await readFile(join(folder, name), 'utf8')))
        unusable.delete(name)
      } catch (error) {
        unusable.set(name, (error as Error).message)
        records.delete(name)
      }
    }
  return { records, unusable }
}

/** Writes a record whole or not at all, under its name. */
export async function writeRecord(folder: string, record: RunRecord): Promise<void> {
  await writeAtomically(join(folder, await recordName(record)), encodeRecord(record))
}

/**
 * The record in a text, which is to be of that name.
 *
 * @throws Error that begins with what is wrong, `damaged`, `stale` or `foreign`
 */
export async function recordNamed(name: string, text: string): Promise<RunRecord> {
  const record = await decodeRecord(text)
  if (record.numerics !== numerics)
    throw new Error(`stale: made by numerics ${record.numerics}, and this is ${numerics}`)
  const itself = await recordName(record)
  if (itself !== name) throw new Error(`foreign: by its contents it is ${itself}`)
  return record
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new Error(`the results in ${folder} cannot be read: ${(error as Error).message}`)
  }
}
