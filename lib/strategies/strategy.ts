import type { Rng } from '../random'

/** A querying strategy, a row of Table 2: when the expert is asked for its action, and who acts. */
export interface QueryStrategy {
  /** Its name in the paper's tables and figures. */
  readonly title: string
  /** Whose actions the environment gets; `expert-when-asked` is the learner's otherwise. */
  readonly actor: 'expert' | 'learner' | 'expert-when-asked'
  readonly asks: Rule
}

/** Whether to ask, 1 or 0, for each row of a batch of states. One generator a row: its episode's own. */
export type Rule = (rngs: readonly Rng[]) => Uint8Array
