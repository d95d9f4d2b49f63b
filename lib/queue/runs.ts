/** What stands in the queue: runs, by the names of their records, and, once each, the experts that they ask. */
import type { Redis } from 'ioredis'
import type { RecordedProtocol } from '../experiments/record'
import { recordName } from '../files/results'
import type { Job, PackedModel } from '../workers/job'

/** A run as it waits for a worker; what a worker gives back is its record as text. */
export interface QueuedRun {
  readonly numerics: number
  readonly protocol: RecordedProtocol
  readonly seed: number
}

/** BullMQ's names. */
export const [prefix, queueName] = ['radgrad', 'runs']

/** By task, strategy, seed and hash of protocol and numerics; there is one of a name, whoever wants it. */
export const runId = async (run: Pick<Job, 'protocol' | 'seed'>): Promise<string> =>
  (await recordName(run)).replace(/\.json$/, '')

const expertKey = (fingerprint: string): string => `${prefix}:expert:${fingerprint}`

export async function saveExpert(redis: Redis, { protocol, expert }: Job): Promise<void> {
  await redis.set(expertKey(protocol.expert), JSON.stringify(expert))
}

/** @throws Error when it is not there */
export async function readExpert(redis: Redis, fingerprint: string): Promise<PackedModel> {
  const text = await redis.get(expertKey(fingerprint))
  if (text === null) throw new Error(`its expert, network ${fingerprint.slice(0, 8)}, is not in the queue`)
  return JSON.parse(text) as PackedModel
}
