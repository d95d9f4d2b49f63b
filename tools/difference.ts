import { isRecord } from 'radgrad/dist/internal.js'

/**
 * Describes the first difference of two values, as `iterations[3].returns[7]: 0.1 and 0.2`. Returns undefined for values that are
 * the same to the last bit.
 */
export function firstDifference(a: unknown, b: unknown, path = ''): string | undefined {
  if (Object.is(a, b)) return undefined
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length)
    return first(a.keys(), (i) => firstDifference(a[i], b[i], `${path}[${i}]`))
  if (isRecord(a) && isRecord(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)])
    return first(keys, (key) => firstDifference(a[key], b[key], path === '' ? key : `${path}.${key}`))
  }
  return `${path}: ${format(a)} and ${format(b)}`
}

function format(value: unknown): string {
  if (Array.isArray(value)) return `${value.length} entries`
  // JSON has no -0, NaN or infinities
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  return JSON.stringify(value)
}

function first<T>(keys: Iterable<T>, difference: (key: T) => string | undefined): string | undefined {
  for (const key of keys) {
    const found = difference(key)
    if (found !== undefined) return found
  }
  return undefined
}
