/** `radgrad pack`: packs the records of a folder, a file for each task and strategy. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Command } from '@commander-js/extra-typings'
import * as rg from 'radgrad'
import { packEnding } from 'radgrad/dist/internal.js'
import { writeAtomically } from '../files.ts'
import { encodePack } from '../pack.ts'
import * as options from './options.ts'

const command = () =>
  new Command('pack')
    .description(
      'Packs the records of a folder, a file for each task and strategy, and deletes the files of single runs.'
    )
    .addOption(options.results())

export const packCommand = (signal: AbortSignal) => command().action(({ results }) => pack(results, signal))

/** Writes every pack before it deletes what is packed: a folder interrupted in between has some records twice. */
async function pack(folder: string, signal: AbortSignal): Promise<void> {
  const { records, unusable } = await rg.readResults(folder)
  if (unusable.size > 0) {
    const [[file, why]] = unusable
    throw new Error(`${join(folder, file)}: ${why}; move it away, then pack`)
  }
  const packs = new Map<string, rg.RunRecord[]>()
  for (const [, record] of [...records].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { environment, strategy } = record.protocol
    const name = `${environment}-${strategy}${packEnding}`
    packs.set(name, [...(packs.get(name) ?? []), record])
  }
  for (const [name, packed] of packs) {
    signal.throwIfAborted()
    await writeAtomically(join(folder, name), gzipSync(encodePack(packed), { level: 9 }))
  }
  for (const name of await readdir(folder)) if (records.has(name)) await rm(join(folder, name))
  console.log(`${records.size} records in ${packs.size} packs in ${folder}`)
}
