import { aSignal, check } from './schema'

/** Milliseconds between two yields. */
const interval = 30

/** When this module last yielded: loops share it, so that many short ones yield as a long one does. */
let last = performance.now()

/**
 * Returns a function to await in each round of a loop: 30 ms after the last yield of any loop it yields to the event loop. Results do not depend on when.
 * It throws the signal's reason in the first round after the signal is aborted.
 */
export function createYielder(signal?: AbortSignal): () => Promise<void> | undefined {
  check(aSignal, 'signal', signal)
  return () => {
    signal?.throwIfAborted()
    if (performance.now() - last < interval) return undefined
    return yieldToEventLoop(signal).finally(() => {
      last = performance.now()
    })
  }
}

/**
 * Yields to the event loop, so that displays, timers and interrupts are served. A message is faster than a timer, which waits at
 * least a millisecond.
 *
 * @throws the signal's reason once it is aborted
 */
export async function yieldToEventLoop(signal?: AbortSignal): Promise<void> {
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

/**
 * Awaits a promise that may take long.
 *
 * @throws the signal's reason once it is aborted
 */
export function unlessAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal?.reason)
    signal?.addEventListener('abort', abort)
    promise.finally(() => signal?.removeEventListener('abort', abort)).then(resolve, reject)
  })
}

/** Returns the time since the process began, s. */
export const seconds = (): number => performance.now() / 1000
