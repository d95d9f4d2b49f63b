import { exactOptional, type InferOutput } from 'valibot'
import type { Dataset } from './dataset'
import type { FitReport, Network } from './networks'
import type { Critic, VisitedStates } from './strategies'
import { allMeasured, count, listOf, measured, object, text } from './util/schema'

/** One iteration of Algorithm 1, with all that a notebook may want to draw: the networks, the data, the record. All but the networks are copies. */
export interface Iteration {
  readonly record: IterationRecord
  /** The policy tested; the next iteration goes on training it. On TensorFlow it holds memory until it is disposed of. */
  readonly policy: Network
  readonly critic: Critic
  readonly data: Dataset
  /** All states visited so far, labelled or not. */
  readonly visited: VisitedStates
  readonly fit: FitReport
  /** The expert's return in each trial. */
  readonly expertReturns: Float64Array
  /** Durations, s; they differ from run to run. */
  readonly seconds: { readonly collect: number; readonly train: number; readonly test: number }
}

const ruleRecord = object({
  /** The name of a score, or of what else decides: `always`, `random`, `expertControl`. */
  reason: text,
  /** States queried for this reason, and for this reason alone. */
  queried: measured,
  alone: measured,
  /** The 5, 25, 50, 75 and 95 % quantiles of its score over all visited states; empty for a reason without a score. */
  quantiles: allMeasured
})

/** Counts for one reason to query in one iteration. */
export type RuleRecord = InferOutput<typeof ruleRecord>

/** Schema of the outcome of one iteration, as records have it. */
export const iterationRecordSchema = object({
  /** From 1. */
  iteration: count,
  /** Labels so far. */
  queries: measured,
  /** Their cost, where labels have another cost than 1 (Equation 2). */
  cost: exactOptional(measured),
  /** Steps of the environment so far in a run within a budget: those of demonstrations and calibrations count, those of trials do not. */
  steps: exactOptional(measured),
  /** The expert's return minus the policy's, mean over trials from the same starts. */
  loss: measured,
  /** Its standard deviation over trials. */
  lossSd: measured,
  /** The policy's return in each trial. */
  returns: allMeasured,
  /** Counts for each of the strategy's reasons to query. */
  rules: listOf(ruleRecord),
  /** Names of networks with one output for all labelled states: a layer of theirs has died. */
  constant: listOf(text)
})

/** The outcome of one iteration: the same for the same protocol and seed on any machine. */
export type IterationRecord = InferOutput<typeof iterationRecordSchema>
