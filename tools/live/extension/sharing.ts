/** Notebooks that come from elsewhere: dropped on the page, or named in its address. They are kept in the reader's browser. */
import { addressOf, fetchNotebook, goTell, onDroppedNotebook, problemOf } from './handover.ts'
import type { App, Plugin } from './jupyterlite.ts'
import { notebookName, parseNotebook } from './notebook.ts'

export const sharingPlugin = (site: string): Plugin => ({
  id: '@radgrad/live:sharing',
  autoStart: true,
  async activate(app) {
    const take = async (name: string, text: string): Promise<void> => open(site, await keep(app, name, text))
    onDroppedNotebook(take, (problem) => alert(problem))
    const address = new URLSearchParams(location.search).get('notebook')
    if (address === null) return
    try {
      const url = addressOf(site, address)
      await take(nameOf(url), await fetchNotebook(url))
    } catch (error) {
      // there is nothing else on this page
      goTell(site, problemOf(address || 'a notebook without a name', error))
    }
  }
})

/** Returns the name of the notebook at an address. */
function nameOf({ pathname }: URL): string {
  const last = pathname.split('/').at(-1) ?? ''
  try {
    return notebookName(decodeURIComponent(last))
  } catch (error) {
    if (error instanceof URIError) return notebookName(last)
    throw error
  }
}

const open = (site: string, path: string): void =>
  location.assign(`${site}notebooks/index.html?path=${encodeURIComponent(path)}`)

/**
 * Writes a notebook to the browser's storage, under a name that is free.
 *
 * @throws Error for what is no notebook
 */
async function keep({ serviceManager: { contents } }: App, name: string, text: string): Promise<string> {
  const content = parseNotebook(text)
  const path = await freeName(name, (path) =>
    contents.get(path, { content: false }).then(
      () => true,
      () => false
    )
  )
  await contents.save(path, { type: 'notebook', format: 'json', content })
  return path
}

/** Returns the name, or the first free one of `name-2.ipynb`, `name-3.ipynb` … */
async function freeName(name: string, isTaken: (path: string) => Promise<boolean>): Promise<string> {
  let path = name
  for (let n = 2; await isTaken(path); n++) path = name.replace(/\.ipynb$/, `-${n}.ipynb`)
  return path
}
