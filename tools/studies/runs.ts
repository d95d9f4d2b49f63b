import { type Protocol, resultSeeds } from 'radgrad'

/** A run of a study's plan. */
export interface Run {
  readonly protocol: Protocol
  readonly seed: number
}

/** Returns the runs of protocols with the ten seeds of results, seed by seed. */
export const withResultSeeds = (protocols: readonly Protocol[]): Run[] =>
  resultSeeds.flatMap((seed) => protocols.map((protocol) => ({ protocol, seed })))
