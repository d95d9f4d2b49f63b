import type { InferOutput } from 'valibot'
import { tasks } from '../environments/tasks'
import { frozen, mapValues } from '../util/json'
import { check, choice, object, positive, share } from '../util/schema'

const thresholds = object({
  /** On a critic's score, in units of actions. */
  tau: positive,
  /** On the norm of its gradient. */
  epsilon: positive
})

export const hyperparametersSchema = object({
  /** Of the loss network. */
  loss: thresholds,
  /** Of SafeDAgger's network: `tau` is the distance beyond which an action is unsafe. */
  safety: thresholds,
  /** The random rule's probability. */
  query: share('states to query in')
})

/** A task's column of Table 1: thresholds, and the probability of random queries. */
export type Hyperparameters = InferOutput<typeof hyperparametersSchema>

/** The thresholds of each task: the paper's Table 1 for its two. */
export const hyperparameters = frozen(mapValues(tasks, ({ thresholds }): Hyperparameters => thresholds))

/** Readings of the gradients, which the paper leaves open: of which scalar of a network's outputs. */
export const readingOf = {
  /** Of the loss network, see `GradientReading`. */
  loss: choice(['norm', 'jacobian', 'sum']),
  /** Of SafeDAgger's network. */
  safety: choice(['probability', 'logit'])
}

export const readingsSchema = object(readingOf)

/** Readings of "the norm of the gradient" (section 3.1), which the paper leaves open: of which scalar the gradient is taken. */
export type Readings = InferOutput<typeof readingsSchema>

export const readings: Readings = frozen({ loss: 'norm', safety: 'probability' })

const settingsSchema = object({ hyperparameters: hyperparametersSchema, readings: readingsSchema })

/** Checks what strategies are made with. */
export const checkSettings = (hyperparameters: unknown, readings: unknown): void =>
  check(settingsSchema, 'settings', { hyperparameters, readings })
