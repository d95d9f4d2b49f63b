import type { Environment } from '../environments'
import type { Network, Policy } from '../networks'
import { generator } from '../random'
import type { QueryStrategy } from '../strategies'
import { consult } from './consult'
import type { Labelled } from './dataset'
import { type Rollout, rollout } from './rollout'
import { type RuleRecord, ruleTally } from './rule-tally'

/** The states labelled in some episodes, and the episodes' outcome. */
export interface Collection extends Rollout {
  readonly labelled: Labelled
  readonly rules: readonly RuleRecord[]
}

/**
 * One iteration's episodes (lines 6 - 17 of Algorithm 1): in each state the strategy decides whether to ask the expert,
 * and who acts.
 *
 * @param key names the iteration's generators, as [seed, iteration]; each episode has two of its own, one for its start
 *   and one for the strategy
 * @param options.critic what the strategy's critic has learned; without it nothing is scored
 */
export async function collect(
  environment: Environment,
  policy: Policy,
  expert: Policy,
  strategy: QueryStrategy,
  count: number,
  key: readonly [seed: number, iteration: number],
  { critic, signal }: { critic?: Network | undefined; signal?: AbortSignal | undefined } = {}
): Promise<Collection> {
  const { observationSize: m, actionSize: n } = environment
  const generators = (purpose: string) => Array.from({ length: count }, (_, e) => generator(...key, purpose, e))
  const decisions = generators('decisions')
  const asked = {
    observations: [] as number[],
    actions: [] as number[],
    proposals: [] as number[],
    reasons: [] as number[]
  }
  const { actor, asks } = strategy
  const tally = ruleTally(asks)

  const outcome = await rollout(
    environment,
    environment.reset(generators('start')),
    (observations, running) => {
      const rngs = running.map((e) => decisions[e])
      const { proposals: actions, scores, reasons } = consult(strategy, policy, critic, observations, rngs)
      tally.add(scores, reasons)
      const rows = [...running.keys()].filter((row) => reasons[row])
      const states = gather(observations, rows, m)
      const answers = expert.predict(states, rows.length)
      push(asked.observations, states)
      push(asked.actions, answers)
      push(asked.proposals, gather(actions, rows, n))
      for (const row of rows) asked.reasons.push(reasons[row])
      if (actor === 'expert')
        return rows.length === running.length ? answers : expert.predict(observations, running.length)
      if (actor === 'expert-when-asked')
        rows.forEach((row, i) => {
          actions.set(answers.subarray(i * n, (i + 1) * n), row * n)
        })
      return actions
    },
    signal
  )
  const labelled = {
    rows: asked.reasons.length,
    observations: Float32Array.from(asked.observations),
    actions: Float32Array.from(asked.actions),
    proposals: Float32Array.from(asked.proposals),
    reasons: Uint8Array.from(asked.reasons)
  }
  return { ...outcome, labelled, rules: tally.records() }
}

function push(list: number[], values: Float32Array): void {
  for (const value of values) list.push(value)
}

/** Some rows of a matrix. */
function gather(matrix: Float32Array, rows: readonly number[], columns: number): Float32Array {
  const gathered = new Float32Array(rows.length * columns)
  rows.forEach((row, i) => {
    gathered.set(matrix.subarray(row * columns, (row + 1) * columns), i * columns)
  })
  return gathered
}
