/** The messages between the page and the worker that gives a lesson. */
import type { IterationRecord } from 'radgrad'
import type { Answer, Answered, Strategy } from './lesson.ts'

export type ToWorker =
  /** Begins a round. The answers were given before; the worker asks from the next one on. */
  | {
      readonly type: 'begin'
      readonly site: string
      readonly strategy: Strategy
      readonly seed: number
      readonly answers: readonly Answer[]
    }
  | { readonly type: 'answer'; readonly answer: Answer }

export type FromWorker =
  /** A state of an episode; a replayed one need not be watched again. */
  | {
      readonly type: 'visit'
      readonly state: readonly number[]
      readonly iteration: number
      readonly step: number
      readonly replayed: boolean
    }
  | { readonly type: 'ask'; readonly reasons: readonly string[] }
  | { readonly type: 'answered'; readonly answer: Answered }
  | {
      readonly type: 'learned'
      readonly record: IterationRecord
      readonly expertReturns: readonly number[]
      readonly own: number
    }
  /** The end of a round, with its file. */
  | { readonly type: 'ended'; readonly text: string }
  | { readonly type: 'failed'; readonly message: string }
