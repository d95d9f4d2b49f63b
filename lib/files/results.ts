/** Folders of records: one file for each run as sweeps write them, packs of many, or both. */
import { host } from '../notebook/host'
import { decodeRecord, numericsVersion, protocolHash, type RunRecord } from '../record'
import { check, listOf, part, text } from '../util/schema'
import { decodePack, decompress, packEnding } from './pack'

export interface Results {
  /** By the names of their files. */
  readonly records: ReadonlyMap<string, RunRecord>
  /** Files that cannot be used, with the reason: damaged, foreign or stale. */
  readonly unusable: ReadonlyMap<string, string>
}

/** Returns the name of a run's record, made of task, strategy, seed and the hash of the protocol. */
export async function recordFileName({ protocol, seed }: Pick<RunRecord, 'protocol' | 'seed'>): Promise<string> {
  const { environment, strategy } = protocol
  return `${environment}-${strategy.split('@')[0]}-seed-${seed}-${(await protocolHash(protocol)).slice(0, 8)}.json`
}

/**
 * Reads the records in folders. A record in a later folder replaces those of its name in earlier ones, and one in a file of its own
 * the one in a pack beside it.
 *
 * @throws Error that names a folder that is missing or cannot be read
 */
export async function readResults(...folders: readonly string[]): Promise<Results> {
  check(part({ folders: listOf(text) }), 'folders', { folders })
  const records = new Map<string, RunRecord>()
  const unusable = new Map<string, string>()
  for (const folder of folders) {
    const names = (await host().listFolder(folder)).sort()
    const files = [packEnding, '.json'].flatMap((ending) => names.filter((name) => name.endsWith(ending)))
    const other = names.find((name) => !/^\.|\.part$/.test(name))
    if (other && files.length === 0) throw new Error(`${folder} has ${other}, but no record: *${packEnding} or *.json`)
    for (const file of files) {
      unusable.delete(file)
      try {
        for (const [name, record] of await recordsIn(file, await host().readFile(`${folder}/${file}`))) {
          records.set(name, record)
          unusable.delete(name)
        }
      } catch (error) {
        unusable.set(file, (error as Error).message)
        records.delete(file)
      }
    }
  }
  return { records, unusable }
}

async function recordsIn(file: string, bytes: Uint8Array): Promise<Map<string, RunRecord>> {
  if (!file.endsWith(packEnding)) return new Map([[file, await recordNamed(file, new TextDecoder().decode(bytes))]])
  const named = new Map<string, RunRecord>()
  for (const record of await decodePack(await decompress(bytes))) {
    checkNumerics(record)
    named.set(await recordFileName(record), record)
  }
  return named
}

/**
 * Decodes the record in a text, which must have the name given.
 *
 * @throws Error that begins with the fault: `damaged`, `stale` or `foreign`
 */
export async function recordNamed(name: string, text: string): Promise<RunRecord> {
  const record = await decodeRecord(text)
  checkNumerics(record)
  const itself = await recordFileName(record)
  if (itself !== name) throw new Error(`foreign: by its contents it is ${itself}`)
  return record
}

function checkNumerics({ numerics }: RunRecord): void {
  if (numerics !== numericsVersion)
    throw new Error(`stale: made by numerics ${numerics}, and this is ${numericsVersion}`)
}
