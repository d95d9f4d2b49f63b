/** Outputs below a cell that can be replaced, at a pace that a browser can follow. */
import { type Bundle, host } from './host'

/** Makes an output. When `last`, the cell ends, and an expensive PNG may be drawn for it. */
export type Content = (last: boolean) => Bundle

/** Milliseconds between updates. A browser needs about 50 to draw a figure, and would fall behind a run that sends more. */
const interval = 200

/** The newest content of each display of the cell. */
const displays = new Map<string, { readonly content: Content; readonly isSent: boolean }>()
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * Shows an output at once; its PNG follows when the cell ends. The function returned replaces it, within 200 ms and before the cell
 * ends; of replacements that come more often, only the last is made and shown. Prints the first text outside a notebook, and no other.
 */
export function display(first: Content): (next: Content) => void {
  if (!host().cell()) {
    console.log(first(false)['text/plain'])
    return () => {}
  }
  const id = crypto.randomUUID()
  send(id, first(false), false)
  displays.set(id, { content: first, isSent: true })
  host().beforeIdle(finish)
  return (content) => {
    displays.set(id, { content, isSent: false })
    timer ??= setTimeout(update, interval, false)
    host().beforeIdle(finish)
  }
}

const finish = (): void => update(true)

/** Sends what has changed; when `last`, also what gains a picture. */
function update(last: boolean): void {
  clearTimeout(timer)
  timer = undefined
  for (const [id, { content, isSent }] of displays) {
    if (isSent && !last) continue
    const data = content(last)
    if (!isSent || 'image/png' in data) send(id, data, true)
    displays.set(id, { content, isSent: true })
  }
  if (last) displays.clear()
}

const send = (id: string, data: Bundle, isUpdate: boolean): void =>
  host().cell()?.({ data, metadata: {}, transient: { display_id: id } }, isUpdate)
