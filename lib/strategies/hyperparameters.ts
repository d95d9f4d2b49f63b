import type { InferOutput } from 'valibot'
import type { EnvironmentName } from '../environments'
import { choice, object, positive, share } from '../util/schema'

const thresholds = object({
  /** On a critic's score. */
  tau: positive,
  /** On the norm of its gradient. */
  epsilon: positive
})

export const hyperparametersSchema = object({
  loss: thresholds,
  safety: thresholds,
  /** The random rule's probability. */
  query: share('states to query in')
})

export type Hyperparameters = InferOutput<typeof hyperparametersSchema>

/** The paper's Table 1. */
export const hyperparameters: Readonly<Record<EnvironmentName, Hyperparameters>> = {
  reacher: { loss: { tau: 0.02, epsilon: 0.002 }, safety: { tau: 0.04, epsilon: 1 }, query: 0.3 },
  hopper: { loss: { tau: 0.3, epsilon: 0.2 }, safety: { tau: 0.3, epsilon: 200 }, query: 0.3 }
}

/** Readings of the gradients, which the paper leaves open: of which scalar of a network's outputs. */
export const readingsSchema = object({
  loss: choice(['norm', 'jacobian', 'sum']),
  safety: choice(['probability', 'logit'])
})

export type Readings = InferOutput<typeof readingsSchema>

export const readings: Readings = { loss: 'norm', safety: 'probability' }
