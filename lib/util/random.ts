/**
 * Named random streams. Every random number in `radgrad` comes from a generator passed in, and every generator is named by its
 * seed and purpose. So results do not depend on the order of the work or on the machine that does it.
 */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { exponential } from './float'

/** A stream of independent draws, uniform in [0, 1). `generator` makes one. */
export type Rng = () => number

/** Names a generator: whole numbers and names. */
export type Key = readonly (string | number)[]

/** Mixes a word into a hash as MurmurHash3 does. For each hash it is a bijection of words. */
const mix = (hash: number, word: number): number => {
  let h = hash ^ Math.imul(Math.imul(word ^ (word >>> 17), 0xcc9e2d51), 0x1b873593)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const words = (part: string | number): number[] =>
  typeof part === 'number'
    ? [1, part | 0, Math.floor(part / 2 ** 32) | 0]
    : [2, ...Array.from(part, (c) => c.charCodeAt(0))]

/**
 * Creates the generator for one purpose: `generator(seed, 'collect', iteration, episode)`. A key always gives the same stream, and
 * the streams of different keys are independent.
 *
 * @param key whole numbers and names; by convention the first is the seed of the run
 * @throws RangeError for a number that is not whole
 */
export function generator(...key: Key): Rng {
  for (const part of key)
    if (typeof part !== 'string' && !Number.isSafeInteger(part))
      throw new RangeError(`a generator is named by whole numbers and names, not by ${part}`)
  const state = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667].map((salt) => key.flatMap(words).reduce(mix, salt))
  const source = xoroshiro128plusFromState(state)
  return () => ((source.next() >>> 6) * 2 ** 27 + (source.next() >>> 5)) / 2 ** 53
}

/** Draws a number uniformly from [low, high). */
export const uniform = (rng: Rng, low: number, high: number): number => low + (high - low) * rng()

/** Draws from the standard normal distribution, truncated at `cut` standard deviations, by rejection. */
export function normal(rng: Rng, cut = 6): number {
  for (;;) {
    const x = uniform(rng, -cut, cut)
    if (rng() < exponential((-x * x) / 2)) return x
  }
}

/** Draws a whole number uniformly from [0, n); n is at most 2^32. */
export const integer = (rng: Rng, n: number): number => Math.floor(rng() * n)

/** Draws a random order of 0 … n - 1 (Fisher and Yates). */
export function permutation(rng: Rng, n: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = integer(rng, i + 1)
    const swapped = order[i]
    order[i] = order[j]
    order[j] = swapped
  }
  return order
}
