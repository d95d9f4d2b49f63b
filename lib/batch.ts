import type { Labelled } from './dataset'
import type { Rollout } from './environments'
import { type RuleRecord, ruleRecords } from './rule-record'
import type { Mask, Scores, VisitedStates } from './strategies'

/** A batch of episodes: the states visited and labelled in them, their returns and lengths (Algorithm 1, lines 6 to 17). */
export interface Batch extends Rollout {
  /** With the reasons for each query. */
  readonly labelled: Labelled & { readonly reasons: readonly (readonly string[])[] }
  readonly visited: VisitedStates
  readonly rules: readonly RuleRecord[]
}

/** Begins a batch of so many episodes, to which steps are appended. */
export function beginBatch(count: number, reasons: readonly string[]) {
  const labelled = { states: floats(), learnerActions: floats(), expertActions: floats(), reasons: [] as string[][] }
  const visited = Array.from({ length: count }, () => ({ states: floats(), actions: floats() }))
  const scored = reasons.map(floats)
  return {
    /** Returns the count of labels so far. */
    labels: () => labelled.reasons.length,
    /** Appends labelled states, of some rows of the masks, which tell the reasons. */
    label(states: Float32Array, learner: Float32Array, expert: Float32Array, rows: readonly number[], masks: Mask[]) {
      push(labelled.states, states)
      push(labelled.learnerActions, learner)
      push(labelled.expertActions, expert)
      for (const row of rows) labelled.reasons.push(reasons.filter((_, i) => masks[i][row]))
    },
    /** Appends the visited states of running episodes, and the actions executed there. */
    visit(running: readonly number[], states: Float32Array, actions: Float32Array, scores: Scores): void {
      const [m, n] = [states.length / running.length, actions.length / running.length]
      running.forEach((e, row) => {
        push(visited[e].states, states.subarray(row * m, (row + 1) * m))
        push(visited[e].actions, actions.subarray(row * n, (row + 1) * n))
      })
      reasons.forEach((reason, i) => {
        if (Object.hasOwn(scores, reason)) push(scored[i], scores[reason]())
      })
    },
    /** Returns the batch, once all episodes have ended. */
    end({ returns, lengths }: Rollout): Batch {
      const steps = [...lengths]
      return {
        returns,
        lengths,
        labelled: {
          rows: labelled.reasons.length,
          observations: Float32Array.from(labelled.states),
          expertActions: Float32Array.from(labelled.expertActions),
          learnerActions: Float32Array.from(labelled.learnerActions),
          reasons: labelled.reasons
        },
        visited: {
          rows: steps.reduce((sum, length) => sum + length, 0),
          observations: Float32Array.from(visited.flatMap(({ states }) => states)),
          actions: Float32Array.from(visited.flatMap(({ actions }) => actions)),
          lengths: steps
        },
        rules: ruleRecords(reasons, labelled.reasons, scored)
      }
    }
  }
}

const floats = (): number[] => []

function push(list: number[], values: Float32Array): void {
  for (const value of values) list.push(value)
}
