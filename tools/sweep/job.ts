/** One run of a sweep, and the contract of what computes runs. */
import type { Model, RecordedProtocol, RunRecord } from 'radgrad'
import { decodeModel, encodeModel } from 'radgrad/dist/internal.js'

/** A run to compute, with all that it takes, as JSON: it goes to other processes and other machines. */
export interface Job {
  readonly protocol: RecordedProtocol
  readonly seed: number
  readonly expert: PackedModel
  /** The file of its strategy, where that is one's own: on this machine alone. */
  readonly own?: string | undefined
  /** Its place in a sweep, `safety.tau=0.02`, where there is one. */
  readonly label?: string
}

/** A model as JSON. */
export interface PackedModel {
  readonly json: string
  /** In base 64. */
  readonly weights: string
}

/**
 * Computes runs, in processes of this machine or through a queue. The records are the same.
 *
 * @throws the signal's reason once it is aborted, and what `done` throws; the listener then hears nothing more
 */
export type Compute = <J extends Job>(jobs: readonly J[], listener: Listener<J>, signal: AbortSignal) => Promise<void>

/** Hears of jobs while they are computed. */
export interface Listener<J extends Job> {
  /** A job has done so many iterations. It begins again when its process was killed. */
  iteration(job: J, iteration: number): void
  /** A job is done. An error thrown here ends the sweep. */
  done(job: J, record: RunRecord): Promise<void>
  /** A job cannot be done; the others go on. */
  failed(job: J, error: Error): void
  /** Tells what concerns no single job. */
  notice(words: string): void
}

export const title = ({ protocol, seed, label }: Pick<Job, 'protocol' | 'seed' | 'label'>): string =>
  `${protocol.environment} ${protocol.strategy.split('@')[0]} ${label ? `${label} ` : ''}seed ${seed}`

export function pack(model: Model): PackedModel {
  const { json, weights } = encodeModel(model)
  return { json, weights: Buffer.from(weights).toString('base64') }
}

/** @throws Error for anything but a packed model */
export const unpack = ({ json, weights }: PackedModel): Promise<Model> =>
  decodeModel(json, async () => Buffer.from(weights, 'base64'), 'the expert')
