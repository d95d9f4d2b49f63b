import { setTimeout as sleep } from 'node:timers/promises'
import { numerics, type RunRecord } from '../experiments/record'
import { aborted } from '../workers/aborted'
import type { Compute, Listener } from '../workers/compute'
import type { Job } from '../workers/job'
import type { Address } from './address'
import { type Board, openBoard } from './board'
import { connect } from './connection'
import { once } from './once'
import { runId } from './runs'

/** Milliseconds between two looks at the queue. */
const interval = 1000

/** That many looks in a row without any worker are no chance. */
const lonely = 5

/** Results that are taken at a look. */
const handful = 50

/**
 * Has runs computed by the workers of a queue. Nothing is lost with the connection, with Redis's memory or with this process:
 * what is neither done nor waiting is put there again, and what was done without it is there to be taken.
 */
export const throughQueue =
  (address: Address): Compute =>
  async (jobs, listener, signal) => {
    const redis = await connect(address, listener.notice, signal)
    const stop = new AbortController()
    try {
      await Promise.race([follow(openBoard(redis), address.place, jobs, listener, stop.signal), aborted(signal)])
    } catch (error) {
      if (signal.aborted)
        listener.notice(`what is not done stays in ${address.place}: the same command takes it up again`)
      throw error
    } finally {
      stop.abort()
      redis.disconnect()
    }
  }

/** Until all jobs are done or have failed. */
async function follow<J extends Job>(
  board: Board,
  place: string,
  jobs: readonly J[],
  listener: Listener<J>,
  signal: AbortSignal
): Promise<void> {
  const open = new Map<string, J>()
  for (const job of jobs) open.set(await runId(job), job)
  await refuseMixture(board, place)
  // what failed for a submission of before is to be tried again
  for (const id of await board.failed()) if (open.has(id)) await board.remove(id)

  const tell = once(listener.notice)
  const watch = watchWorkers(board, place, tell)
  const look = async (): Promise<Map<string, RunRecord | Error>> => {
    const [pending, completed, failed] = [await board.pending(), await board.completed(), await board.failed()]
    const settled = (id: string): boolean => completed.has(id) || failed.has(id)
    const lost = [...open].filter(([id]) => !pending.has(id) && !settled(id))
    if (lost.length > 0) await board.add(new Map(lost))
    for (const [id, iteration] of await board.iterations()) {
      const job = open.get(id)
      if (job) listener.iteration(job, iteration)
    }
    await watch()
    return board.results([...open.keys()].filter(settled).slice(0, handful))
  }

  while (open.size > 0) {
    const results = await look().catch((error: Error) => {
      signal.throwIfAborted()
      tell(`${place} does not do what it is asked: ${error.message}; it is asked again and again`)
      return new Map<string, never>()
    })
    for (const [id, result] of results) {
      signal.throwIfAborted()
      const job = open.get(id)!
      open.delete(id)
      if (result instanceof Error) listener.failed(job, result)
      else await listener.done(job, result)
    }
    if (results.size === 0) await sleep(interval, undefined, { signal })
  }
}

/** Workers are of one numerics, so runs of two would have them all leave. */
async function refuseMixture(board: Board, place: string): Promise<void> {
  const other = await board.numerics()
  if (other !== undefined && other !== numerics)
    throw new Error(
      `${place} still has runs of numerics ${other}, and this is ${numerics}: wait until they are done, or take another ` +
        `of its databases, ${place.replace(/\/\d*$/, '')}/1`
    )
}

/** Tells, when that is so, that nobody does the work, and who was not let to. */
function watchWorkers(board: Board, place: string, tell: (words: string) => void): () => Promise<void> {
  let alone = 0
  return async () => {
    for (const words of await board.refusals()) tell(words)
    alone = (await board.workers()) > 0 ? 0 : alone + 1
    if (alone === lonely) tell(`no worker is connected; start one or more: npx radgrad worker --queue ${place}`)
  }
}
