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
