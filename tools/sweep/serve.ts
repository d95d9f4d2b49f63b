/** The worker's side of the queue. */
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { DelayedError, type Job as Queued, QueueEventsProducer, WaitingError, Worker } from 'bullmq'
import { numericsVersion } from 'radgrad/dist/internal.js'
import { encodeRecord } from '../record.ts'
import type { PackedModel } from './job.ts'
import { fileOf, type Own } from './own.ts'
import { openPool } from './pool.ts'
import { type Address, aborted, connect, noticeOnce, prefix, type QueuedRun, queueName, readExpert } from './queue.ts'

/** Hears of a worker's runs. */
export interface Told {
  /** @param seconds since the run was taken */
  done(run: QueuedRun, seconds: number): void
  failed(run: QueuedRun, error: Error): void
  /** A run was begun here, and is left to others. */
  left(run: QueuedRun): void
  /** Tells what concerns no single run. */
  notice(words: string): void
}

/**
 * A worker may be silent for `lockDuration` before its run goes to another, and such runs are looked for each
 * `stalledInterval`, in milliseconds. A run that so many workers fell silent over is given up.
 */
const liveness = { lockDuration: 30_000, stalledInterval: 5_000, maxStalledCount: 5 }

/** Milliseconds in which to give runs back at the end. While Redis is away that is in vain, and they are missed in time. */
const patience = 5000

/** Milliseconds for which a run that cannot be done here is left to others, before it may come here again. */
const absence = 2000

/**
 * Computes the runs of a queue in so many processes of this machine, until it is told to end; then gives back what is not done.
 *
 * @throws the signal's reason once it is aborted; Error when Redis cannot be reached to begin with, or has runs of other numerics
 */
export async function serve(
  address: Address,
  { concurrency, own = [] }: { readonly concurrency: number; readonly own?: readonly Own[] },
  told: Told,
  signal: AbortSignal
): Promise<never> {
  const redis = await connect(address, told.notice, signal)
  const pool = openPool(concurrency)
  const refused = new AbortController()
  const stop = AbortSignal.any([signal, refused.signal])
  const notice = noticeOnce(told.notice)
  const experts = new Map<string, PackedModel>()
  /** Tells the submitters. */
  const tell = (words: string) =>
    new QueueEventsProducer(queueName, { connection: redis, prefix }).publishEvent(
      { eventName: 'refused', words },
      10_000
    )
  const leftToOthers = noticeOnce((words) => {
    told.notice(words)
    tell(words).catch(() => {}) // that Redis is away is told already
  })

  async function expertOf(fingerprint: string): Promise<PackedModel> {
    const expert = experts.get(fingerprint) ?? (await readExpert(redis, fingerprint))
    experts.set(fingerprint, expert)
    return expert
  }

  async function compute(run: Queued<QueuedRun, string>, token?: string, lost?: AbortSignal): Promise<string> {
    const { data } = run
    try {
      if (data.numerics !== numericsVersion) await refuse(data.numerics)
      const file = await fileHere(run, token)
      const job = { ...data, expert: await expertOf(data.protocol.expert), own: file }
      // a run that is lost is told elsewhere
      const iterated = (iteration: number): void => void run.updateProgress(iteration).catch(() => {})
      return encodeRecord(await pool.run(job, iterated, lost ? AbortSignal.any([stop, lost]) : stop))
    } catch (error) {
      if (error instanceof DelayedError || (!stop.aborted && !lost?.aborted)) throw error
      // a worker that lost the run has nothing to give back
      await run.moveToWait(token).catch(() => {})
      told.left(data)
      throw new WaitingError()
    }
  }

  /** Returns the file of a run's strategy, if it is of one; leaves the run to others, uncounted, where it is not here. */
  async function fileHere(run: Queued<QueuedRun, string>, token?: string): Promise<string | undefined> {
    try {
      return fileOf(run.data.protocol, own)
    } catch (error) {
      leftToOthers(`a worker on ${hostname()} leaves runs to others: ${(error as Error).message}`)
      await run.moveToDelayed(Date.now() + absence, token)
      throw new DelayedError()
    }
  }

  /** Ends this worker, which cannot do runs of other numerics, and tells the submitters. */
  async function refuse(found: number): Promise<never> {
    await tell(`a worker on ${hostname()} was sent away: it is of numerics ${numericsVersion}, the runs of ${found}`)
    refused.abort(
      new Error(
        `${address.place} has runs of numerics ${found}, and this is ${numericsVersion}: install the version that submitted them`
      )
    )
    throw refused.signal.reason
  }

  const options = { connection: redis, prefix, concurrency, ...liveness }
  const worker = new Worker<QueuedRun, string>(queueName, compute, options)
  worker.on('completed', ({ data, processedOn = 0, finishedOn = 0 }) =>
    told.done(data, (finishedOn - processedOn) / 1000)
  )
  worker.on('failed', (run, error) => run && told.failed(run.data, error))
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id)
  })
  worker.on('error', (error) => {
    // that Redis is away is told already
    if (redis.status !== 'ready' || 'syscall' in error) return
    notice(
      isForgotten(error) ? `${address.place} has forgotten what is done here: it is left to others` : error.message
    )
  })
  try {
    return await aborted(stop)
  } finally {
    await Promise.race([worker.close(), sleep(patience, undefined, { ref: false })])
    redis.disconnect()
    await pool.end()
  }
}

/** Tells BullMQ's errors of runs that are not this worker's, or not there: their codes are below zero. */
const isForgotten = (error: Error): boolean =>
  ('code' in error && Number(error.code) < 0) || error.message.startsWith('could not renew lock')
