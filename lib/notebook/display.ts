/** Outputs below a cell that can be replaced, at a pace that a browser can follow. */
import { type Bundle, host } from './host'

/** Makes an output. When `last`, the output stays, and an expensive PNG may be drawn for it. */
export type Content = (last: boolean) => Bundle

/** Milliseconds between updates. A browser needs about 50 to draw a figure, and would fall behind a run that sends more. */
const interval = 200

/** The newest content of each display that is still to be sent. */
const waiting = new Map<string, Content>()
/** The content of each display that was sent as one that may change. */
const sent = new Map<string, Content>()
let timer: ReturnType<typeof setTimeout> | undefined

/** Shows an output that stays. Prints its text outside a notebook. */
export function display(content: Content): void {
  if (host().cell()) send(crypto.randomUUID(), content(true), false)
  else print(content)
}

/**
 * Shows an output that may change. The function returned replaces it, within 200 ms and before the cell ends; of replacements
 * that come more often, only the last is made and shown. Prints the first text outside a notebook, and no other.
 */
export function displayHandle(first: Content): (next: Content) => void {
  if (!host().cell()) {
    print(first)
    return () => {}
  }
  const id = crypto.randomUUID()
  send(id, first(false), false)
  sent.set(id, first)
  host().beforeIdle(finish)
  return (next) => {
    waiting.set(id, next)
    timer ??= setTimeout(sendWaiting, interval)
    host().beforeIdle(finish)
  }
}

function sendWaiting(): void {
  timer = undefined
  for (const [id, content] of waiting) {
    send(id, content(false), true)
    sent.set(id, content)
  }
  waiting.clear()
}

/** Sends the last content of each display once more, as one that stays. */
function finish(): void {
  clearTimeout(timer)
  timer = undefined
  const last = new Map([...sent, ...waiting])
  sent.clear()
  waiting.clear()
  for (const [id, content] of last) send(id, content(true), true)
}

const send = (id: string, data: Bundle, update: boolean): void =>
  host().cell()?.({ data, metadata: {}, transient: { display_id: id } }, update)

const print = (content: Content): void => console.log(content(false)['text/plain'])
