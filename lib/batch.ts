import { checksOf } from './check'
import type { Labelled } from './dataset'
import type { Rollout } from './environments'
import type { Policy } from './networks'
import type { Cost } from './participants'
import { type RuleRecord, ruleRecords } from './rule-record'
import type { Mask, Scores, VisitedStates } from './strategies'
import { gather } from './util/matrix'
import { check, notNegative } from './util/schema'

/** A batch of episodes: the states visited and labelled in them, their returns and lengths (Algorithm 1, lines 6 to 17). */
export interface Batch extends Rollout {
  /** With the reasons for each query. */
  readonly labelled: Labelled & { readonly reasons: readonly (readonly string[])[] }
  readonly visited: VisitedStates
  readonly rules: readonly RuleRecord[]
  /** The cost of its labels: their count, unless states have another cost than 1 (Equation 2). */
  readonly cost: number
}

/** Begins a batch of so many episodes, to which steps are appended. */
export function beginBatch(count: number, reasons: readonly string[]) {
  const labelled = { states: floats(), learnerActions: floats(), expertActions: floats(), reasons: [] as string[][] }
  const visited = Array.from({ length: count }, () => ({ states: floats(), actions: floats() }))
  const scored = reasons.map(floats)
  let spent = 0
  return {
    /** Returns the count of labels so far. */
    labels: () => labelled.reasons.length,
    /** Pays for a label, and returns true, unless the batch would then cost more than the budget. */
    pay(cost: number, budget: number): boolean {
      check(notNegative, 'the cost of a state', cost)
      const affordable = spent + cost <= budget
      if (affordable) spent += cost
      return affordable
    },
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
        rules: ruleRecords(reasons, labelled.reasons, scored),
        cost: spent
      }
    }
  }
}

/** Returns demonstrations as the first batch, with the actions that the learner proposes in their states. */
export function demonstrated(visited: VisitedStates, policy: Policy, cost: Cost): Batch {
  const { rows, observations, actions } = visited
  const { numbers } = checksOf(rows, (row) => `row ${row}`)
  numbers('the demonstrated state', observations, policy.inputs)
  numbers('the demonstrated action', actions, policy.outputs)
  const batch = beginBatch(0, ['demonstrations'])
  const all = Array.from({ length: rows }, (_, row) => row)
  for (const row of all) batch.pay(cost(gather(observations, [row], policy.inputs)), Number.POSITIVE_INFINITY)
  batch.label(observations, policy.predict(observations.slice(), rows), actions, all, [new Uint8Array(rows).fill(1)])
  return { ...batch.end({ returns: new Float64Array(), lengths: new Uint32Array() }), visited }
}

const floats = (): number[] => []

function push(list: number[], values: Float32Array): void {
  for (const value of values) list.push(value)
}
