/** A whole run of Algorithm 1, up to its line 19. */
import {
  type Iteration,
  imitate,
  type Participants,
  type Protocol,
  participantsOf,
  type RunRecord,
  withExpertHash
} from 'radgrad'
import { hash, is, ownName } from 'radgrad/dist/internal.js'
import { gather, sealRecord } from '../record.ts'

/** Returns of experts in their trials, which all runs of a task share, so that a process computes them once. */
const expertReturns = new Map<string, Float64Array>()

/**
 * Runs Algorithm 1 from beginning to end and records it.
 *
 * @param machine names what computes it, for the provenance
 * @param options.told hears of each iteration, and is awaited
 * @param options.own a strategy, a cost and demonstrations that the protocol names, or else that nobody can verify
 * @throws what `imitate` does
 */
export async function runToRecord(
  protocol: Protocol,
  seed: number,
  machine: string,
  { told, signal, own = {} }: { told?: (iteration: Iteration) => unknown; signal?: AbortSignal; own?: Own } = {}
): Promise<RunRecord> {
  const recorded = await withExpertHash(await withOwnNames(protocol, own))
  const key = JSON.stringify([recorded.expert, protocol.environment, protocol.masses, protocol.trials])
  const participants = {
    ...(await participantsOf(protocol, own.strategy)),
    ...own,
    expertReturns: expertReturns.get(key)
  }
  const { outcome, seconds } = await gather(imitate(participants, protocol, seed, signal), (iteration) => {
    expertReturns.set(key, iteration.expertReturns)
    return told?.(iteration)
  })
  return sealRecord({ protocol: recorded, seed, outcome, provenance: { seconds, machine } })
}

type Own = Partial<Pick<Participants, 'strategy' | 'cost' | 'demonstrations'>>

/** Names in a protocol what is one's own and that it does not name: nobody else can verify that. The hash of demonstrations names them. */
async function withOwnNames(protocol: Protocol, { strategy, cost, demonstrations: given }: Own): Promise<Protocol> {
  const title = strategy && String(strategy.title).replace(/[^\w.-]+/g, '-')
  const numbers = given && [[...given.observations], [...given.actions], given.lengths]
  return {
    ...protocol,
    ...(title && !is(ownName, protocol.strategy) && { strategy: `${title}@unverifiable` as const }),
    ...(cost && { cost: protocol.cost ?? 'cost@unverifiable' }),
    ...(given && { demonstrations: `demonstrations@${await hash(numbers)}` as const })
  }
}
