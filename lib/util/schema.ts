/** Strict schemas, whose errors name the field, the value and what is allowed. */
import * as v from 'valibot'
import { builtInKind, hear, isList, kindOf } from './json'

// In the messages, $field and $value stand for the path to a value and for the value: only `check` knows the path.

export const choice = <const Word extends string>(allowed: readonly Word[]): v.GenericSchema<unknown, Word> =>
  v.picklist(allowed, `there is no $field '$value': choose one of ${allowed.join(', ')}`)

/** Returns the schema of what passes a test. */
export const a = <T>(what: string, isAllowed: (value: unknown) => boolean): v.GenericSchema<unknown, T> =>
  v.custom<T>(isAllowed, `$field must be ${what}, not $value`)

const number = (isAllowed: (value: number) => boolean, what: string): v.GenericSchema<unknown, number> =>
  v.custom<number>(
    (value) => typeof value === 'number' && isAllowed(value),
    ({ input }) => `$field must be ${what}, not $value${typeof input === 'string' ? ' as text' : ''}`
  )

export const count = number((value) => Number.isSafeInteger(value) && value >= 1, 'a whole number from 1 on')

export const wholeNumber = number((value) => Number.isSafeInteger(value) && value >= 0, 'a whole number from 0 on')

export const notNegative = number((value) => Number.isFinite(value) && value >= 0, 'a number from 0 on')

export const positive = number((value) => Number.isFinite(value) && value > 0, 'a number above 0')

/** A share of a whole, less than all of it. */
export const share = (of: string) => number((value) => value >= 0 && value < 1, `the share of ${of}, from 0 to below 1`)

export const aFraction = number((value) => value >= 0 && value <= 1, 'from 0 to 1')

export const aThreshold = number((value) => !Number.isNaN(value), 'a number')

export const text = a<string>('text', (value) => typeof value === 'string')

/** A number that was measured; JSON has null for one that is not finite. */
const isMeasured = (value: unknown): boolean => typeof value === 'number' || value === null

export const measured = a<number>('a number', isMeasured)

const areMeasured = (value: unknown): boolean => Array.isArray(value) && value.every(isMeasured)

export const allMeasured = a<readonly number[]>('a list of numbers', areMeasured)

export const func = a<unknown>('a function', (value) => typeof value === 'function')
export const mayBe = v.optional(func)

const isSignal = (value: unknown): boolean => builtInKind(value) === 'AbortSignal'
export const aSignal = v.optional(a<AbortSignal>("an AbortController's signal", isSignal))

/** An object of no other class: neither a promise of one nor a list. */
export const plain = a<object>('an object', (value) => builtInKind(value) === 'Object')

export const listOf = <T>(items: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, readonly T[]> =>
  v.array(items, '$field must be a list, not $value')

export interface ObjectSchema<Fields extends v.ObjectEntries>
  extends v.GenericSchema<unknown, Readonly<v.InferOutput<v.StrictObjectSchema<Fields, undefined>>>> {}

/** Returns the schema of an object of these fields and no others, but for those of a class, which may have its own. */
export const object = <const Fields extends v.ObjectEntries>(fields: Fields): ObjectSchema<Fields> => {
  const strict = v.pipe(plain, v.strictObject(fields, messageOf(fields)))
  return v.lazy((given) => (isOfClass(given) ? part(fields) : strict))
}

/** Tests whether an object has a class, of whatever notebook's making. */
const isOfClass = (given: unknown) => Object.getPrototypeOf(Object.getPrototypeOf(Object(given)) ?? {}) !== null

/** Returns the schema of an object of these fields and whatever else. */
export const part = <const Fields extends v.ObjectEntries>(fields: Fields): ObjectSchema<Fields> =>
  v.pipe(plain, v.looseObject(fields, messageOf(fields)))

const messageOf = (fields: object) => (issue: { readonly expected: string | null }) =>
  `${isUnknownField(issue) ? 'there is no field $field' : '$field is missing'}: there are ${Object.keys(fields).join(', ')}`

const isUnknownField = ({ expected }: { readonly expected: string | null }): boolean => expected === 'never'

/**
 * Checks a value against a schema.
 *
 * @param name of the value as a whole
 * @throws RangeError that names the first field that is unknown, or else the first that is wrong
 */
export function check<T>(schema: v.GenericSchema<unknown, T>, name: string, value: unknown): asserts value is T {
  const fault = faultIn(schema, name, value)
  if (fault) throw new RangeError(fault)
}

export const is = <T>(schema: v.GenericSchema<unknown, T>, value: unknown): value is T => v.is(schema, value)

/** Returns the sentence with which `check` refuses a value; undefined for one that passes. */
export function faultIn(schema: v.GenericSchema, name: string, value: unknown): string | undefined {
  const { issues } = v.safeParse(schema, value)
  if (issues) hear(issues.map(({ input }) => input))
  const issue = issues?.find(isUnknownField) ?? issues?.[0]
  const field = (issue && v.getDotPath(issue)) ?? name
  return issue?.message.replace('$field', () => field).replace('$value', () => shown(issue.input))
}

/** Describes a value in few words: it may be long, or contain itself. */
function shown(value: unknown): string {
  const kind = builtInKind(value)
  if (kind === 'Promise') return 'a promise: await it'
  if (typeof value === 'function') return `the function ${value.name}: call it`
  if (isList(value) && kindOf(value[0]) === 'SymbolicTensor')
    return 'those of a tf model: give networkOf(await loadModel(…))'
  if (isList(value)) return `${kind} of ${value.length}`
  return kind === 'Object' ? `{${Object.keys(Object(value)).slice(0, 9).join(', ')}}` : String(value)
}
