/** Where a queue is. */
export interface Address {
  /** All that it takes to connect: it may hold a password, and is not to be shown. */
  readonly url: string
  /** The same without name and password, to be shown. */
  readonly place: string
}

/** @throws Error that does not repeat the text, which may hold a password */
export function addressOf(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // what stands behind the host and is no number of a database may be the rest of a password
  if (!url?.hostname || !/^rediss?:$/.test(url.protocol) || !/^\/?\d*$/.test(url.pathname) || url.search || url.hash)
    throw new Error(
      '--queue takes redis://HOST:PORT, redis://NAME:PASSWORD@HOST:PORT/DATABASE or, with TLS, rediss://…; ' +
        'in a password, signs other than letters and digits are written as in %2F'
    )
  return { url: url.href, place: `${url.protocol}//${url.host}${url.pathname}` }
}
