/** Short runs of Algorithm 1 on Reacher. */
import { imitate, participantsOf } from '../lib/algorithm'
import { loadExpert } from '../lib/files/experts'
import type { Iteration, IterationRecord } from '../lib/iteration'
import { type Protocol, protocolFor } from '../lib/protocol'
import type { AnyStrategyName } from '../lib/strategies'

export const expert = await loadExpert('reacher')

/** Three iterations of two episodes and four trials. */
export const shortProtocol = (strategy: AnyStrategyName, changes: Partial<Protocol> = {}): Protocol =>
  protocolFor('reacher', strategy, expert, { iterations: 3, episodes: 2, trials: 4, ...changes })

const { fit } = shortProtocol('dagger')

/** The same with two trials and five passes over the data. */
export const shorterProtocol = (strategy: AnyStrategyName, changes: Partial<Protocol> = {}): Protocol =>
  shortProtocol(strategy, { trials: 2, fit: { ...fit, epochs: 5 }, ...changes })

export async function* imitateProtocol(protocol: Protocol, seed = 1, signal?: AbortSignal): AsyncGenerator<Iteration> {
  yield* imitate(await participantsOf(protocol), protocol, seed, signal)
}

export async function iterationsOf(protocol: Protocol, seed = 1): Promise<Iteration[]> {
  const iterations: Iteration[] = []
  for await (const iteration of imitateProtocol(protocol, seed)) iterations.push(iteration)
  return iterations
}

export const recordsOf = async (protocol: Protocol, seed = 1): Promise<IterationRecord[]> =>
  (await iterationsOf(protocol, seed)).map(({ record }) => record)
