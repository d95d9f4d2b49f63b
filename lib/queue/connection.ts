import { Redis } from 'ioredis'
import type { Address } from './address'

/**
 * A connection to Redis. Lost, it is made again however long that takes; what Redis is asked meanwhile waits.
 *
 * @param notice hears that it is lost, and that it is back
 * @param signal ends the attempt to connect; not the connection
 * @throws Error when Redis cannot be reached to begin with, or lets nobody in; the signal's reason when aborted
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
    if (reason) throw reason // there is no such database: ioredis goes on in another
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
