/** The switch for quick runs, which the reader's browser remembers. */

const key = 'radgrad-quick'
const hearing = new Set<(quick: boolean) => void>()

export const isQuick = (): boolean => localStorage.getItem(key) === 'yes'

export function setQuick(quick: boolean): void {
  localStorage.setItem(key, quick ? 'yes' : 'no')
  for (const hear of hearing) hear(quick)
}

/** Calls `hear` whenever the switch is turned. Returns a function that unsubscribes. */
export function onQuick(hear: (quick: boolean) => void): () => void {
  hearing.add(hear)
  return () => void hearing.delete(hear)
}
