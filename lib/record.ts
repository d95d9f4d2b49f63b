/** Records of runs: figures and tables are drawn from them, and anyone can compute them again and compare bit for bit. */
import type * as v from 'valibot'
import type { Dataset } from './dataset'
import { iterationRecordSchema } from './iteration'
import type { Model, Network } from './networks'
import { fingerprint } from './networks/format'
import { type Protocol, recordedProtocolSchema } from './protocol'
import { hash } from './util/hash'
import { isRecord, parseJson } from './util/json'
import { allMeasured, choice, count, faultIn, listOf, measured, object, text } from './util/schema'

/** Counts the changes after which the same protocol and seed gave other numbers: records made before are stale. */
export const numericsVersion = 1

export const recordFormat = 'radgrad record'

/** A protocol in a record: it names the expert by the hash of its network. */
export type RecordedProtocol = v.InferOutput<typeof recordedProtocolSchema>

const outcome = object({
  iterations: listOf(iterationRecordSchema),
  /** The expert's return in each trial. */
  expertReturns: allMeasured,
  /**
   * The loss of each iteration's policy on the states that the last iteration holds out, and the iteration whose policy
   * Algorithm 1 returns (line 19); no losses and the last iteration where none are held out. Table 2 uses the last.
   */
  validation: object({ losses: allMeasured, best: measured }),
  /** Hash (SHA-256) of the last policy's network. */
  policy: text
})

/** The outcome of a run, the same to the last bit wherever it is computed. Losses and returns are sums of rewards. */
export type Outcome = v.InferOutput<typeof outcome>

/** The making of a record, without influence on its outcome. */
const provenance = object({
  /** Durations of each iteration, s. */
  seconds: listOf(object({ collect: measured, train: measured, test: measured })),
  machine: text
})

const schema = object({
  format: choice([recordFormat]),
  /** Version of the numerics: records of another are stale. */
  numerics: count,
  protocol: recordedProtocolSchema,
  seed: measured,
  outcome,
  provenance,
  /** Hash of all the rest. */
  checksum: text
})

/** One run of Algorithm 1: protocol and seed, the outcome, and apart from it how and where it was made. */
export type RunRecord = v.InferOutput<typeof schema>

/** Returns a protocol as records have it: the hash of the expert's network in place of the network. */
export async function withExpertHash(protocol: Protocol): Promise<RecordedProtocol> {
  return { ...protocol, expert: await fingerprint(protocol.expert) }
}

/** Returns the hash of a protocol and of the numerics, by which a record is named. */
export const protocolHash = (protocol: RecordedProtocol) => hash({ numerics: numericsVersion, protocol })

/**
 * Reads a record from the text that `encodeRecord` writes.
 *
 * @throws Error that begins with `damaged` or `foreign` for anything else, even if a single digit was changed
 */
export const decodeRecord = async (text: string) => verifyRecord(parseJson(text, 'it', withoutMinus))

/** The checksum cannot tell -0, which `encodeRecord` never writes, from 0. */
const withoutMinus = (_: string, value: unknown): unknown => (value === 0 ? 0 : value)

/**
 * Verifies the checksum and the fields of a record.
 *
 * @throws Error that begins with `damaged` or `foreign`
 */
export async function verifyRecord(found: unknown): Promise<RunRecord> {
  if (!isRecord(found) || found.format !== recordFormat) throw new Error('foreign: it is no record of a run')
  const { checksum, ...rest } = found
  if (checksum !== (await hash(rest))) throw new Error('damaged: its checksum is not that of its contents')
  // a stale record may have other fields
  const fault = found.numerics === numericsVersion && faultIn(schema, 'record', found)
  if (fault) throw new Error(`foreign: ${fault}`)
  return found as unknown as RunRecord
}

/**
 * Returns the policies' mean squared errors on the held-out states, over entries of actions, and the iteration of the least, whose policy
 * Algorithm 1 returns (line 19).
 *
 * @param network takes the policies' weights
 * @param policies one an iteration
 */
export function validate(network: Network, policies: readonly Model[], data: Dataset): Outcome['validation'] {
  const held = [...data.validation.keys()].filter((row) => data.validation[row] === 1)
  if (held.length === 0) return { losses: [], best: policies.length }
  const n = network.outputs
  const losses = policies.map(({ weights }) => {
    network.setWeights(weights.map(({ values }) => values))
    const errors = network.predict(data.observations, data.rows).map((action, i) => action - data.expertActions[i])
    const squares = held.map((row) => errors.subarray(row * n, (row + 1) * n).reduce((sum, e) => sum + e * e, 0))
    return squares.reduce((sum, square) => sum + square, 0) / (held.length * n)
  })
  return { losses, best: losses.indexOf(Math.min(...losses)) + 1 }
}
