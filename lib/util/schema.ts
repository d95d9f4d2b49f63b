/** Strict schemas, whose errors name the field, the value and what is allowed. */
import * as v from 'valibot'
import { isRecord } from './json'

// In the messages, $field and $value stand for the path to a value and for the value: only `check` knows the path.

export const choice = <const Word extends string>(allowed: readonly Word[]): v.GenericSchema<unknown, Word> =>
  v.picklist(allowed, `there is no $field '$value': choose one of ${allowed.join(', ')}`)

const number = (isAllowed: (value: number) => boolean, what: string): v.GenericSchema<unknown, number> =>
  v.custom<number>(
    (value) => typeof value === 'number' && isAllowed(value),
    ({ input }) => `$field must be ${what}, not $value${typeof input === 'string' ? ' as text' : ''}`
  )

export const count = number((value) => Number.isSafeInteger(value) && value >= 1, 'a whole number from 1 on')

export const wholeNumber = number((value) => Number.isSafeInteger(value) && value >= 0, 'a whole number from 0 on')

export const positive = number((value) => Number.isFinite(value) && value > 0, 'a number above 0')

/** A share of a whole, less than all of it. */
export const share = (of: string) => number((value) => value >= 0 && value < 1, `the share of ${of}, from 0 to below 1`)

export const aFraction = number((value) => value >= 0 && value <= 1, 'from 0 to 1')

export const aThreshold = number((value) => !Number.isNaN(value), 'a number')

export const text: v.GenericSchema<unknown, string> = v.string('$field must be text, not $value')

/** A number that was measured; JSON has null for one that is not finite. */
const isMeasured = (value: unknown): boolean => typeof value === 'number' || value === null

export const measured = v.custom<number>(isMeasured, '$field must be a number, not $value')

export const allMeasured = v.custom<readonly number[]>(
  (value) => Array.isArray(value) && value.every(isMeasured),
  '$field must be a list of numbers, not $value'
)

export const func = v.custom<unknown>((value) => typeof value === 'function', '$field must be a function, not $value')

/** Returns the schema of an object, with whatever else, that has these. */
export const part = (...names: readonly string[]) =>
  v.custom<object>(
    (value) => isRecord(value) && names.every((name) => value[name] !== undefined),
    ({ input }) => `$field must have ${names.join(', ')}: it has ${Object.keys(Object(input)).join(', ') || 'none'}`
  )

export const listOf = <T>(items: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, readonly T[]> =>
  v.array(items, '$field must be a list, not $value')

export interface ObjectSchema<Fields extends v.ObjectEntries>
  extends v.GenericSchema<unknown, Readonly<v.InferOutput<v.StrictObjectSchema<Fields, undefined>>>> {}

/** Returns the schema of an object of these fields and no others. */
export function object<const Fields extends v.ObjectEntries>(fields: Fields): ObjectSchema<Fields> {
  const known = Object.keys(fields).join(', ')
  const message = (issue: v.StrictObjectIssue): string =>
    `${isUnknownField(issue) ? 'there is no field $field' : '$field is missing'}: there are ${known}`
  const isObject = v.custom<unknown>(isRecord, '$field must be an object, not $value')
  return v.pipe(isObject, v.strictObject(fields, message))
}

const isUnknownField = ({ expected }: { readonly expected: string | null }): boolean => expected === 'never'

/**
 * Checks a value against a schema.
 *
 * @param name of the value as a whole
 * @throws RangeError that names the first field that is unknown, or else the first that is wrong
 */
export function check<T>(schema: v.GenericSchema<unknown, T>, name: string, value: unknown): asserts value is T {
  const { issues } = v.safeParse(schema, value)
  if (!issues) return
  const issue = issues.find(isUnknownField) ?? issues[0]
  const field = v.getDotPath(issue) ?? name
  throw new RangeError(issue.message.replace('$field', () => field).replace('$value', () => shown(issue.input)))
}

/** JSON's objects need not have a `toString` that works. */
const shown = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))
