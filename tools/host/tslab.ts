/** The parts of tslab below its public `display`, which sends one type at a time and cannot update it. */
import { createRequire } from 'node:module'
import type { Send } from 'radgrad/dist/internal.js'

interface Jupyter {
  readonly lastWriteDisplayData: Send | null
  readonly ZmqServer: { readonly prototype: { publishStatus(status: string, parent: unknown): void } }
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

function end(): void {
  const works = [...endings]
  endings.clear()
  for (const work of works) work()
}

function tslab(): Jupyter | undefined {
  try {
    return createRequire(import.meta.url)('tslab/dist/jupyter') as Jupyter
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
