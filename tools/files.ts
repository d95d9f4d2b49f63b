import { constants } from 'node:fs'
import { mkdir, open, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const { O_NONBLOCK, O_WRONLY } = constants

/**
 * Writes a file whole or not at all, and makes its folder: a reader, also after a crash or on a full disk, sees the old file or the new
 * one. Follows links. A pipe or a device is written to and stays. (The package write-file-atomic 7 puts a file that a full disk cut short
 * in the place of the old one: it ignores how much was written.)
 */
export async function writeAtomically(path: string, contents: string | Uint8Array): Promise<void> {
  if (await isStream(path)) return writeFile(path, contents)
  const file = await withoutLinks(path)
  const part = `${file}.${process.pid}.part`
  try {
    await writeFile(part, contents, { flush: true })
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/** A place for lines that come one by one. */
export interface Lines {
  add(line: string): Promise<void>
  close(): Promise<void>
}

/**
 * Opens a file for lines, which is whole after each. A pipe or a device is given each line once.
 *
 * @param signal ends the waiting for who reads a pipe
 */
export async function openLines(path: string, signal: AbortSignal): Promise<Lines> {
  if (await isStream(path)) return openStream(path, signal)
  let text = ''
  await writeAtomically(path, text)
  return {
    add(line) {
      text += `${line}\n`
      return writeAtomically(path, text)
    },
    async close() {}
  }
}

/** Opens what is no regular file. Nothing blocks, as no signal ends a thread that waits in the system for a reader. */
async function openStream(path: string, signal: AbortSignal): Promise<Lines> {
  const isPipe = (await stat(path)).isFIFO()
  const stream = await patiently(isPipe ? 'ENXIO' : undefined, () => open(path, O_WRONLY | O_NONBLOCK), signal)
  return {
    async add(line) {
      let rest = Buffer.from(`${line}\n`)
      while (rest.length > 0) {
        const { bytesWritten } = await patiently('EAGAIN', () => stream.write(rest), signal)
        rest = rest.subarray(bytesWritten)
      }
    },
    close: () => stream.close()
  }
}

/** Tries again, ten times a second, as long as that ends with an error of this code. */
async function patiently<T>(code: string | undefined, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      if (code === undefined || (error as NodeJS.ErrnoException).code !== code) throw error
    }
    await sleep(100)
  }
}

/** Returns true for what no regular file is to replace: a pipe, a device, a socket. */
async function isStream(path: string): Promise<boolean> {
  try {
    const standing = await stat(path)
    return !standing.isFile() && !standing.isDirectory()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** Returns the file that links lead to, be it there or not, and makes the folders on the way. */
async function withoutLinks(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  const to = await readlink(path).catch(() => undefined)
  return to === undefined ? path : withoutLinks(resolve(await realpath(dirname(path)), to))
}
