import { createHash } from 'node:crypto'

/** All numbers of a piece of JSON, in order, without the names of its fields. */
const numbers = (value: unknown): number[] =>
  typeof value === 'number' ? [value] : Object(value) === value ? Object.values(value as object).flatMap(numbers) : []

/** Hashes the numbers of a piece of JSON, so that a change of words does not change the hash. */
export const hashOfNumbers = (value: unknown): string =>
  createHash('sha256')
    .update(Float64Array.from(numbers(value)))
    .digest('hex')
    .slice(0, 16)
