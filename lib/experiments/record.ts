/**
 * Records of runs: what figures and tables are drawn from, and what anyone can compute again and compare bit for bit.
 */
import { type Model, modelOf, type Network } from '../networks'
import { isRecord } from '../networks/topology'
import type { Dataset } from './dataset'
import { fingerprint, hash } from './hash'
import { type Iteration, type IterationRecord, imitate } from './imitate'
import { checkProtocol, type Protocol } from './protocol'

/** To be raised whenever the same protocol and seed come to give other numbers: older records are stale then. */
export const numerics = 1

const format = 'radgrad record'

/** A protocol in a record: it names the expert by the hash of its network. */
export type RecordedProtocol = Omit<Protocol, 'expert'> & { readonly expert: string }

/** One run of Algorithm 1. */
export interface RunRecord {
  readonly format: typeof format
  readonly numerics: number
  readonly protocol: RecordedProtocol
  readonly seed: number
  readonly outcome: Outcome
  readonly made: Made
  /** Hash of all the rest. */
  readonly checksum: string
}

/** What a run came to, the same wherever it is computed. */
export interface Outcome {
  readonly iterations: readonly IterationRecord[]
  /** The expert's return in each trial. */
  readonly expertReturns: readonly number[]
  /**
   * The loss of each iteration's policy on the states that the last one holds out, and the iteration whose policy
   * Algorithm 1 returns for it (line 19); empty and the last one where none are held out. Table 2 uses the last.
   */
  readonly validation: { readonly losses: readonly number[]; readonly best: number }
  /** Hash of the last policy's network. */
  readonly policy: string
}

/** How a record was made; of no influence on its outcome. */
export interface Made {
  /** What each iteration took. */
  readonly seconds: readonly Iteration['seconds'][]
  readonly machine: string
}

/**
 * Runs Algorithm 1 from beginning to end.
 *
 * @param machine a word on what computes it
 * @param told hears of each iteration
 * @throws what `imitate` does
 */
export async function record(
  protocol: Protocol,
  seed: number,
  machine: string,
  { told, signal }: { told?: (iteration: Iteration) => void; signal?: AbortSignal } = {}
): Promise<RunRecord> {
  const iterations: IterationRecord[] = []
  const policies: Model[] = []
  const seconds: Iteration['seconds'][] = []
  let last: Iteration | undefined
  for await (const iteration of imitate(protocol, seed, signal)) {
    iterations.push(iteration.record)
    policies.push(modelOf(iteration.policy))
    seconds.push(iteration.seconds)
    last = iteration
    told?.(iteration)
  }
  if (!last) throw new Error('a run has one iteration at least')
  const outcome: Outcome = {
    iterations,
    expertReturns: Array.from(last.expertReturns),
    validation: validate(last.policy, policies, last.data),
    policy: await fingerprint(policies[policies.length - 1])
  }
  const made: Made = { seconds, machine }
  return sealed({ format, numerics, protocol: await recorded(protocol), seed, outcome, made })
}

/** The policies' mean squared errors on the held-out states, over entries of actions, and the iteration of the least. */
function validate(network: Network, policies: readonly Model[], data: Dataset): Outcome['validation'] {
  const held = [...data.validation.keys()].filter((row) => data.validation[row] === 1)
  if (held.length === 0) return { losses: [], best: policies.length }
  const n = network.outputs
  const losses = policies.map(({ weights }) => {
    network.setWeights(weights.map(({ values }) => values))
    const errors = network.predict(data.observations, data.rows).map((action, i) => action - data.actions[i])
    const squares = held.map((row) => errors.subarray(row * n, (row + 1) * n).reduce((sum, e) => sum + e * e, 0))
    return squares.reduce((sum, square) => sum + square, 0) / (held.length * n)
  })
  return { losses, best: losses.indexOf(Math.min(...losses)) + 1 }
}

/** Seconds that a run took. */
export const duration = ({ made }: RunRecord): number =>
  made.seconds.reduce((sum, { collect, train, test }) => sum + collect + train + test, 0)

/** A protocol as records have it. */
export async function recorded(protocol: Protocol): Promise<RecordedProtocol> {
  return { ...protocol, expert: await fingerprint(protocol.expert) }
}

/**
 * A recorded protocol with its expert, to be run again.
 *
 * @throws Error when it was another expert, RangeError or TypeError when it is no protocol
 */
export async function protocolOf(recorded: unknown, expert: Model): Promise<Protocol> {
  const protocol: unknown = isRecord(recorded) ? { ...recorded, expert } : recorded
  checkProtocol('protocol', protocol)
  const found = await fingerprint(expert)
  const { expert: wanted } = recorded as { readonly expert: unknown }
  if (found !== wanted)
    throw new Error(
      `the expert is network ${found.slice(0, 8)}, not ${typeof wanted === 'string' ? wanted.slice(0, 8) : typeof wanted}`
    )
  return protocol as Protocol
}

/** The hash that a record is named by: of its protocol and of the numerics. */
export const protocolHash = (protocol: RecordedProtocol): Promise<string> => hash({ numerics, protocol })

/** A record as text, a line an iteration. */
export function encodeRecord({ outcome, made, ...rest }: RunRecord): string {
  const lines = (list: readonly unknown[]): string => `[\n${list.map((item) => JSON.stringify(item)).join(',\n')}\n]`
  const entries = ({ iterations, ...others }: Outcome): string =>
    `{"iterations": ${lines(iterations)},\n${JSON.stringify(others).slice(1)}`
  return `${JSON.stringify(rest).slice(0, -1)},\n"outcome": ${entries(outcome)},\n"made": ${JSON.stringify(made)}}\n`
}

/**
 * The record in a text that `encodeRecord` gave.
 *
 * @throws Error that begins with what is wrong, `damaged` or `foreign`, for anything else, if only a digit was changed
 */
export async function decodeRecord(text: string): Promise<RunRecord> {
  const found: unknown = parse(text)
  if (!isRecord(found) || found.format !== format) throw new Error('foreign: it is no record of a run')
  const { checksum, ...rest } = found
  if (checksum !== (await hash(rest))) throw new Error('damaged: its checksum is not that of its contents')
  return found as unknown as RunRecord
}

function parse(text: string): unknown {
  try {
    // the checksum cannot tell -0, which `encodeRecord` never writes, from 0
    return JSON.parse(text, (_, value: unknown) => (value === 0 ? 0 : value))
  } catch (error) {
    throw new Error(`damaged: it is no JSON (${(error as Error).message})`)
  }
}

async function sealed(rest: Omit<RunRecord, 'checksum'>): Promise<RunRecord> {
  return { ...rest, checksum: await hash(rest) }
}
