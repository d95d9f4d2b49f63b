import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Job as Queued, WaitingError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { encodeRecord, numerics } from '../experiments/record'
import { aborted } from '../workers/aborted'
import type { PackedModel } from '../workers/job'
import { openPool } from '../workers/pool'
import type { Address } from './address'
import { connect } from './connection'
import { once } from './once'
import { tellRefused } from './refused'
import { prefix, type QueuedRun, queueName, readExpert } from './runs'

/** What is heard of a worker's runs. */
export interface Told {
  /** @param seconds since it was taken */
  done(run: QueuedRun, seconds: number): void
  failed(run: QueuedRun, error: Error): void
  /** A run was begun here, and is left to others. */
  left(run: QueuedRun): void
  /** Something to be known that is of no one run. */
  notice(words: string): void
}

/**
 * Milliseconds that a worker may be silent before its run is given to another, and between two looks for such; a run that so
 * many workers fell silent over is given up.
 */
const liveness = { lockDuration: 30_000, stalledInterval: 5_000, maxStalledCount: 5 }

/** Milliseconds to give runs back in at the end: with Redis away that is in vain, and they are missed in time. */
const patience = 5000

/**
 * Does the runs of a queue, so many at a time, in processes of this machine, until it is told to end; then gives back what is
 * not done.
 *
 * @throws the signal's reason when aborted; Error when Redis cannot be reached to begin with, or has runs of other numerics
 */
export async function serve(address: Address, concurrency: number, told: Told, signal: AbortSignal): Promise<never> {
  const redis = await connect(address, told.notice, signal)
  const pool = openPool(concurrency)
  const refused = new AbortController()
  const stop = AbortSignal.any([signal, refused.signal])
  const expertOf = expertsFrom(redis)
  const tell = once(told.notice)

  async function compute(run: Queued<QueuedRun, string>, token?: string, lost?: AbortSignal): Promise<string> {
    const { data } = run
    try {
      if (data.numerics !== numerics) await refuse(data.numerics)
      const job = { ...data, expert: await expertOf(data.protocol.expert) }
      // of a run that is lost, that is told elsewhere
      const progress = (iteration: number): void => void run.updateProgress(iteration).catch(() => {})
      return encodeRecord(await pool.run(job, progress, lost ? AbortSignal.any([stop, lost]) : stop))
    } catch (error) {
      if (!stop.aborted && !lost?.aborted) throw error
      // who has lost it has nothing to give back
      await run.moveToWait(token).catch(() => {})
      told.left(data)
      throw new WaitingError()
    }
  }

  /** A worker of other numerics is of no use here: it ends, and those who wait for workers hear of it. */
  async function refuse(found: number): Promise<never> {
    await tellRefused(
      redis,
      `a worker on ${hostname()} was sent away: it is of numerics ${numerics}, the runs of ${found}`
    )
    refused.abort(
      new Error(
        `${address.place} has runs of numerics ${found}, and this is ${numerics}: install the version that submitted them`
      )
    )
    throw refused.signal.reason
  }

  const worker = new Worker<QueuedRun, string>(queueName, compute, {
    connection: redis,
    prefix,
    concurrency,
    ...liveness
  })
  worker.on('completed', ({ data, processedOn = 0, finishedOn = 0 }) =>
    told.done(data, (finishedOn - processedOn) / 1000)
  )
  worker.on('failed', (run, error) => run && told.failed(run.data, error))
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id)
  })
  worker.on('error', (error) => {
    // while Redis is away that is all that there is to be told, and told already
    if (redis.status !== 'ready' || 'syscall' in error) return
    tell(isForgotten(error) ? `${address.place} has forgotten what is done here: it is left to others` : error.message)
  })
  try {
    return await aborted(stop)
  } finally {
    await Promise.race([worker.close(), sleep(patience, undefined, { ref: false })])
    redis.disconnect()
    await pool.end()
  }
}

/** BullMQ's numbers below zero say that a run is not this worker's, or not there. */
const isForgotten = (error: Error): boolean =>
  ('code' in error && Number(error.code) < 0) || error.message.startsWith('could not renew lock')

/** Each is read once. */
function expertsFrom(redis: Redis): (fingerprint: string) => Promise<PackedModel> {
  const experts = new Map<string, PackedModel>()
  return async (fingerprint) => {
    const expert = experts.get(fingerprint) ?? (await readExpert(redis, fingerprint))
    experts.set(fingerprint, expert)
    return expert
  }
}
