/** The submitter's side of the queue. */
import { EventEmitter, on } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Queue, QueueEvents, type QueueEventsListener } from 'bullmq'
import type { Redis } from 'ioredis'
import pMap from 'p-map'
import type { RunRecord } from 'radgrad'
import { numericsVersion, recordFileName, recordNamed } from 'radgrad/dist/internal.js'
import type { Compute, Job, Listener } from './job.ts'
import { type Address, aborted, connect, noticeOnce, prefix, type QueuedRun, queueName, saveExperts } from './queue.ts'

/** Seconds for which a record, or the word of a failure, waits to be fetched: a week. */
const kept = { age: 7 * 24 * 3600 }

/** A run that fails is tried again, perhaps on a better machine. */
const options = {
  attempts: 3,
  backoff: { type: 'fixed', delay: 1000 },
  removeOnComplete: kept,
  removeOnFail: kept
}

/** Milliseconds between two counts of the workers, and the number of counts without any that is no chance. */
const [interval, lonely] = [2000, 3]

/** Runs whose state is asked for at a time. */
const atATime = 50

/** The event that a worker publishes when it cannot do what is queued. */
interface RefusalListener extends QueueEventsListener {
  refused(event: { readonly words: string }): void
}

/**
 * Has runs computed by the workers of a queue. BullMQ's events say when to look at a run; its state in Redis decides. So nothing
 * is lost with a connection, with Redis's memory or with this process: each time Redis is back all runs are looked at, those
 * that it forgot are queued again, and the records made meanwhile are fetched.
 */
export const throughQueue =
  (address: Address): Compute =>
  async (jobs, listener, signal) => {
    const redis = await connect(address, listener.notice, signal)
    const queue = new Queue<QueuedRun, string>(queueName, { connection: redis, prefix })
    // errors are those of the connection, which tells them itself
    queue.on('error', () => {})
    const ended = new AbortController()
    const notice = noticeOnce(listener.notice)
    try {
      await Promise.race([
        follow(redis, queue, address.place, jobs, { ...listener, notice }, ended.signal),
        watchWorkers(queue, address.place, notice, ended.signal),
        aborted(signal)
      ])
    } catch (error) {
      if (signal.aborted)
        listener.notice(`what is not done stays in ${address.place}: the same command takes it up again`)
      throw error
    } finally {
      ended.abort()
      redis.disconnect()
    }
  }

/** Returns when all jobs are done or have failed. */
async function follow<J extends Job>(
  redis: Redis,
  queue: Queue<QueuedRun, string>,
  place: string,
  jobs: readonly J[],
  listener: Listener<J>,
  signal: AbortSignal
): Promise<void> {
  const open = new Map<string, J>()
  for (const job of jobs) open.set((await recordFileName(job)).replace(/\.json$/, ''), job)
  await refuseMixture(queue, place)
  // what failed for an earlier submission is to be tried again
  for (const run of await queue.getFailed()) if (run.id && open.has(run.id)) await run.remove()

  /** Asks Redis again until it answers. */
  async function persist<T>(ask: () => Promise<T>): Promise<T> {
    for (;;)
      try {
        return await ask()
      } catch (error) {
        signal.throwIfAborted()
        const { message } = error as Error
        listener.notice(`${place} does not do what it is asked: ${message}; it is asked again and again`)
        await sleep(1000, undefined, { signal })
      }
  }

  async function settle(id: string, job: J): Promise<void> {
    const { protocol, seed } = job
    const found = await persist(() => resultOf(queue, id))
    signal.throwIfAborted()
    if (found === 'lost')
      await persist(() => queue.add('run', { numerics: numericsVersion, protocol, seed }, { ...options, jobId: id }))
    else if (found !== 'pending') {
      open.delete(id)
      if (found instanceof Error) listener.failed(job, found)
      else await listener.done(job, found)
    }
  }

  // emits `look` with the id of a run, or with none for all runs
  const bell = new EventEmitter()
  const looks = on(bell, 'look', { signal })
  const events = await listen(redis, queue, bell)
  events.on('progress', ({ jobId, data }) => {
    const job = open.get(jobId)
    if (job && typeof data === 'number') listener.iteration(job, data)
  })
  events.on<RefusalListener, 'refused'>('refused', ({ words }) => listener.notice(words))
  try {
    bell.emit('look')
    for await (const [only] of looks) {
      if (only === undefined) await persist(() => saveExperts(redis, [...open.values()]))
      const wanted = [...open].filter(([id]) => only === undefined || id === only)
      await pMap(wanted, ([id, job]) => settle(id, job), { concurrency: atATime, signal })
      if (open.size === 0) return
    }
  } finally {
    events.close().catch(() => {})
  }
}

/** Listens to the queue from now on: a bell then says which run to look at, or that a connection is back. */
async function listen(redis: Redis, queue: Queue, bell: EventEmitter): Promise<QueueEvents> {
  const [last] = await redis.xrevrange(queue.keys.events, '+', '-', 'COUNT', 1)
  const events = new QueueEvents(queueName, {
    connection: redis,
    prefix,
    lastEventId: last?.[0] ?? '0',
    blockingTimeout: 1000 // milliseconds that a read may outlast the sweep when Redis is away
  })
  events.on('error', () => {})
  for (const name of ['completed', 'failed', 'removed'] as const)
    events.on(name, ({ jobId }: { jobId: string }) => void bell.emit('look', jobId))
  const lookAtAll = (): void => void bell.emit('look')
  events.getBackend().on('ready', lookAtAll)
  redis.on('ready', lookAtAll)
  return events
}

/** Returns the record of a run, or why it failed or its record is useless, or that the queue is to do it or lacks it. */
async function resultOf(queue: Queue<QueuedRun, string>, id: string): Promise<RunRecord | Error | 'pending' | 'lost'> {
  const run = await queue.getJob(id)
  if (!run) return 'lost'
  if (!run.finishedOn) return 'pending'
  // a completed run may have a reason too, of an earlier attempt
  if (await run.isFailed()) return new Error(run.failedReason)
  return recordNamed(`${id}.json`, run.returnvalue).catch(async (error: Error) => {
    await run.remove()
    return new Error(`the queue’s record is not to be used: ${error.message}; run again`)
  })
}

/** Throws when the queue has runs of other numerics: its workers are of one, so they would all leave. */
async function refuseMixture(queue: Queue<QueuedRun, string>, place: string): Promise<void> {
  const [run] = await queue.getJobs(['active', 'waiting', 'delayed'], 0, 0)
  if (run && run.data.numerics !== numericsVersion)
    throw new Error(
      `${place} still has runs of numerics ${run.data.numerics}, and this is ${numericsVersion}: wait until they are done, or take ` +
        `another of its databases, ${place.replace(/\/\d*$/, '')}/1`
    )
}

/** Tells when no worker is connected. BullMQ has no event for it, so the workers are counted now and then. */
async function watchWorkers(
  queue: Queue,
  place: string,
  notice: (words: string) => void,
  signal: AbortSignal
): Promise<never> {
  for (let alone = 0; ; ) {
    await sleep(interval, undefined, { signal })
    alone = (await queue.getWorkersCount().catch(() => 1)) > 0 ? 0 : alone + 1
    if (alone === lonely) notice(`no worker is connected; start one or more: npx radgrad worker --queue ${place}`)
  }
}
