import type { Rule } from './strategy'

/** Asks in every state. */
export const always: Rule = { reasons: ['always'], decide: (_, rngs) => new Uint8Array(rngs.length).fill(1) }

/** Asks with a given probability, whatever the state (section 3.2, Algorithms). */
export const random = (probability: number): Rule => ({
  reasons: ['random'],
  decide: (_, rngs) => Uint8Array.from(rngs, (rng) => Number(rng() < probability))
})

/** Asks where a score is above a threshold. */
export const above = (score: string, threshold: number): Rule => ({
  reasons: [score],
  decide: (scores) => Uint8Array.from(scores[score], (value) => Number(value > threshold))
})

/** Asks where either rule does, and tells the reasons of both. */
export const anyOf = (a: Rule, b: Rule): Rule => ({
  reasons: [...a.reasons, ...b.reasons],
  decide(scores, rngs) {
    const [first, second] = [a.decide(scores, rngs), b.decide(scores, rngs)]
    return first.map((bits, row) => bits | (second[row] << a.reasons.length))
  }
})

/** Tosses a fair coin in each state for which rule decides there. */
export const coin = (a: Rule, b: Rule): Rule => ({
  reasons: [...a.reasons, ...b.reasons],
  decide(scores, rngs) {
    const heads = rngs.map((rng) => rng() < 0.5)
    const [first, second] = [a.decide(scores, rngs), b.decide(scores, rngs)]
    return first.map((bits, row) => (heads[row] ? bits : second[row] << a.reasons.length))
  }
})
