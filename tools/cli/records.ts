/** Computes the runs that have no record yet, and records them. */
import { mkdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import * as rg from 'radgrad'
import { writeAtomically } from '../files.ts'
import type { Compute, Job } from '../sweep/job.ts'
import { foldersOf } from '../sweep/points.ts'
import { onThisMachine } from '../sweep/pool.ts'
import { duration } from '../sweep/recorded.ts'
import { writeRecord } from '../sweep/write-record.ts'
import { print, warn } from './progress.ts'
import { work } from './work.ts'

/** A run, the name of its record, and the folder of that, if it is not that of all. */
export interface Wanted extends Job {
  readonly name: string
  readonly folder?: string | undefined
}

export async function computeOf({
  queue,
  workers = availableParallelism()
}: {
  queue?: string | undefined
  workers?: number | undefined
}): Promise<Compute> {
  if (queue === undefined) return onThisMachine(workers)
  const [{ addressOf }, { throughQueue }] = await Promise.all([
    import('../sweep/queue.ts'),
    import('../sweep/submit.ts')
  ])
  return throughQueue(addressOf(queue))
}

/**
 * Computes the runs that have no record in a folder.
 *
 * @throws Error when some failed, or have a record that cannot be used; the others are recorded
 */
export async function computeMissing(
  folder: string,
  wanted: readonly Wanted[],
  compute: Compute,
  signal: AbortSignal
): Promise<void> {
  const within = ({ folder: own = '' }: Wanted): string => join(folder, own)
  const has = new Set<string>()
  const unusable = new Set<string>()
  for (const place of new Set(wanted.length > 0 ? wanted.map(within) : [folder])) {
    await mkdir(place, { recursive: true }).catch((error: Error) => cannotWrite(place, error))
    const itself = (await foldersOf(place)).filter((one) => one === place)
    const found = await rg.readResults(...itself).catch(async (error: Error) => {
      await checkWritable(place)
      throw error
    })
    for (const name of found.records.keys()) has.add(join(place, name))
    for (const [file, why] of found.unusable) {
      warn(`${join(place, file)} is left alone: ${why}`)
      unusable.add(join(place, file))
    }
  }
  const pathOf = (run: Wanted): string => join(within(run), run.name)
  const blocked = wanted.filter((run) => unusable.has(pathOf(run)))
  const missing = wanted.filter((run) => !has.has(pathOf(run)) && !unusable.has(pathOf(run)))
  const there = wanted.length - blocked.length - missing.length
  print(
    `${there} of ${wanted.length} runs are recorded in ${folder}${missing.length > 0 ? `, ${missing.length} to go` : ''}`
  )

  for (const place of new Set(missing.map(within))) await checkWritable(place)
  const failures = await work(missing, compute, (run, record) => save(within(run), record), signal)
  if (failures > 0)
    throw new Error(
      `${failures} of ${missing.length} runs failed${failures < wanted.length ? '; the others are recorded' : ''}`
    )
  if (blocked.length > 0)
    throw new Error(
      `${blocked.length} of ${wanted.length} runs have no record to be used; move ${blocked.map(({ name }) => name).join(', ')} away and run again`
    )
}

/** Throws when a folder cannot be written to, before anything is computed for it. */
async function checkWritable(folder: string): Promise<void> {
  const probe = join(folder, `.radgrad-${process.pid}`)
  await writeAtomically(probe, '').catch((error: Error) => cannotWrite(folder, error))
  await rm(probe)
}

async function save(folder: string, record: rg.RunRecord): Promise<string> {
  await writeRecord(folder, record).catch((error: Error) => cannotWrite(folder, error))
  const { queries, loss, lossSd } = rg.finalIteration(record.outcome)
  return `${queries} queries, loss ${loss.toFixed(2)} ± ${lossSd.toFixed(2)}, ${duration(record).toFixed(0)} s`
}

function cannotWrite(folder: string, error: Error): never {
  throw new Error(`${folder} cannot be written to: ${error.message}; what was recorded stays`)
}
