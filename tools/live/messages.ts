/** The messages between a page and the worker that is its kernel. */
import type { Bundle } from 'radgrad/dist/internal.js'

export interface Begin {
  readonly type: 'begin'
  /** The address of the site. */
  readonly site: string
  readonly quick: boolean
}

export type ToKernel =
  | Begin
  /** Executes a cell, whose number is its execution count. */
  | { readonly type: 'execute'; readonly id: number; readonly code: string }
  | { readonly type: 'interrupt' }
  | { readonly type: 'quick'; readonly quick: boolean }

/** An output in Jupyter's protocol, of the cell with this number. */
export type Output = { readonly id: number } & (
  | { readonly type: 'stream'; readonly content: { readonly name: 'stdout' | 'stderr'; readonly text: string } }
  | { readonly type: 'display' | 'update'; readonly content: DisplayContent }
  | { readonly type: 'error'; readonly content: ErrorContent }
)

export interface DisplayContent {
  readonly data: Bundle
  readonly metadata: Bundle
  readonly transient: { readonly display_id: string }
}

export interface ErrorContent {
  readonly ename: string
  readonly evalue: string
  readonly traceback: readonly string[]
}

export type FromKernel =
  | Output
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly id: number; readonly error?: ErrorContent }
  | { readonly type: 'download'; readonly name: string; readonly contents: string | Uint8Array }
