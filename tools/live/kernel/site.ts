/** The site's files, which a kernel reads, and files that its cells write. */

let site = ''
let listed: Promise<ReadonlySet<string>> | undefined

/** Files written by this kernel. They last as long as it does. */
const written = new Map<string, Uint8Array>()

export function setSite(address: string): void {
  site = address
}

/** Returns the address of the folder with experts, records and tables. */
export const dataAddress = (): string => `${site}data`

/** Returns the names of the site's files, from its folder on. What failed is tried anew the next time. */
const files = (): Promise<ReadonlySet<string>> => {
  listed ??= fetchFiles().catch((error) => {
    listed = undefined
    throw error
  })
  return listed
}

async function fetchFiles(): Promise<ReadonlySet<string>> {
  const answer = await fetch(`${site}data/files.json`)
  if (!answer.ok) throw new Error(`data/files.json cannot be fetched: ${answer.status} ${answer.statusText}`)
  return new Set((await answer.json()) as string[])
}

/** Returns a file's name from the site's folder on. A relative path begins at the notebooks. */
function nameOf(path: string): string {
  const { href } = new URL(path, `${site}notebooks/`)
  return href.startsWith(site) ? decodeURI(href.slice(site.length)) : href
}

export async function exists(path: string): Promise<boolean> {
  const name = nameOf(path)
  return written.has(name) || (await files()).has(name)
}

/** @throws Error for a file that is not there */
export async function readFile(path: string): Promise<Uint8Array> {
  const name = nameOf(path)
  const own = written.get(name)
  if (own) return own.slice()
  if (!(await files()).has(name))
    throw new Error(`there is no file ${name} here: a page reads the files of its site only`)
  const answer = await fetch(`${site}${name}`)
  if (!answer.ok) throw new Error(`${name} cannot be fetched: ${answer.status} ${answer.statusText}`)
  return new Uint8Array(await answer.arrayBuffer())
}

/** @throws Error for a folder that is not there */
export async function listFolder(path: string): Promise<string[]> {
  const folder = `${nameOf(path).replace(/\/$/, '')}/`
  const names = [...(await files()), ...written.keys()].filter((name) => name.startsWith(folder))
  if (names.length === 0) throw new Error(`there is no folder ${folder} here: a page reads the files of its site only`)
  return [...new Set(names.map((name) => name.slice(folder.length).split('/')[0]))]
}

/** Keeps a file for this kernel to read. */
export function keep(path: string, contents: string | Uint8Array): void {
  written.set(nameOf(path), typeof contents === 'string' ? new TextEncoder().encode(contents) : contents.slice())
}
