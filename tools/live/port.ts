/**
 * Reads a port from the command line.
 *
 * @returns 0, any that is free, if none is given
 * @throws RangeError for what is no port
 */
export function portOf(text = '0'): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new RangeError(`--port takes a whole number from 0 to 65535, where 0 is any that is free: not '${text}'`)
}

/** Returns the error of a port at which a server cannot listen, in words. */
export function portError(error: unknown, port: number): unknown {
  const { code } = Object(error) as { code?: string }
  if (code === 'EADDRINUSE') return new Error(`port ${port} is taken: give another by --port, or none for a free one`)
  if (code === 'EACCES') return new Error(`port ${port} is not yours to use: give one above 1023 by --port`)
  return error
}
