/** The page: its elements, and its address. */

/** The address of the site. */
export const site = new URL('.', location.href).href

/** Returns the element of the page with an id. */
export function element<T extends HTMLElement>(id: string, kind: { new (): T; readonly name: string }): T {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${kind.name} #${id}`)
}
