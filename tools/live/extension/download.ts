/** Hands a file to the reader. */
export function download(name: string, contents: string | Uint8Array): void {
  const part = typeof contents === 'string' ? contents : Uint8Array.from(contents)
  const address = URL.createObjectURL(new Blob([part]))
  const link = Object.assign(document.createElement('a'), { href: address, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
