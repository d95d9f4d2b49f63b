/** The console and the words of Node in a page, for the cells. */
import { format, type InspectOptions, inspect } from 'node-inspect-extracted'
import { print } from './running.ts'
import { tableOf } from './table.ts'

type Print = (name: 'stdout' | 'stderr', text: string) => void

/** Makes the functions of a console that print as Node's. */
export function consoleOf(print: Print) {
  let indentation = ''
  const counts = new Map<string, number>()
  const begun = new Map<string, number>()
  const printing =
    (name: 'stdout' | 'stderr') =>
    (...values: unknown[]): void =>
      print(name, `${withoutOwnFrames(format(...values)).replace(/^/gm, indentation)}\n`)
  const [log, error] = [printing('stdout'), printing('stderr')]
  const timed = (name: string, label: string, values: readonly unknown[]): void => {
    const from = begun.get(label)
    if (from === undefined) error(`Warning: No such label '${label}' for console.${name}()`)
    else log('%s: %s', label, durationOf(performance.now() - from), ...values)
  }
  const group = (...values: unknown[]): void => {
    if (values.length > 0) log(...values)
    indentation += '  '
  }
  return {
    log,
    info: log,
    debug: log,
    dirxml: log,
    warn: error,
    error,
    group,
    groupCollapsed: group,
    groupEnd(): void {
      indentation = indentation.slice(2)
    },
    dir: (value: unknown, options?: InspectOptions): void =>
      log('%s', inspect(value, { customInspect: false, ...options })),
    table: (rows: unknown, columns?: readonly string[]): void => log(tableOf(rows, columns) ?? rows),
    assert(holds: unknown, ...values: unknown[]): void {
      if (holds) return
      const [first, ...rest] = values
      if (typeof first === 'string') error(`Assertion failed: ${first}`, ...rest)
      else error(`Assertion failed${values.length > 0 ? ':' : ''}`, ...values)
    },
    trace(...values: unknown[]): void {
      const frames = (new Error().stack ?? '').split('\n').slice(2).join('\n')
      error('%s', `Trace${values.length > 0 ? `: ${format(...values)}` : ''}\n${frames}`)
    },
    count(label = 'default'): void {
      const times = (counts.get(label) ?? 0) + 1
      counts.set(label, times)
      log('%s: %d', label, times)
    },
    countReset(label = 'default'): void {
      if (!counts.delete(label)) error(`Warning: Count for '${label}' does not exist`)
    },
    time(label = 'default'): void {
      if (begun.has(label)) error(`Warning: Label '${label}' already exists for console.time()`)
      else begun.set(label, performance.now())
    },
    timeLog: (label = 'default', ...values: unknown[]): void => timed('timeLog', label, values),
    timeEnd(label = 'default'): void {
      timed('timeEnd', label, [])
      begun.delete(label)
    }
  }
}

/** The folder of the kernel's own code. */
const own = new URL('.', import.meta.url).href

/** Leaves out what the stacks of errors have of the kernel and its modules. */
const withoutOwnFrames = (text: string): string =>
  text.includes(own)
    ? text
        .split('\n')
        .filter((line) => !(/^\s*(at |\S*@)/.test(line) && line.includes(own)))
        .join('\n')
    : text

/** Tells a duration in ms as Node does. */
function durationOf(duration: number): string {
  if (duration < 1000) return `${Number(duration.toFixed(3))}ms`
  if (duration < 60_000) return `${(duration / 1000).toFixed(3)}s`
  const [minutes, seconds] = [Math.floor(duration / 60_000), (duration / 1000) % 60]
  return `${minutes}:${seconds.toFixed(3).padStart(6, '0')} (m:ss.mmm)`
}

/** Leads the console to the outputs of cells, in Node's words. */
export function redirectConsole(): void {
  Object.assign(console, consoleOf(print))
}

/** Says what Node has and a page does not. */
export function refuseNode(): void {
  const require = (name: unknown): never => {
    throw new Error(`a page has no require: import '${name}' instead, if it is one of the modules that are here`)
  }
  Object.assign(globalThis, { require })
}
