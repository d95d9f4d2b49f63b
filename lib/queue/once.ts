/** Tells the same words once. */
export function once(tell: (words: string) => void): (words: string) => void {
  const told = new Set<string>()
  return (words) => {
    if (!told.has(words)) tell(words)
    told.add(words)
  }
}
