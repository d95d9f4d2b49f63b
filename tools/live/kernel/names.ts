/** The global names that cells declare. They keep JavaScript's rules: none is read before its declaration, and a `const` stays. */
import type { Declared } from './cell.ts'

/** Names that cells have declared. The others are those of the worker itself. */
const ofCells = new Set<string>()

/** Makes names global that a cell declares, also where the worker itself has them. Returns a function that ends the declaration. */
export function declare(declared: Declared): () => void {
  const undone = [...declared].map(([name, kind]) => {
    const before = Object.getOwnPropertyDescriptor(globalThis, name)
    const isOwn = !ofCells.has(name)
    ofCells.add(name)
    if (kind === 'var' || kind === 'function') {
      if (!before?.writable) define(name, undefined, true)
      return () => {}
    }
    // `const URL = globalThis.URL` reads the worker's own; what goes on meanwhile uses a module that is imported again
    const value: unknown = isOwn ? Reflect.get(globalThis, name) : kind === 'import' ? before?.value : undefined
    const get = (): unknown => {
      if (value !== undefined) return value
      throw new ReferenceError(`Cannot access '${name}' before initialization`)
    }
    const constant = kind === 'const' || kind === 'import'
    const set = (value: unknown): void => define(name, value, !constant)
    Object.defineProperty(globalThis, name, { get, set, configurable: true, enumerable: true })
    return () => {
      if (Object.getOwnPropertyDescriptor(globalThis, name)?.get !== get) return
      // a cell that failed before has left the name as it was
      if (before) Object.defineProperty(globalThis, name, before)
      else Reflect.deleteProperty(globalThis, name)
    }
  })
  return () => {
    for (const undo of undone) undo()
  }
}

const define = (name: string, value: unknown, writable: boolean): void =>
  void Object.defineProperty(globalThis, name, { value, writable, configurable: true, enumerable: true })
