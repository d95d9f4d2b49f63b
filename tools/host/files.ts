import { access, readdir } from 'node:fs/promises'
import { resolve } from 'node:path'

export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  )

/**
 * Lists the names in a folder.
 *
 * @throws Error that names the whole path, as one relative to a process's folder is mostly missing because that is another
 */
export const listFolder = (path: string): Promise<string[]> =>
  readdir(path).catch((error: NodeJS.ErrnoException) => {
    const whole = resolve(path)
    throw new Error(
      error.code === 'ENOENT'
        ? `there is no folder ${whole}${path === whole ? '' : ` ('${path}' is sought from ${process.cwd()})`}`
        : `the folder ${whole} cannot be read: ${error.message}`
    )
  })
