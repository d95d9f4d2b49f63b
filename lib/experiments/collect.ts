import type { Environment } from '../environments'
import type { Network } from '../networks'
import { generator } from '../random'
import type { QueryStrategy } from '../strategies'
import type { Labelled } from './dataset'
import { type Rollout, rollout } from './rollout'

/** The states labelled in some episodes, and the episodes' outcome. */
export interface Collection extends Rollout {
  readonly labelled: Labelled
}

/**
 * One iteration's episodes (lines 6 - 17 of Algorithm 1): in each state the strategy decides whether to ask the expert,
 * and who acts.
 *
 * @param key names the iteration's generators, as [seed, iteration]; each episode has two of its own, one for its start
 *   and one for the strategy
 */
export async function collect(
  environment: Environment,
  policy: Network,
  expert: Network,
  { actor, asks }: QueryStrategy,
  count: number,
  key: readonly [seed: number, iteration: number],
  signal?: AbortSignal
): Promise<Collection> {
  const { observationSize: m, actionSize: n } = environment
  const generators = (purpose: string) => Array.from({ length: count }, (_, e) => generator(...key, purpose, e))
  const decisions = generators('decisions')
  const observed: number[] = []
  const labels: number[] = []

  const episodes = environment.reset(generators('start'))
  const outcome = await rollout(
    environment,
    episodes,
    (observations, running) => {
      const asked = asks(running.map((e) => decisions[e]))
      const rows = [...running.keys()].filter((row) => asked[row])
      const states = gather(observations, rows, m)
      const answers = expert.predict(states, rows.length)
      for (const value of states) observed.push(value)
      for (const value of answers) labels.push(value)
      if (actor === 'expert' && rows.length === running.length) return answers
      const actions = policy.predict(observations, running.length)
      if (actor === 'expert-when-asked')
        rows.forEach((row, i) => {
          actions.set(answers.subarray(i * n, (i + 1) * n), row * n)
        })
      return actions
    },
    signal
  )
  const labelled = {
    rows: labels.length / n,
    observations: Float32Array.from(observed),
    actions: Float32Array.from(labels)
  }
  return { ...outcome, labelled }
}

/** Some rows of a matrix. */
function gather(matrix: Float32Array, rows: readonly number[], columns: number): Float32Array {
  const gathered = new Float32Array(rows.length * columns)
  rows.forEach((row, i) => {
    gathered.set(matrix.subarray(row * columns, (row + 1) * columns), i * columns)
  })
  return gathered
}
