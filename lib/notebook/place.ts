/** A place below a cell, of which only the newest content counts. */
import { randomUUID } from 'node:crypto'
import { type Bundle, beforeIdle, writer } from './tslab'

/** Milliseconds between updates. A browser takes some fifty to draw a figure, and would fall behind a run that sends more. */
const interval = 200

const waiting = new Map<string, () => Bundle>()
let timer: NodeJS.Timeout | undefined
beforeIdle(sendWaiting)

/**
 * Shows a bundle; the function returned puts another in its place, within an interval and before the cell ends. Of those that come
 * more often, the last is made and shown. Outside a notebook the first bundle's text is printed.
 */
export function place(first: Bundle): (next: () => Bundle) => void {
  const id = randomUUID()
  if (writer()) send(id, first, false)
  else console.log(first['text/plain'])
  return (next) => {
    waiting.set(id, next)
    timer ??= setTimeout(sendWaiting, interval)
  }
}

function sendWaiting(): void {
  clearTimeout(timer)
  timer = undefined
  const all = [...waiting]
  waiting.clear()
  for (const [id, bundle] of all) send(id, bundle(), true)
}

const send = (id: string, data: Bundle, update: boolean): void =>
  writer()?.({ data, metadata: {}, transient: { display_id: id } }, update)
