/**
 * Calls `stop` on the first SIGINT and hides it from tslab, which would otherwise abandon the running cell and forget its
 * declarations. The second SIGINT reaches tslab.
 *
 * @returns a function that unsubscribes
 */
export function onInterrupt(stop: () => void): () => void {
  const others = process.listeners('SIGINT')
  process.removeAllListeners('SIGINT')
  const end = (): void => {
    if (!process.listeners('SIGINT').includes(hear)) return
    process.off('SIGINT', hear)
    for (const other of others) process.on('SIGINT', other)
  }
  const hear = (): void => {
    end()
    stop()
  }
  process.on('SIGINT', hear)
  return end
}
