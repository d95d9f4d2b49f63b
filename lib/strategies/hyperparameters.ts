import type { EnvironmentName } from '../environments'
import type { GradientReading } from './critics'

/** Thresholds on a critic's score (tau) and on its gradient (epsilon), and the random rule's probability. */
export interface Hyperparameters {
  readonly loss: { readonly tau: number; readonly epsilon: number }
  readonly safety: { readonly tau: number; readonly epsilon: number }
  readonly query: number
}

/** The paper's Table 1. */
export const hyperparameters: Readonly<Record<EnvironmentName, Hyperparameters>> = {
  reacher: { loss: { tau: 0.02, epsilon: 0.002 }, safety: { tau: 0.04, epsilon: 1 }, query: 0.3 },
  hopper: { loss: { tau: 0.3, epsilon: 0.2 }, safety: { tau: 0.3, epsilon: 200 }, query: 0.3 }
}

/** What the paper leaves open about the gradients: whose, and of which vector. */
export interface Readings {
  readonly loss: GradientReading
  readonly safety: 'probability' | 'logit'
}

export const readings: Readings = { loss: 'norm', safety: 'probability' }
