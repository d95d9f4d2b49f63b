/** The console and the words of Node in a page, for the cells. */
import { format } from 'node-inspect-extracted'
import { print } from './running.ts'

const printing =
  (name: 'stdout' | 'stderr') =>
  (...values: unknown[]): void =>
    print(name, `${format(...values)}\n`)

/** Leads the console to the outputs of cells, in Node's words. */
export function redirectConsole(): void {
  const [out, err] = [printing('stdout'), printing('stderr')]
  Object.assign(console, { log: out, info: out, debug: out, warn: err, error: err })
}

/** Says what Node has and a page does not. */
export function refuseNode(): void {
  const require = (name: unknown): never => {
    throw new Error(`a page has no require: import '${name}' instead, if it is one of the modules that are here`)
  }
  Object.assign(globalThis, { require })
}
