import type { RecordedProtocol } from '../experiments/record'
import { decodeModel, encodeModel, type Model } from '../networks'

/** A run to be computed, with all that it takes, as JSON: it goes to other processes, and to other machines. */
export interface Job {
  readonly protocol: RecordedProtocol
  readonly seed: number
  readonly expert: PackedModel
}

/** A model as JSON. */
export interface PackedModel {
  readonly json: string
  /** In base 64. */
  readonly weights: string
}

export function pack(model: Model): PackedModel {
  const { json, weights } = encodeModel(model)
  return { json, weights: Buffer.from(weights).toString('base64') }
}

/** @throws Error for what is no packed model */
export const unpack = ({ json, weights }: PackedModel): Model =>
  decodeModel({ json, weights: Buffer.from(weights, 'base64') }, 'the expert')
