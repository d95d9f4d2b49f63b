import { integer, type Rng } from '../../lib/random'

/** A copy of a file with one to three bytes changed, put in, or taken out in a run. */
export function mutate(rng: Rng, file: Uint8Array): Uint8Array {
  const bytes = Array.from(file)
  for (let left = 1 + integer(rng, 3); left > 0; left--) {
    const at = integer(rng, bytes.length)
    const kind = integer(rng, 3)
    if (kind === 0) bytes[at] = integer(rng, 256)
    else if (kind === 1) bytes.splice(at, 0, integer(rng, 256))
    else bytes.splice(at, 1 + integer(rng, 8))
  }
  return Uint8Array.from(bytes)
}

/** What reading gives: a value or an Error. Anything else that is thrown passes, and so does a stack overflow. */
export function outcome<T>(read: () => T): { value: T } | { error: Error } {
  try {
    return { value: read() }
  } catch (error) {
    if (!(error instanceof Error) || error.constructor !== Error) throw error
    return { error }
  }
}
