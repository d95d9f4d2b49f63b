/** The parts of tslab below its public `display`, which sends one type at a time and cannot update it. */
import { createRequire } from 'node:module'
import type { Send } from 'radgrad/dist/internal.js'

type Execute = (
  request: { readonly stop_on_error?: boolean },
  ...more: unknown[]
) => Promise<{ readonly status: string }>

interface Jupyter {
  readonly JupyterHandlerImpl: { readonly prototype: { handleExecute: Execute; handleExecuteImpl: Execute } }
  readonly lastWriteDisplayData: Send | null
  readonly ZmqServer: {
    readonly prototype: {
      publishStatus(status: string, parent: unknown): void
      bindSocket(socket: unknown, port: number): Promise<void>
    }
  }
}

/** Called when the cell ends. */
const endings = new Set<() => void>()
let watched = false

/** Returns a function that sends to the cell being executed; undefined outside a notebook. */
export const cell = (): Send | undefined => tslab()?.lastWriteDisplayData ?? undefined

/** Calls `work` once when the cell ends, before the front end hears of that. */
export function beforeIdle(work: () => void): void {
  endings.add(work)
  if (!watched) watchForIdle()
  watched = true
}

function watchForIdle(): void {
  const server = tslab()?.ZmqServer.prototype
  if (!server) return
  const { publishStatus } = server
  server.publishStatus = function (status, parent) {
    try {
      if (status === 'idle') end()
    } finally {
      publishStatus.call(this, status, parent)
    }
  }
}

/**
 * Has tslab go on after a cell that may fail, one tagged `raises-exception`: front ends then ask for `stop_on_error: false`, which
 * tslab does not know. It drops all cells that are waiting, and all that come within 200 ms.
 */
export function keepQueueOnError(): void {
  const handler = tslab()?.JupyterHandlerImpl.prototype
  if (!handler) return
  const { handleExecute } = handler
  handler.handleExecute = async function (request, ...more) {
    if (request.stop_on_error !== false) return handleExecute.call(this, request, ...more)
    let failed = false
    const lenient = Object.create(this, {
      handleExecuteImpl: {
        // tslab throws the number of the cell that failed, for its queue to drop the others
        value: (...args: Parameters<Execute>) =>
          this.handleExecuteImpl(...args).catch((thrown) => {
            if (!('count' in Object(thrown))) throw thrown
            failed = true
            return thrown
          })
      }
    })
    const reply = await handleExecute.call(lenient, request, ...more)
    return failed ? { ...reply, status: 'error' } : reply
  }
}

/**
 * Has tslab bind its sockets one after another, that of its state first. It binds all at once, and on a busy machine a request may come
 * in by one that is bound while the one to tell of it on is not: "Socket is blocked by a bind", and the kernel is dead.
 */
export function bindInTurn(): void {
  const server = tslab()?.ZmqServer.prototype
  if (!server) return
  const { bindSocket } = server
  let bound = Promise.resolve()
  server.bindSocket = function (socket, port) {
    bound = bound.then(() => bindSocket.call(this, socket, port))
    return bound
  }
}

/** The watchers of TypeScript's system. */
interface Watchers {
  watchFile(path: string, ...more: unknown[]): unknown
  watchDirectory(path: string, ...more: unknown[]): unknown
}

/**
 * Keeps TypeScript from looking for packages again when a `package.json` or a folder changes, as when a package is installed beside an
 * open notebook. It sets a second timer for that, where tslab expects one, and every later cell would fail. A new package is found when the
 * kernel is started again, as a module that was loaded is.
 */
export function ignorePackages(): void {
  const { sys } = load<{ readonly sys: Watchers }>('@tslab/typescript-for-tslab') ?? {}
  if (!sys) return
  const { watchFile } = sys
  const unwatched = () => ({ close() {} })
  sys.watchDirectory = unwatched
  sys.watchFile = (path, ...more) => (path.endsWith('/package.json') ? unwatched() : watchFile.call(sys, path, ...more))
}

function end(): void {
  const works = [...endings]
  endings.clear()
  for (const work of works) work()
}

const tslab = (): Jupyter | undefined => load<Jupyter>('tslab/dist/jupyter')

/** Returns a module of CommonJS, of the type that it is known to have; undefined where there is none. */
function load<Module>(name: string): Module | undefined {
  try {
    return createRequire(import.meta.url)(name) as Module
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
