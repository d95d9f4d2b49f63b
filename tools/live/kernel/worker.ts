/** The notebooks' kernel in a page: a worker that executes cells. */
import type { ErrorContent, ToKernel } from '../messages.ts'
import { type Compiled, compile } from './cell.ts'
import { redirectConsole, refuseNode } from './console.ts'
import { describeError, describeSyntaxError, fileOf } from './failure.ts'
import { setQuick } from './host.ts'
import { importModule } from './modules.ts'
import { declare } from './names.ts'
import { begin, end, interrupt, post, print, untilInterrupted } from './running.ts'
import { setSite } from './site.ts'

type Cell = (importModule: (name: unknown, wanted?: readonly string[]) => Promise<unknown>) => Promise<unknown>

/** An indirect eval, whose names are the global ones. */
const evaluate = Reflect.get(globalThis, 'eval') as (code: string) => unknown
const sources = new Map<number, string>()

redirectConsole()
refuseNode()
Error.stackTraceLimit = 50 // a cell stands below what it called in the library
// an error that no cell waits for must not be lost
addEventListener('unhandledrejection', (event) => tell(event, event.reason))
addEventListener('error', (event) => tell(event, event.error ?? event.message))
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
    const value = await untilInterrupted(run(compiled, id), words)
    if (value !== undefined) console.log(value)
  } catch (error) {
    return describe(error)
  }
  return undefined
}

/** Runs a cell to its end, which may come after an interrupt. */
async function run({ declared, code }: Compiled, id: number): Promise<unknown> {
  const endDeclaration = declare(declared)
  try {
    const cell = evaluate(`${code}\n//# sourceURL=${fileOf(id)}`) as Cell
    return await cell(importModule)
  } finally {
    endDeclaration()
  }
}

const words = (error: unknown): string => describe(error).traceback.join('\n')
const describe = (error: unknown): ErrorContent => describeError(error, (cell) => sources.get(cell))

/** Tells of an error below the cell that runs, or ran last, in place of the browser's own console. */
function tell(event: Event, error: unknown): void {
  event.preventDefault()
  print('stderr', `${words(error)}\n`)
}
