import type { Rule } from './strategy'

/** Asks in every state. */
export const always: Rule = (rngs) => new Uint8Array(rngs.length).fill(1)

/** Asks with a given probability, whatever the state (section 3.2, Algorithms). */
export const random =
  (probability: number): Rule =>
  (rngs) =>
    Uint8Array.from(rngs, (rng) => Number(rng() < probability))
