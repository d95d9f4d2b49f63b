/** Workers that were sent away, told to those who wait for workers. */
import type { Redis } from 'ioredis'
import { prefix } from './runs'

const key = `${prefix}:refused`

/** Seconds that it is known for. */
const memory = 60

export async function tellRefused(redis: Redis, words: string): Promise<void> {
  await redis.multi().sadd(key, words).expire(key, memory).exec()
}

export const refusals = (redis: Redis): Promise<string[]> => redis.smembers(key)
