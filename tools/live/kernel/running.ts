/** The cell being executed: its outputs, its end, and interrupts. */
import type { Send } from 'radgrad/dist/internal.js'
import type { FromKernel } from '../messages.ts'

/** Sends to the page. A cell may declare a `postMessage` of its own. */
export const post: (message: FromKernel) => void = globalThis.postMessage.bind(globalThis)

let current: { readonly id: number; readonly send: Send } | undefined
const endings = new Set<() => void>()
const hearing = new Set<() => void>()

/** Makes a cell the current one. Outputs of cells before it go on appearing below those. */
export function begin(id: number): void {
  const send: Send = (content, update) => post({ type: update ? 'update' : 'display', id, content })
  current = { id, send }
}

/** Ends the current cell. It stays the one below which appears what is printed between cells. */
export function end(): void {
  const works = [...endings]
  endings.clear()
  for (const work of works) work()
}

export const cell = (): Send | undefined => current?.send

/** Prints below the current cell. */
export function print(name: 'stdout' | 'stderr', text: string): void {
  if (current) post({ type: 'stream', id: current.id, content: { name, text } })
}

export const beforeIdle = (work: () => void): void => void endings.add(work)

/** Calls `stop` on the next interrupt. Returns a function that unsubscribes. */
export function onInterrupt(stop: () => void): () => void {
  hearing.add(stop)
  return () => void hearing.delete(stop)
}

/** Hands an interrupt to whoever listens, or else to the cell. */
export function interrupt(): void {
  const stops = [...hearing]
  hearing.clear()
  for (const stop of stops) stop()
  if (stops.length === 0) abandon?.()
}

let abandon: (() => void) | undefined

/** Waits for a cell, or for an interrupt that nothing in it listens to. */
export async function untilInterrupted<T>(running: Promise<T>): Promise<T> {
  const interrupted = new Promise<never>((_, reject) => {
    abandon = () =>
      reject(
        new Interrupt('the cell is not waited for any more. What it began may go on: a restart of the kernel ends it')
      )
  })
  try {
    return await Promise.race([running, interrupted])
  } finally {
    abandon = undefined
  }
}

class Interrupt extends Error {
  override readonly name = 'Interrupted'
}
