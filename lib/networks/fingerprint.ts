import { hash, hashBytes } from '../util/hash'
import { encodeModel, type Model } from './format'
import { canonicalTopology } from './topology'

/** Hashes a network: its topology and its weights, whatever its layers are called. */
export async function fingerprint(model: Model): Promise<string> {
  const { weights } = encodeModel(model)
  return hash({ topology: canonicalTopology(model.topology), weights: await hashBytes(weights) })
}
