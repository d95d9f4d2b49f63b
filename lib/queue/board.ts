/** The queue as a submitter sees it: runs, by their ids, and what has become of them. */
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { numerics, type RunRecord } from '../experiments/record'
import { recordNamed } from '../files/results'
import type { Job } from '../workers/job'
import { refusals } from './refused'
import { prefix, type QueuedRun, queueName, saveExpert } from './runs'

type Ids = ReadonlySet<string>

export interface Board {
  /** What is neither done nor given up. */
  pending(): Promise<Ids>
  completed(): Promise<Ids>
  failed(): Promise<Ids>
  /** Puts runs there, with their experts; those that are there already stay as they are. */
  add(jobs: ReadonlyMap<string, Job>): Promise<void>
  /** Nothing for a run that is being computed, or is not there. */
  remove(id: string): Promise<void>
  /**
   * The records of completed runs, or why they failed; those are left out that are not there any more. A record that is not
   * to be used is removed.
   */
  results(ids: readonly string[]): Promise<Map<string, RunRecord | Error>>
  /** How many iterations those have done that are being computed. */
  iterations(): Promise<ReadonlyMap<string, number>>
  /** How many workers are connected. */
  workers(): Promise<number>
  /** The numerics of what is pending. */
  numerics(): Promise<number | undefined>
  /** What is to be told of workers that were sent away. */
  refusals(): Promise<string[]>
}

/** Seconds that a record, or the word of a failure, waits for whoever wants it: a week. */
const kept = { age: 7 * 24 * 3600 }

/** A run that fails is tried again, perhaps on a better machine. */
const retries = { attempts: 3, backoff: { type: 'fixed', delay: 1000 } } as const

const unfinished = ['active', 'waiting', 'delayed'] as const

export function openBoard(redis: Redis): Board {
  const queue = new Queue<QueuedRun, string>(queueName, { connection: redis, prefix })
  queue.on('error', () => {}) // they are the connection's, which is watched where it was made

  const ids = async (...types: Parameters<typeof queue.getRanges>[0]): Promise<Ids> =>
    new Set(await queue.getRanges(types, 0, -1))

  async function result(id: string): Promise<RunRecord | Error | undefined> {
    const run = await queue.getJob(id)
    if (!run?.finishedOn) return undefined
    // a completed one may have a reason, too: of an attempt before
    if (await run.isFailed()) return new Error(run.failedReason)
    return recordNamed(`${id}.json`, run.returnvalue).catch(async (error: Error) => {
      await run.remove()
      return new Error(`the queue’s record is not to be used: ${error.message}; run again`)
    })
  }

  return {
    pending: () => ids(...unfinished),
    completed: () => ids('completed'),
    failed: () => ids('failed'),
    async results(ids) {
      const results = new Map<string, RunRecord | Error>()
      for (const id of ids) {
        const found = await result(id)
        if (found) results.set(id, found)
      }
      return results
    },
    async add(jobs) {
      const experts = new Map([...jobs.values()].map((job) => [job.protocol.expert, job]))
      for (const job of experts.values()) await saveExpert(redis, job)
      await queue.addBulk(
        [...jobs].map(([jobId, { protocol, seed }]) => ({
          name: 'run',
          data: { numerics, protocol, seed },
          opts: { ...retries, jobId, removeOnComplete: kept, removeOnFail: kept }
        }))
      )
    },
    async remove(id) {
      await queue.remove(id)
    },
    async iterations() {
      const active = await queue.getActive()
      return new Map(active.flatMap(({ id, progress }) => (id && typeof progress === 'number' ? [[id, progress]] : [])))
    },
    workers: () => queue.getWorkersCount(),
    async numerics() {
      const [run] = await queue.getJobs([...unfinished], 0, 0)
      return run?.data.numerics
    },
    refusals: () => refusals(redis)
  }
}
