import { expect } from 'vitest'
import type { Figure } from '../../lib/figures/theme'

/** Compares a figure with the one that is kept as `<name>.snapshot.json`, whatever the order of its fields. */
export async function expectSnapshot(figure: Figure, name: string): Promise<void> {
  await expect(`${JSON.stringify(ordered(figure), null, 1)}\n`).toMatchFileSnapshot(`${name}.snapshot.json`)
}

/** Returns plain data with the fields of every object in alphabetical order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(fields.map(([name, inner]) => [name, ordered(inner)]))
}

/** Rounds to the four digits that lines without hover have. */
export const fourDigits = (value: number): number => Number(value.toPrecision(4))
