import type { Dataset } from './dataset'
import type { FitReport, Network } from './networks'
import type { RuleRecord } from './rule-record'
import type { Critic, VisitedStates } from './strategies'

/** One iteration, with all that a notebook may want to draw. */
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

/** The outcome of one iteration: the same for the same protocol and seed on any machine. */
export interface IterationRecord {
  /** From 1. */
  readonly iteration: number
  /** Labels so far. */
  readonly queries: number
  /** The expert's return minus the policy's, mean over trials from the same starts. */
  readonly loss: number
  /** Its standard deviation over trials. */
  readonly lossSd: number
  /** The policy's return in each trial. */
  readonly returns: readonly number[]
  /** Counts for each of the strategy's reasons to query. */
  readonly rules: readonly RuleRecord[]
  /** Names of networks with one output for all labelled states: a layer of theirs has died. */
  readonly constant: readonly string[]
}
