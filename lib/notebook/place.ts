/** A place below a cell, of which only the newest content counts. */
import { randomUUID } from 'node:crypto'
import { type Bundle, beforeIdle, writer } from './tslab'

/** What a place shows; `last` when nothing will replace it any more, so that it may be as costly as what stays is worth. */
export type Content = (last: boolean) => Bundle

/** Milliseconds between updates. A browser takes some fifty to draw a figure, and would fall behind a run that sends more. */
const interval = 200

const waiting = new Map<string, Content>()
/** Sent, but not as what stays. */
const passing = new Map<string, Content>()
let timer: NodeJS.Timeout | undefined
beforeIdle(finish)

/** Shows what stays. Outside a notebook its text is printed. */
export function put(content: Content): void {
  if (writer()) send(randomUUID(), content(true), false)
  else console.log(content(true)['text/plain'])
}

/**
 * Shows what may change; the function returned puts another in its place, within an interval and before the cell ends. Of those
 * that come more often, the last is made and shown. Outside a notebook the first one's text is printed.
 */
export function place(first: Content): (next: Content) => void {
  const id = randomUUID()
  if (writer()) {
    send(id, first(false), false)
    passing.set(id, first)
  } else console.log(first(false)['text/plain'])
  return (next) => {
    waiting.set(id, next)
    timer ??= setTimeout(sendWaiting, interval)
  }
}

function sendWaiting(): void {
  timer = undefined
  for (const [id, content] of waiting) {
    send(id, content(false), true)
    passing.set(id, content)
  }
  waiting.clear()
}

function finish(): void {
  clearTimeout(timer)
  timer = undefined
  const all = [...new Map([...passing, ...waiting])]
  passing.clear()
  waiting.clear()
  for (const [id, content] of all) send(id, content(true), true)
}

const send = (id: string, data: Bundle, update: boolean): void =>
  writer()?.({ data, metadata: {}, transient: { display_id: id } }, update)
