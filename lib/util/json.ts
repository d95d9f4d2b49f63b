/** Tests whether a piece of JSON is an object, neither null nor a list. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Returns a copy of plain data that cannot be changed. */
export const frozen = <T>(data: T): Readonly<T> => JSON.parse(JSON.stringify(data), (_, value) => Object.freeze(value))

/** Tests whether a value is an array or a typed array, of whatever notebook's making. */
export const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && builtInKind(value) !== 'DataView')

/** Returns the built-in kind of a value, which an extension of a kind shares: classes are told by name, for those of a notebook's cells are not ours. */
export const builtInKind = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)

export const isPromise = <T>(value: T | Promise<T>): value is Promise<T> => builtInKind(value) === 'Promise'

/** Hears promises that are refused: one that rejects unheard would end Node. */
export function hear(values: Iterable<unknown>): void {
  for (const value of values) if (isPromise(value)) value.catch(() => {})
}

/** Returns the name of a value's class, for an error: 'Number', 'Promise', 'null'. */
export const kindOf = (value: unknown): string => (value === null ? 'null' : (value?.constructor?.name ?? typeof value))

/**
 * Parses JSON.
 *
 * @param what names the text in errors
 * @throws Error that begins with `damaged`
 */
export function parseJson(text: string, what: string, revive?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, revive)
  } catch (error) {
    throw new Error(`damaged: ${what} is no JSON (${(error as Error).message})`)
  }
}

/** Returns an object with what a function makes of each value, and of its key, in the value's place. */
export const mapValues = <K extends string, A, B>(object: Readonly<Record<K, A>>, of: (value: A, key: K) => B) =>
  Object.fromEntries(Object.entries<A>(object).map(([key, value]) => [key, of(value, key as K)])) as Record<K, B>
