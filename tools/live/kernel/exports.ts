/** The names of a module, and what is said of others. */

/**
 * Checks that a module exports names that a cell imports.
 *
 * @param types the names of its types, which are gone once a cell runs
 * @throws SyntaxError, as a module of Node gives it, with the nearest name that there is
 */
export function checkExports(
  name: string,
  exported: readonly string[],
  wanted: readonly string[],
  types: readonly string[] = []
): void {
  for (const one of wanted) {
    if (exported.includes(one) || types.includes(one)) continue
    if (one === 'default')
      throw new SyntaxError(`the module '${name}' has no default export: import * as … from '${name}' gives all of it`)
    const near = nearest(one, exported)
    throw new SyntaxError(`the module '${name}' does not export '${one}'${near ? `: is '${near}' meant?` : ''}`)
  }
}

/** Returns the name that takes the fewest changes of a letter, if these are few. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const [first] = names
    .map((one) => ({ one, changes: changesBetween(name.toLowerCase(), one.toLowerCase()) }))
    .filter(({ changes }) => changes <= Math.ceil(name.length / 4))
    .toSorted((a, b) => a.changes - b.changes)
  return first?.one
}

/** Counts the letters to put in, to leave out or to replace. */
function changesBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1])))
    row = next
  }
  return row[b.length]
}
