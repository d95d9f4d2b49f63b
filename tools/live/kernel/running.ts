/** The cell being executed: its outputs, its end, and interrupts. */
import type { Send } from 'radgrad/dist/internal.js'
import type { FromKernel } from '../messages.ts'
import { cellsIn } from './failure.ts'

type StreamName = 'stdout' | 'stderr'

interface Cell {
  readonly id: number
  readonly send: Send
}

// a cell may declare a postMessage of its own
const postMessage: (message: FromKernel) => void = globalThis.postMessage.bind(globalThis)

/** Text that waits, so that a page is not given thousands of small messages. */
let waiting: { readonly id: number; readonly name: StreamName; text: string }[] = []
let timer: ReturnType<typeof setTimeout> | undefined
let sentAt = Number.NEGATIVE_INFINITY

/** Text waits for as long at most, in ms. */
const patience = 50

/** Sends to the page, after the text that waits. */
export function post(message: FromKernel): void {
  sendText()
  postMessage(message)
}

function sendText(): void {
  clearTimeout(timer)
  timer = undefined
  if (waiting.length === 0) return
  sentAt = performance.now()
  for (const { id, name, text } of waiting) postMessage({ type: 'stream', id, content: { name, text } })
  waiting = []
}

/** Prints below a cell: at once, or with what else is printed shortly after the last time. */
export function print(name: StreamName, text: string): void {
  const cell = printing()
  if (cell) printBelow(cell.id, name, text)
}

function printBelow(id: number, name: StreamName, text: string): void {
  const last = waiting.at(-1)
  if (last?.id === id && last.name === name) last.text += text
  else waiting.push({ id, name, text })
  const rest = sentAt + patience - performance.now()
  if (rest <= 0) sendText()
  else timer ??= setTimeout(sendText, rest)
}

let current: Cell | undefined
/** Cells that were interrupted and have not ended: JavaScript cannot end them. */
const abandoned = new Map<number, Cell>()
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

/** Returns the cell below which outputs appear: the current one, but for an interrupted one that goes on, which the stack names. */
function printing(): Cell | undefined {
  if (abandoned.size === 0) return current
  const outermost = cellsIn(new Error().stack).at(-1)?.cell
  return (outermost !== undefined && abandoned.get(outermost)) || current
}

export const cell = (): Send | undefined => printing()?.send

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

/**
 * Waits for the current cell, or for an interrupt that nothing in it listens to.
 *
 * @param describe tells the error of a cell that went on after an interrupt
 */
export async function untilInterrupted<T>(running: Promise<T>, describe: (error: unknown) => string): Promise<T> {
  const own = current
  const interrupted = new Promise<never>((_, reject) => {
    abandon = () => {
      if (own) {
        abandoned.set(own.id, own)
        void running
          .catch((error) => printBelow(own.id, 'stderr', `${describe(error)}\n`))
          .finally(() => abandoned.delete(own.id))
      }
      reject(
        new Interrupt(
          'the cell is not waited for any more. What it began may go on, and print here: a restart of the kernel ends it'
        )
      )
    }
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
