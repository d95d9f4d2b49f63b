/** The inner loop of Algorithm 1. Comments that begin with a number quote the paper's lines. */

import type { Participants } from './algorithm'
import { checksIn, collectorsSchema } from './check'
import type { Labelled } from './dataset'
import type { Rollout } from './environments'
import { begin, beginRollout } from './environments/rollout'
import type { Policy } from './networks'
import { type RuleRecord, ruleRecords } from './rule-record'
import type { Critic, Mask, VisitedStates } from './strategies'
import { anyMask } from './strategies/rules'
import { expertControl, noCritic } from './strategies/strategy'
import { gather } from './util/matrix'
import { generator, type Key } from './util/random'
import { check } from './util/schema'

/** The participants of one iteration. */
export interface Collectors extends Participants {
  readonly policy: Policy
  /** The trained critic of the strategy. */
  readonly critic?: Critic
}

/** A batch of episodes: the states visited and labelled in them, their returns and lengths (Algorithm 1, lines 6 to 17). */
export interface Batch extends Rollout {
  /** With the reasons for each query. */
  readonly labelled: Labelled & { readonly reasons: readonly (readonly string[])[] }
  readonly visited: VisitedStates
  readonly rules: readonly RuleRecord[]
}

/**
 * Runs episodes in which the strategy decides when the expert is queried and whose action is executed (Algorithm 1, lines 6
 * to 17).
 *
 * @param count number of episodes, Algorithm 1's N
 * @param key names the random numbers, by convention [seed, iteration]: an episode depends on this and on its own index alone
 * @throws RangeError for a score that the critic does not give, or an action that is not finite; the signal's reason when aborted
 */
export async function collect(collectors: Collectors, count: number, key: Key, signal?: AbortSignal): Promise<Batch> {
  check(collectorsSchema, 'collectors', { ...collectors, count })
  const { environment, policy, expert, strategy, critic = noCritic } = collectors
  const { rule, release } = strategy
  const { observationSize: m, actionSize: n } = environment
  const generators = (purpose: string) => Array.from({ length: count }, (_, e) => generator(...key, purpose, e))
  const decisions = generators('decisions')
  const reasons = release ? [...rule.reasons, expertControl] : rule.reasons
  const labelled = { states: floats(), learnerActions: floats(), expertActions: floats(), reasons: [] as string[][] }
  const visited = Array.from({ length: count }, () => ({ states: floats(), actions: floats() }))
  const scored = reasons.map(floats)
  /** 1 for the episodes that the expert has taken over and not released. */
  const held = new Uint8Array(count)

  // 6, 7: for all epochs, initialize environment and agent
  const rollout = beginRollout(environment, begin(environment, generators('start')), signal)
  // 8, 9: for each timestep, observe the states of all running episodes
  for await (const { states, running, here, act } of rollout.timesteps()) {
    const rows = running.length
    const rngs = running.map((e) => decisions[e])
    // 10: â ← π(s); each part has copies, which it may write into or give again
    const actions = here.numbers("the policy's action", policy.predict(states.slice(), rows), n).slice()
    // 11: l(s, â)
    const scores = here.scores(critic.score(states.slice(), actions.slice(), rows))
    // 12: if the rule says so, for whichever reason
    const masks = here.masks(rule, rule.query(scores, rngs))
    if (release) masks.push(Uint8Array.from(running, (e) => held[e]))
    const queried = rowsWhere(anyMask(masks, rows))
    // 13: query the expert for a*
    const queriedStates = gather(states, queried, m)
    const learnerActions = gather(actions, queried, n)
    const asked = queried.map((row) => running[row])
    const there = checksIn(asked, rollout.lengths)
    // nobody is asked about nothing
    const labels = asked.length > 0 ? expert.predict(queriedStates.slice(), asked.length) : new Float32Array()
    const expertActions = there.numbers("the expert's action", labels, n).slice()
    const batch = () => ({
      rows: queried.length,
      states: queriedStates.slice(),
      learnerActions: learnerActions.slice(),
      expertActions: expertActions.slice(),
      critic
    })

    // 14, 17: execute a* or â
    if (release && asked.length > 0)
      there.mask('what release gives', release.call(strategy, batch())).forEach((released, i) => {
        held[asked[i]] = 1 - released
      })
    if (asked.length > 0)
      there.mask('what control gives', strategy.control(batch())).forEach((expertActs, i) => {
        if (expertActs) actions.set(expertActions.subarray(i * n, (i + 1) * n), queried[i] * n)
      })
    act(actions)

    // 15: D ← D ∪ {(s, â, a*)}
    push(labelled.states, queriedStates)
    push(labelled.learnerActions, learnerActions)
    push(labelled.expertActions, expertActions)
    for (const row of queried) labelled.reasons.push(reasons.filter((_, i) => masks[i][row]))
    running.forEach((e, row) => {
      push(visited[e].states, states.subarray(row * m, (row + 1) * m))
      push(visited[e].actions, actions.subarray(row * n, (row + 1) * n))
    })
    reasons.forEach((reason, i) => {
      if (Object.hasOwn(scores, reason)) push(scored[i], scores[reason]())
    })
  }

  const lengths = [...rollout.lengths]
  return {
    returns: rollout.returns,
    lengths: rollout.lengths,
    labelled: {
      rows: labelled.reasons.length,
      observations: Float32Array.from(labelled.states),
      expertActions: Float32Array.from(labelled.expertActions),
      learnerActions: Float32Array.from(labelled.learnerActions),
      reasons: labelled.reasons
    },
    visited: {
      rows: lengths.reduce((sum, length) => sum + length, 0),
      observations: Float32Array.from(visited.flatMap(({ states }) => states)),
      actions: Float32Array.from(visited.flatMap(({ actions }) => actions)),
      lengths
    },
    rules: ruleRecords(reasons, labelled.reasons, scored)
  }
}

const floats = (): number[] => []

function push(list: number[], values: Float32Array): void {
  for (const value of values) list.push(value)
}

const rowsWhere = (mask: Mask): number[] => [...mask.keys()].filter((row) => mask[row])
