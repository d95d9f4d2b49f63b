/** The queue in Redis that submitters and workers share: its address, a connection to it, and what stands in it. */
import { Redis } from 'ioredis'
import type { RecordedProtocol } from 'radgrad'
import type { Job, PackedModel } from './job.ts'

export interface Address {
  /** Holds all that a connection takes, perhaps a password: never to be shown. */
  readonly url: string
  /** The URL without name and password, to be shown. */
  readonly place: string
}

/** A run as it waits for a worker; the worker returns its record as text. */
export interface QueuedRun {
  readonly numerics: number
  readonly protocol: RecordedProtocol
  readonly seed: number
}

/** BullMQ's names. */
export const [prefix, queueName] = ['radgrad', 'runs']

/** @throws Error that does not repeat the text, which may hold a password */
export function addressOf(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // a path that is no number of a database may be the rest of a password
  if (!url?.hostname || !/^rediss?:$/.test(url.protocol) || !/^\/?\d*$/.test(url.pathname) || url.search || url.hash)
    throw new Error(
      '--queue takes redis://HOST:PORT, redis://NAME:PASSWORD@HOST:PORT/DATABASE or, with TLS, rediss://…; ' +
        'in a password, signs other than letters and digits are written as in %2F'
    )
  return { url: url.href, place: `${url.protocol}//${url.host}${url.pathname}` }
}

/**
 * Connects to Redis. A lost connection is made again however long that takes, and commands wait meanwhile.
 *
 * @param notice hears that the connection is lost, and that it is back
 * @param signal ends the attempt to connect; not the connection
 * @throws Error when Redis cannot be reached to begin with, or refuses; the signal's reason once it is aborted
 */
export async function connect(
  { url, place }: Address,
  notice: (words: string) => void,
  signal: AbortSignal
): Promise<Redis> {
  signal.throwIfAborted()
  let [reached, lost] = [false, false]
  let reason: NodeJS.ErrnoException | undefined
  const retryStrategy = (times: number): number | null => (reached ? Math.min(200 * times, 2000) : null)
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null, retryStrategy })
  redis.on('error', (error: Error) => {
    reason ??= error
  })
  const giveUp = (): void => redis.disconnect()
  signal.addEventListener('abort', giveUp)
  try {
    await redis.connect()
    if (reason) throw reason // ioredis goes on in another database when there is none of this number
  } catch (error) {
    redis.disconnect()
    signal.throwIfAborted()
    const { message, code } = reason ?? (error as NodeJS.ErrnoException)
    throw new Error(`Redis at ${place} cannot be used: ${message || code}; is it running, and is the URL right?`)
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
  reached = true
  redis.on('reconnecting', () => {
    if (!lost) notice(`the connection to ${place} is lost; it is tried again until Redis is back`)
    lost = true
  })
  redis.on('ready', () => {
    if (lost) notice(`${place} is back`)
    lost = false
  })
  return redis
}

const expertKey = (fingerprint: string): string => `${prefix}:expert:${fingerprint}`

/** Saves the experts of jobs, each once. */
export async function saveExperts(redis: Redis, jobs: readonly Job[]): Promise<void> {
  const experts = new Map(jobs.map(({ protocol, expert }) => [protocol.expert, expert]))
  for (const [fingerprint, expert] of experts) await redis.set(expertKey(fingerprint), JSON.stringify(expert))
}

/** @throws Error when it is not there */
export async function readExpert(redis: Redis, fingerprint: string): Promise<PackedModel> {
  const text = await redis.get(expertKey(fingerprint))
  if (text === null) throw new Error(`its expert, network ${fingerprint.slice(0, 8)}, is not in the queue`)
  return JSON.parse(text) as PackedModel
}

/** Returns a function that tells the same words once. */
export function noticeOnce(notice: (words: string) => void): (words: string) => void {
  const told = new Set<string>()
  return (words) => {
    if (!told.has(words)) notice(words)
    told.add(words)
  }
}

/** Rejects with the signal's reason once it is aborted, and never resolves. */
export const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const stop = (): void => reject(signal.reason)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
