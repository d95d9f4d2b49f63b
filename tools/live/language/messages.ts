/** The messages between a page and its language service. */
import type { Cells } from './document.ts'
import type { Completions } from './service.ts'

export type Question = Cells & { readonly id: number; readonly at: number; readonly type: 'complete' | 'inspect' }

export type Answer =
  | { readonly id: number; readonly type: 'complete'; readonly completions: Completions }
  | { readonly id: number; readonly type: 'inspect'; readonly text: string | undefined }
  | { readonly id: number; readonly type: 'failed'; readonly why: string }
