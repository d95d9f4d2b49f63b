/** The inner loop of Algorithm 1. Comments that begin with a number quote the paper's lines. */

import { optional } from 'valibot'
import { type Batch, beginBatch } from './batch'
import { checksIn, criticSchema, namedStrategy, naming, participants, policySchema } from './check'
import { begin, beginRollout } from './environments/rollout'
import type { Policy } from './networks'
import type { Participants } from './participants'
import { anyMask } from './strategies/rules'
import { gatherScores } from './strategies/scores'
import { type Critic, expertControl, noCritic, type QueriedBatch, type StepBatch } from './strategies/strategy'
import { unlessAborted } from './util/event-loop'
import { isPromise } from './util/json'
import { gather } from './util/matrix'
import { generator, type Key } from './util/random'
import { count as aCount, check, notNegative, object, positive, wholeNumber } from './util/schema'

/** The participants of one iteration. */
export interface Collectors extends Participants {
  readonly policy: Policy
  /** The trained critic of the strategy. */
  readonly critic?: Critic
  /** Labels of earlier iterations, and their cost; none by default. */
  readonly labels?: number
  readonly spent?: number
  /** The cost of all labels (Equation 2): a query that would exceed it is not made. */
  readonly budget?: number | undefined
}

const before = { labels: optional(wholeNumber), spent: optional(notNegative), budget: optional(positive) }
const trained = { policy: policySchema, critic: optional(criticSchema) }
const collectorsSchema = object({ ...participants, ...before, ...trained, count: aCount })

/**
 * Runs episodes in which the strategy decides when the expert is queried and whose action is executed (Algorithm 1, lines 6
 * to 17).
 *
 * @param count number of episodes, Algorithm 1's N
 * @param key names the random numbers, by convention [seed, iteration]: an episode depends on this and on its own index alone
 * @throws Error that names the part that threw one; RangeError for an action that is not finite; the signal's reason when aborted
 */
export async function collect(collectors: Collectors, count: number, key: Key, signal?: AbortSignal): Promise<Batch> {
  check(collectorsSchema, 'collectors', { ...collectors, count })
  const { environment, policy, expert, strategy, critic = noCritic, labels = 0, spent = labels } = collectors
  const { cost, budget = Number.POSITIVE_INFINITY } = collectors
  const { rule, score, query, control, release, behaviour } = namedStrategy(strategy, critic, signal)
  const label = naming('the expert', expert.predict.bind(expert), signal)
  const { observationSize: m, actionSize: n } = environment
  const generators = (purpose: string) => Array.from({ length: count }, (_, e) => generator(...key, purpose, e))
  const decisions = generators('decisions')
  const batch = beginBatch(count, release ? [...rule.reasons, expertControl] : rule.reasons, cost)
  /** 1 for the episodes that the expert has taken over and not released. */
  const held = new Uint8Array(count)
  const memories = Array.from({ length: count }, () => ({}))

  // 6, 7: for all epochs, initialize environment and agent
  const rollout = beginRollout(environment, begin(environment, generators('start')), signal)
  // 8, 9: for each timestep, observe the states of all running episodes
  for await (const { states, running, here, act } of rollout.timesteps()) {
    const all = [...running.keys()]
    const rngs = running.map((e) => decisions[e])
    // 10: â ← π(s); each part has copies, which it may write into or give again
    const actions = here.numbers("the policy's action", policy.predict(states.slice(), all.length), n).slice()
    // 11: l(s, â)
    const scores = here.scores(score(states.slice(), actions.slice(), all.length))
    const step = (rows: readonly number[]): StepBatch => ({
      rows: rows.length,
      states: gather(states, rows, m),
      learnerActions: gather(actions, rows, n),
      episodes: rows.map((row) => running[row]),
      memories: rows.map((row) => memories[running[row]]),
      labels: labels + batch.labels(),
      critic
    })
    // 12: if the rule says so, for whichever reason
    const masks = here.masks(rule, query(scores, rngs, step(all)))
    if (release) masks.push(Uint8Array.from(running, (e) => held[e]))
    const mask = anyMask(masks, all.length)
    const queried = all.filter((row) => mask[row] && batch.pay(() => gather(states, [row], m), budget - spent))
    // 13: query the expert for a*; nobody is asked about nothing
    const asked = queried.map((row) => running[row])
    const there = checksIn(asked, rollout.lengths)
    const answer = asked.length > 0 ? label(gather(states, queried, m), asked.length) : new Float32Array()
    const given = isPromise(answer) ? await unlessAborted(answer, signal) : answer
    const expertActions = there.numbers("the expert's action", given, n).slice()
    const queriedStep = (): QueriedBatch => ({
      ...step(queried),
      expertActions: expertActions.slice(),
      scores: gatherScores(scores, queried),
      thresholds: { ...rule.thresholds }
    })

    // 14, 17: execute a* or â
    const executed = behaviour
      ? here.numbers("the behaviour's action", behaviour(step(all), rngs), n).slice()
      : actions.slice()
    if (release && asked.length > 0)
      there.mask('what release gives', release(queriedStep())).forEach((released, i) => {
        held[asked[i]] = 1 - released
      })
    if (asked.length > 0)
      there.mask('what control gives', control(queriedStep())).forEach((expertActs, i) => {
        if (expertActs) executed.set(expertActions.subarray(i * n, (i + 1) * n), queried[i] * n)
      })
    act(executed)

    // 15: D ← D ∪ {(s, â, a*)}
    batch.label(gather(states, queried, m), gather(actions, queried, n), expertActions, queried, masks)
    batch.visit(running, states, executed, scores)
  }
  return batch.end(rollout)
}
