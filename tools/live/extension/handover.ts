/** Files that one page of the site hands to the next, in the browser's cache. */

const cacheName = 'radgrad-handover'

/** Keeps a notebook. Returns the address under which `fetchNotebook` finds it. */
export async function keepNotebook(site: string, name: string, text: string): Promise<string> {
  const address = new URL(`handover/${encodeURIComponent(name)}`, site).href
  const cache = await caches.open(cacheName)
  await cache.put(address, new Response(text))
  return address
}

/**
 * Returns the text of a notebook, kept or beside the site, and forgets a kept one.
 *
 * @throws Error for another site's, and for one that cannot be fetched
 */
export async function fetchNotebook(site: string, address: string): Promise<string> {
  const { origin, href } = new URL(address, site)
  if (origin !== new URL(site).origin) throw new Error(`${href} is on another site: download it, then drop it here`)
  const cache = await caches.open(cacheName)
  const kept = await cache.match(href)
  const answer = kept ?? (await fetch(href))
  if (!answer.ok) throw new Error(`${href} cannot be fetched: ${answer.status} ${answer.statusText}`)
  const text = await answer.text()
  await cache.delete(href)
  return text
}

/** Calls `take` for each notebook that is dropped on the page. */
export function onDroppedNotebook(take: (name: string, text: string) => void): void {
  const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false
  addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault(), true)
  addEventListener(
    'drop',
    (event) => {
      const files = [...(event.dataTransfer?.files ?? [])].filter(({ name }) => name.endsWith('.ipynb'))
      if (files.length === 0) return
      event.preventDefault()
      event.stopPropagation()
      for (const file of files) void file.text().then((text) => take(file.name, text))
    },
    true
  )
}
