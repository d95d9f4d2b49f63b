/** The notebooks' kernel in a page: a worker that executes cells. */
import type { ErrorContent, ToKernel } from '../messages.ts'
import { type Compiled, compile } from './cell.ts'
import { redirectConsole, refuseNode } from './console.ts'
import { describeError, describeSyntaxError, fileOf } from './failure.ts'
import { setQuick } from './host.ts'
import { importModule } from './modules.ts'
import { begin, end, interrupt, post, untilInterrupted } from './running.ts'
import { setSite } from './site.ts'

type Cell = (importModule: (name: unknown) => Promise<unknown>) => Promise<unknown>

/** An indirect eval, whose names are the global ones. */
const evaluate = Reflect.get(globalThis, 'eval') as (code: string) => unknown
const sources = new Map<number, string>()

redirectConsole()
refuseNode()
Error.stackTraceLimit = 50 // a cell stands below what it called in the library
// a rejection that no cell waits for must not be lost
addEventListener('unhandledrejection', ({ reason }) => console.error(describe(reason).traceback.join('\n')))
addEventListener('message', ({ data }: MessageEvent<ToKernel>) => hear(data))

function hear(message: ToKernel): void {
  switch (message.type) {
    case 'begin':
      setSite(message.site)
      setQuick(message.quick)
      post({ type: 'ready' })
      break
    case 'quick':
      setQuick(message.quick)
      break
    case 'interrupt':
      interrupt()
      break
    case 'execute':
      void execute(message.id, message.code)
  }
}

async function execute(id: number, code: string): Promise<void> {
  begin(id)
  sources.set(id, code)
  const error = await failureOf(code, id)
  end()
  if (error) post({ type: 'error', id, content: error })
  post({ type: 'done', id, ...(error && { error }) })
}

/** Executes a cell and prints its value. Returns the error, if there is one. */
async function failureOf(code: string, id: number): Promise<ErrorContent | undefined> {
  let compiled: Compiled
  try {
    compiled = compile(code)
  } catch (error) {
    return describeSyntaxError(error, code)
  }
  try {
    declare(compiled.declared)
    const cell = evaluate(`${compiled.code}\n//# sourceURL=${fileOf(id)}`) as Cell
    const value = await untilInterrupted(cell(importModule))
    if (value !== undefined) console.log(value)
  } catch (error) {
    return describe(error)
  }
  return undefined
}

const describe = (error: unknown): ErrorContent => describeError(error, (cell) => sources.get(cell))

/** Makes names global that a cell declares, also where the worker itself has them. */
function declare(names: readonly string[]): void {
  for (const name of names)
    if (!Object.getOwnPropertyDescriptor(globalThis, name)?.writable)
      Object.defineProperty(globalThis, name, {
        value: undefined,
        writable: true,
        configurable: true,
        enumerable: true
      })
}
