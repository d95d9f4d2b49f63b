/** Milliseconds between two turns. */
const interval = 30

const elapsed = (): number => performance.now()

/** For a loop to await in each round: now and then it takes a turn. When that is, no result depends on. */
export function turns(signal?: AbortSignal): () => Promise<void> | undefined {
  let last = elapsed()
  return () => {
    if (elapsed() - last < interval) return undefined
    return turn(signal).finally(() => {
      last = elapsed()
    })
  }
}

/**
 * Lets whatever else is waiting have its turn: displays, timers, an interrupt. A message is quicker than a timer, which
 * waits a millisecond at least.
 *
 * @throws the signal's reason once it is aborted
 */
export async function turn(signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
  signal?.throwIfAborted()
}
