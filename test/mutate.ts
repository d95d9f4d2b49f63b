/** Damaged copies of files, and what readers make of them. */
import { expect } from 'vitest'
import { integer, type Rng } from '../lib/util/random'

/** A copy of a file with one to three bytes changed, put in, or taken out in a run. */
export function mutate(rng: Rng, file: Uint8Array, byte = (): number => integer(rng, 256)): Uint8Array {
  let bytes = Buffer.from(file)
  const put = (at: number, taken: number, ...given: number[]): Buffer<ArrayBuffer> =>
    Buffer.concat([bytes.subarray(0, at), Uint8Array.from(given), bytes.subarray(at + taken)])
  for (let left = 1 + integer(rng, 3); left > 0; left--) {
    const at = integer(rng, bytes.length)
    const kind = integer(rng, 3)
    if (kind === 0) bytes = put(at, 1, byte())
    else if (kind === 1) bytes = put(at, 0, byte())
    else bytes = put(at, 1 + integer(rng, 8))
  }
  return Uint8Array.from(bytes)
}

/** Damaged copies of a file: mutations, and in every tenth place a beginning of it. */
export function* damagedCopies(rng: Rng, file: Uint8Array, count = 10_000): Generator<Uint8Array> {
  for (let i = 0; i < count; i++) yield i % 10 === 9 ? file.subarray(0, integer(rng, file.length)) : mutate(rng, file)
}

/** The same of a text, as a file of it would be read. Half the bytes are of JSON's own, else little of it stays JSON. */
export function* damagedTexts(rng: Rng, text: string): Generator<string> {
  const own = '0123456789-+.eE[]{}",: '
  const byte = (): number => (rng() < 1 / 2 ? own.charCodeAt(integer(rng, own.length)) : integer(rng, 256))
  const file = Buffer.from(text)
  for (let i = 0; i < 10_000; i++)
    yield i % 10 === 9 ? text.slice(0, integer(rng, text.length)) : new TextDecoder().decode(mutate(rng, file, byte))
}

/** Returns the value or the Error of a reading. Throws anything else that is thrown, a stack overflow among it. */
export function outcome<T>(read: () => T): { value: T } | { error: Error } {
  try {
    return { value: read() }
  } catch (error) {
    if (!(error instanceof Error) || error.constructor !== Error) throw error
    return { error }
  }
}

/**
 * Reads damaged copies. Each must be refused by an Error in words that `refusal` matches, or be `sound`; some of either
 * kind must be among them, or nothing was tried.
 */
export async function expectRefusedOrSound<C, T>(
  copies: Iterable<C>,
  read: (copy: C) => T | Promise<T>,
  refusal: RegExp,
  sound: (value: T, copy: C) => void | Promise<void>
): Promise<void> {
  const count = { refused: 0, sound: 0 }
  let slowest = 0
  for (const copy of copies) {
    const began = performance.now()
    const value = await tried(() => read(copy), refusal)
    if (value === refused) count.refused++
    else {
      await sound(value, copy)
      count.sound++
    }
    slowest = Math.max(slowest, performance.now() - began)
  }
  expect(slowest).toBeLessThan(10_000) // no hang
  expect(count.refused).toBeGreaterThan(0)
  expect(count.sound).toBeGreaterThan(0)
}

const refused = Symbol('refused')

async function tried<T>(read: () => T | Promise<T>, refusal: RegExp): Promise<T | typeof refused> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof Error) || !refusal.test(error.message)) throw error
    return refused
  }
}
