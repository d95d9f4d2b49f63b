/** SHA-256 hashes, in hexadecimal. */
import { isRecord } from './json'

/** Hashes a piece of JSON. The order of its fields does not matter. */
export function hash(value: unknown): Promise<string> {
  const ordered = JSON.stringify(value, (_, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner
  )
  return hashBytes(new TextEncoder().encode(ordered))
}

export async function hashBytes(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
