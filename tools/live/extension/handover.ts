/** Files that one page of the site hands to the next, in the browser's cache. */
import { notebookName } from './notebook.ts'

const cacheName = 'radgrad-handover'

/** Keeps a notebook. Returns the address under which `fetchNotebook` finds it. */
export async function keepNotebook(site: string, name: string, text: string): Promise<string> {
  const address = new URL(`handover/${encodeURIComponent(name)}`, site).href
  const cache = await caches.open(cacheName)
  await cache.put(address, new Response(text))
  return address
}

/**
 * Returns the address of a notebook, kept or beside the site.
 *
 * @throws Error for another site's, and for what is no address
 */
export function addressOf(site: string, address: string): URL {
  const { origin } = new URL(site)
  if (!URL.canParse(address, site)) throw new Error('it is no address')
  const url = new URL(address, site)
  if (url.origin !== origin) throw new Error('it is on another site: download it, then drop it here')
  return url
}

/**
 * Returns the text of a notebook, kept or beside the site, and forgets a kept one.
 *
 * @throws Error for one that cannot be fetched
 */
export async function fetchNotebook({ href }: URL): Promise<string> {
  const cache = await caches.open(cacheName)
  const kept = await cache.match(href)
  const answer = kept ?? (await fetch(href).catch(() => undefined))
  if (!answer?.ok) throw new Error(`it cannot be fetched${answer ? `: ${answer.status} ${answer.statusText}` : ''}`)
  const text = await answer.text()
  await cache.delete(href)
  return text
}

const problemKey = 'radgrad-problem'

/** Goes to the page in front, which tells a problem. */
export function goTell(site: string, problem: string): void {
  sessionStorage.setItem(problemKey, problem)
  location.replace(`${site}index.html`)
}

/** Returns the problem to tell, once. */
export function takeProblem(): string | null {
  const problem = sessionStorage.getItem(problemKey)
  sessionStorage.removeItem(problemKey)
  return problem
}

/** Returns the sentence for a notebook that cannot be opened. */
export const problemOf = (name: string, error: unknown): string =>
  `${name} cannot be opened: ${error instanceof Error ? error.message : error}`

/** Calls `take` for each notebook that is dropped on the page, and `tell` for another file that nothing else takes. */
export function onDroppedNotebook(
  take: (name: string, text: string) => Promise<void>,
  tell: (problem: string) => void
): void {
  const filesIn = ({ dataTransfer }: DragEvent): File[] => [...(dataTransfer?.files ?? [])]
  const open = (file: File): Promise<void> =>
    file
      .text()
      .then((text) => take(notebookName(file.name), text))
      .catch((error) => tell(problemOf(file.name, error)))
  addEventListener('dragover', (event) => event.dataTransfer?.types.includes('Files') && event.preventDefault(), true)
  addEventListener(
    'drop',
    (event) => {
      const notebooks = filesIn(event).filter(({ name }) => /\.ipynb$/i.test(name))
      if (notebooks.length === 0) return
      event.preventDefault()
      event.stopPropagation()
      for (const file of notebooks) void open(file)
    },
    true
  )
  // JupyterLab takes pictures into cells of text
  addEventListener('drop', (event) => {
    if (event.defaultPrevented || filesIn(event).length === 0) return
    event.preventDefault()
    for (const file of filesIn(event)) void open(file)
  })
}
