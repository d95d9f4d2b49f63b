/** What we use of tslab below its public `display`, which sends one type at a time and cannot update it. */
import { createRequire } from 'node:module'

/** One output in several types, of which each reader takes the best it knows. */
export type Bundle = Readonly<Record<string, unknown>>

type Write = (message: { data: Bundle; metadata: Bundle; transient: { display_id: string } }, update: boolean) => void

interface Jupyter {
  readonly lastWriteDisplayData: Write | null
  readonly ZmqServer: { readonly prototype: { publishStatus(status: string, parent: unknown): void } }
}

/** Sends to the cell that is executed. Each cell has its own, so it also tells cells apart; there is none outside a notebook. */
export const writer = (): Write | undefined => tslab()?.lastWriteDisplayData ?? undefined

/** What is to be done whenever a cell is done, before its readers hear that it is. */
export function beforeIdle(work: () => void): void {
  const server = tslab()?.ZmqServer.prototype
  if (!server) return
  const { publishStatus } = server
  server.publishStatus = function (status, parent) {
    try {
      if (status === 'idle') work()
    } finally {
      publishStatus.call(this, status, parent)
    }
  }
}

function tslab(): Jupyter | undefined {
  try {
    return createRequire(__filename)('tslab/dist/jupyter') as Jupyter
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
