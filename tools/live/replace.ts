/** Folders that are built beside their place, and put there as a whole. */
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { codeOf } from '../setup/errors.mjs'
import { lives } from '../setup/lock.mjs'

/**
 * Builds a folder, which then takes the place of the one before. Of two processes that do so at once, the last one wins.
 *
 * @param build fills a folder within the one that it is given, and returns its path
 */
export async function replaceFolder(folder: string, build: (work: string) => Promise<string>): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  await removeLeft(folder)
  const work = await mkdtemp(`${folder}.part-${process.pid}-`)
  try {
    await putInPlace(await build(work), folder, work)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Removes what interrupted processes have left beside a folder. */
async function removeLeft(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder))) {
    const [, pid] = /\.part-(\d+)-\w+$/.exec(name) ?? []
    if (pid && name.startsWith(`${basename(folder)}.part-`) && !lives(Number(pid)))
      await rm(join(dirname(folder), name), { recursive: true, force: true })
  }
}

async function putInPlace(built: string, folder: string, work: string): Promise<void> {
  const tries = 20
  for (let i = 0; ; i++) {
    await rename(folder, join(work, `old-${i}`)).catch((error) => {
      if (codeOf(error) !== 'ENOENT') throw error
    })
    try {
      return await rename(built, folder)
    } catch (error) {
      // another process has been quicker
      if (i === tries || !['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(codeOf(error))) throw error
    }
  }
}
