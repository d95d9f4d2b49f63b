/** Hashes (SHA-256, hexadecimal) that say whether two things are the same. */
import { encodeModel, type Model } from '../networks'
import { isRecord } from '../networks/topology'

/** The hash of a piece of JSON, whatever the order of its fields. */
export function hash(value: unknown): Promise<string> {
  const ordered = JSON.stringify(value, (_, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner
  )
  return sha256(new TextEncoder().encode(ordered))
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The hash of a network: of what it is made of, and of its weights. */
export async function fingerprint(model: Model): Promise<string> {
  const { weights } = encodeModel(model)
  return hash({ topology: model.topology, weights: await sha256(weights) })
}
