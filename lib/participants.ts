import { type Environment, loadEnvironment } from './environments'
import { type Expert, networkOf } from './networks'
import type { Protocol } from './protocol'
import { type QueryStrategy, strategyFor, type VisitedStates } from './strategies'

/** The environment, the strategy, and the expert that is queried. */
export interface Participants {
  readonly environment: Environment
  readonly strategy: QueryStrategy
  readonly expert: Expert
  /** The cost of a label, by its state (Equation 2); 1 by default. */
  readonly cost?: Cost | undefined
  /** The first batch, where the protocol says so. */
  readonly demonstrations?: VisitedStates
  /** The expert's return in each trial, where another run has computed it; else this run does. */
  readonly expertReturns?: Float64Array | undefined
}

/** Returns the cost of a label, from 0, for its state, [observationSize]. */
export type Cost = (state: Float32Array) => number

/**
 * Returns the participants that a protocol names: loads the environment, and creates the expert's network.
 *
 * @param strategy one's own, in place of the protocol's
 * @throws RangeError for an unknown environment or masses, and for an expert whose weights are not those of its layers
 */
export const participantsOf = async (protocol: Protocol, strategy?: QueryStrategy) => ({
  environment: await loadEnvironment(protocol.environment, { masses: protocol.masses }),
  strategy: strategy ?? strategyFor(protocol.strategy, protocol.hyperparameters, protocol.readings, protocol.rate),
  expert: await networkOf(protocol.expert)
})

/** @throws RangeError for a policy of another task */
export function checkSizes(task: Environment, role: string, { inputs: i, outputs: o }: Expert): void {
  const { name, observationSize: m, actionSize: n } = task
  if (i !== m || o !== n)
    throw new RangeError(`${name} shows ${m} numbers and takes ${n}, but the ${role} has ${i} inputs and ${o} outputs`)
}
