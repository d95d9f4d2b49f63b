/** What a value that came from outside must be, as a table of its fields. */

import { isRecord } from '../networks/topology'

/** @throws RangeError or TypeError that names the field and says what is allowed */
export type Check = (what: string, value: unknown) => void

/** JSON's objects need not have a `toString` that works. */
const shown = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

export const oneOf =
  (allowed: readonly string[]): Check =>
  (what, value) => {
    if (typeof value !== 'string' || !allowed.includes(value))
      throw new RangeError(`there is no ${what} '${shown(value)}': choose one of ${allowed.join(', ')}`)
  }

export const wholeNumber =
  (from: number): Check =>
  (what, value) => {
    if (!Number.isSafeInteger(value) || (value as number) < from)
      throw new RangeError(`${what} must be a whole number from ${from} on, not ${shown(value)}`)
  }

export const positive: Check = (what, value) => {
  if (!(Number.isFinite(value) && (value as number) > 0))
    throw new RangeError(`${what} must be a number above 0, not ${shown(value)}`)
}

/** A share of a whole, which is not all of it. */
export const share =
  (of: string): Check =>
  (what, value) => {
    if (!(Number.isFinite(value) && (value as number) >= 0 && (value as number) < 1))
      throw new RangeError(`${what} is the share of ${of}, from 0 to below 1, not ${shown(value)}`)
  }

export const optional =
  (check: Check): Check =>
  (what, value) => {
    if (value !== undefined) check(what, value)
  }

/** An object of these fields and no others. */
export const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (what, value) => {
    if (!isRecord(value)) throw new TypeError(`${what} must be an object, not ${shown(value)}`)
    const unknown = Object.keys(value).find((key) => !Object.hasOwn(checks, key))
    const name = (key: string): string => (what === 'protocol' ? key : `${what}.${key}`)
    if (unknown !== undefined)
      throw new RangeError(`there is no field ${name(unknown)}: there are ${Object.keys(checks).join(', ')}`)
    for (const [key, check] of Object.entries(checks)) check(name(key), value[key])
  }
