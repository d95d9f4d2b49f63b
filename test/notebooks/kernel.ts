/** A client of the real kernel. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Bundle } from '../../lib/notebook/host'
import { jupyterEnvironment, python } from '../../tools/setup/python.mjs'
import { inRoot, root } from '../../tools/setup/root.mjs'

type Sent =
  | { readonly kind: 'stream'; readonly text: string }
  | { readonly kind: 'display_data' | 'update_display_data'; readonly id: string; readonly data: Bundle }

interface Answer {
  readonly status: 'ok' | 'error' | 'abort'
  readonly sent: readonly Sent[]
  readonly secondsAfter: number | null
}

export interface Execution {
  readonly status: Answer['status']
  readonly printed: string
  /** The outputs below the cell at the end, in order, with the number of updates of each. */
  readonly outputs: readonly { readonly data: Bundle; readonly updates: number }[]
  /** Seconds from the interrupt to the end of the cell. */
  readonly secondsAfter: number | null
}

export function startKernel() {
  const child = spawn(python(), [inRoot('test/notebooks/kernel.py')], {
    cwd: root,
    env: jupyterEnvironment(),
    stdio: ['pipe', 'pipe', 'inherit']
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const request = async (content: object): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(content)}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('the kernel is gone')
    return JSON.parse(value)
  }
  return {
    /** Executes a cell; interrupts it after that many displays and updates. */
    async execute(code: string, interruptAt?: number): Promise<Execution> {
      return executionOf((await request({ code, interruptAt })) as Answer)
    },
    complete: async (code: string) => (await request({ complete: code })) as string[],
    inspect: async (code: string) => (await request({ inspect: code })) as string,
    async stop() {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'close')
    }
  }
}

export type Kernel = ReturnType<typeof startKernel>

function executionOf({ sent, ...rest }: Answer): Execution {
  const outputs = new Map<string, { data: Bundle; updates: number }>()
  let printed = ''
  for (const one of sent)
    if (one.kind === 'stream') printed += one.text
    else outputs.set(one.id, { data: one.data, updates: (outputs.get(one.id)?.updates ?? -1) + 1 })
  return { ...rest, printed, outputs: [...outputs.values()] }
}
