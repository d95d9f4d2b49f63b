import { checksOf, naming } from './check'
import type { Labelled } from './dataset'
import type { Rollout } from './environments'
import type { RuleRecord } from './iteration'
import type { Policy } from './networks'
import type { Cost } from './participants'
import type { Mask, Scores, VisitedStates } from './strategies'
import { concatenate, gather } from './util/matrix'
import { check, notNegative } from './util/schema'
import { quantile } from './util/statistics'

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
export function beginBatch(count: number, reasons: readonly string[], cost: Cost | undefined) {
  const [states, learnerActions, expertActions]: Float32Array[][] = [[], [], []]
  const why: string[][] = []
  const visited = Array.from({ length: count }, (): { state: Float32Array; action: Float32Array }[] => [])
  const scored = reasons.map((): Float32Array[] => [])
  let spent = 0
  return {
    /** Returns the count of labels so far. */
    labels: () => why.length,
    /** Pays for the label of a state, and returns true, unless the batch would then cost more than the budget. */
    pay(state: () => Float32Array, budget: number): boolean {
      const price = cost ? naming('the cost', cost)(state()) : 1
      if (cost) check(notNegative, 'the cost of a state', price)
      const affordable = spent + price <= budget
      if (affordable) spent += price
      return affordable
    },
    /** Appends labelled states, of some rows of the masks, which tell the reasons. */
    label(at: Float32Array, learner: Float32Array, expert: Float32Array, rows: readonly number[], masks: Mask[]): void {
      states.push(at)
      learnerActions.push(learner)
      expertActions.push(expert)
      for (const row of rows) why.push(reasons.filter((_, i) => masks[i][row]))
    },
    /** Appends the visited states of running episodes, and the actions executed there. */
    visit(running: readonly number[], at: Float32Array, actions: Float32Array, scores: Scores): void {
      const [m, n] = [at.length / running.length, actions.length / running.length]
      for (const [row, e] of running.entries())
        visited[e].push({ state: gather(at, [row], m), action: gather(actions, [row], n) })
      for (const [i, reason] of reasons.entries()) if (Object.hasOwn(scores, reason)) scored[i].push(scores[reason]())
    },
    /** Returns the batch, once all episodes have ended. */
    end({ returns, lengths }: Rollout): Batch {
      const steps = visited.flat()
      return {
        returns,
        lengths,
        labelled: {
          rows: why.length,
          observations: concatenate(states),
          expertActions: concatenate(expertActions),
          learnerActions: concatenate(learnerActions),
          reasons: why
        },
        visited: {
          rows: steps.length,
          observations: concatenate(steps.map(({ state }) => state)),
          actions: concatenate(steps.map(({ action }) => action)),
          lengths: [...lengths]
        },
        rules: reasons.map((reason, i) => ruleRecord(reason, why, concatenate(scored[i]))),
        cost: spent
      }
    }
  }
}

/**
 * Counts queries for one reason.
 *
 * @param queries the reasons for each query
 * @param scores of the reason over all visited states; empty for a reason without a score
 */
function ruleRecord(reason: string, queries: readonly (readonly string[])[], scores: Float32Array): RuleRecord {
  const mine = queries.filter((why) => why.includes(reason))
  const sorted = Float64Array.from(scores).sort()
  const quantiles = sorted.length > 0 ? [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => quantile(sorted, share)) : []
  return { reason, queried: mine.length, alone: mine.filter(({ length }) => length === 1).length, quantiles }
}

/**
 * Returns demonstrations as the first batch, with the actions that the learner proposes in their states.
 *
 * @throws RangeError for demonstrations that cost more than the budget
 */
export function demonstrated(visited: VisitedStates, policy: Policy, cost?: Cost, budget = Number.POSITIVE_INFINITY) {
  const { rows, observations, actions } = visited
  const { numbers } = checksOf(rows, (row) => `row ${row}`)
  numbers('the demonstrated state', observations, policy.inputs)
  numbers('the demonstrated action', actions, policy.outputs)
  const batch = beginBatch(0, ['demonstrations'], cost)
  const all = Array.from({ length: rows }, (_, row) => row)
  const paid = all.filter((row) => batch.pay(() => gather(observations, [row], policy.inputs), budget)).length
  if (paid < rows) throw new RangeError(`the budget of ${budget} pays for ${paid} of ${rows} demonstrations`)
  batch.label(observations, policy.predict(observations.slice(), rows), actions, all, [new Uint8Array(rows).fill(1)])
  return { ...batch.end({ returns: new Float64Array(), lengths: new Uint32Array() }), visited }
}
