import type { Environment } from '../environments'
import { gather } from '../matrices'
import type { Policy } from '../networks'
import { generator } from '../random'
import { type Judge, type Met, nobody, type QueryStrategy } from '../strategies'
import { consult } from './consult'
import type { Labelled } from './dataset'
import { type Rollout, rollout } from './rollout'
import { type RuleRecord, ruleTally } from './rule-tally'

/** The states labelled in some episodes, all that were met, and the episodes' outcome. */
export interface Collection extends Rollout {
  readonly labelled: Labelled
  readonly met: Met
  readonly rules: readonly RuleRecord[]
}

/**
 * The inner loop of Algorithm 1 (lines 6 - 17): runs episodes, acting and asking as the strategy says. Asking labels the state
 * with the expert's own action.
 *
 * @param count how many episodes
 * @param key names the random numbers: an episode's start and its strategy's decisions depend on this and on the episode alone
 * @param options.critic what the strategy's critic has learned; without it nothing is scored
 */
export async function collect(
  environment: Environment,
  policy: Policy,
  expert: Policy,
  strategy: QueryStrategy,
  count: number,
  key: readonly (string | number)[],
  { critic: judge = nobody, signal }: { critic?: Judge | undefined; signal?: AbortSignal | undefined } = {}
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
  const met = Array.from({ length: count }, () => ({ observations: [] as number[], actions: [] as number[] }))
  const { actor, asks, handsBack } = strategy
  const tally = ruleTally(handsBack ? [...asks.reasons, 'in control'] : asks.reasons)
  const inControl = 1 << asks.reasons.length
  /** 1 for the episodes that the expert has not handed back. */
  const held = new Uint8Array(count)

  function act(observations: Float32Array, running: readonly number[]): Float32Array {
    const rngs = running.map((e) => decisions[e])
    const { proposals, scores, reasons } = consult(strategy, policy, judge, observations, rngs)
    running.forEach((e, row) => {
      if (held[e]) reasons[row] |= inControl
    })
    tally.add(scores, reasons)
    const rows = [...running.keys()].filter((row) => reasons[row])
    const states = gather(observations, rows, m)
    const proposed = gather(proposals, rows, n)
    const answers = expert.predict(states, rows.length)
    push(asked.observations, states)
    push(asked.actions, answers)
    push(asked.proposals, proposed)
    for (const row of rows) asked.reasons.push(reasons[row])
    const answered = { rows: rows.length, states, proposals: proposed, answers, judge }
    handsBack?.(answered).forEach((back, i) => {
      held[running[rows[i]]] = 1 - back
    })
    if (actor === 'expert')
      return rows.length === running.length ? answers : expert.predict(observations, running.length)
    if (actor === 'learner') return proposals

    const takes = actor === 'expert-when-asked' ? undefined : actor(answered)
    rows.forEach((row, i) => {
      if (takes?.[i] !== 0) proposals.set(answers.subarray(i * n, (i + 1) * n), row * n)
    })
    return proposals
  }

  const outcome = await rollout(
    environment,
    environment.reset(generators('start')),
    (observations, running) => {
      const actions = act(observations, running)
      running.forEach((e, row) => {
        push(met[e].observations, observations.subarray(row * m, (row + 1) * m))
        push(met[e].actions, actions.subarray(row * n, (row + 1) * n))
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
  const lengths = [...outcome.lengths]
  const all: Met = {
    rows: lengths.reduce((sum, length) => sum + length, 0),
    observations: Float32Array.from(met.flatMap(({ observations }) => observations)),
    actions: Float32Array.from(met.flatMap(({ actions }) => actions)),
    lengths
  }
  return { ...outcome, labelled, met: all, rules: tally.records() }
}

function push(list: number[], values: Float32Array): void {
  for (const value of values) list.push(value)
}
