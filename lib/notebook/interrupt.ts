/**
 * Has an interrupt of the kernel stop something. tslab would not wait any longer for the cell, whose code runs on, and forget
 * what the cell declared; so it does not hear of this interrupt. Of the next it does.
 *
 * @returns ends that
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
