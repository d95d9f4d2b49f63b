import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Writes a file whole or not at all, and makes its folder: a reader, also after a crash or on a full disk, sees the old file or the new
 * one. (The package write-file-atomic 7 puts a file that a full disk cut short in the place of the old one: it ignores how much was written.)
 */
export async function writeAtomically(path: string, contents: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const part = `${path}.${process.pid}.part`
  try {
    await writeFile(part, contents, { flush: true })
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}
