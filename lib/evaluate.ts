import { type InferOutput, optional } from 'valibot'
import { environmentSchema, naming, policySchema } from './check'
import type { Environment } from './environments'
import { begin, beginRollout } from './environments/rollout'
import type { Expert, Policy } from './networks'
import { unlessAborted } from './util/event-loop'
import { isPromise } from './util/json'
import { generator, normal } from './util/random'
import { count as aCount, aSignal, check, notNegative, object, text } from './util/schema'

const optionsSchema = object({ noise: optional(notNegative), signal: aSignal, role: optional(text) })
type TrialOptions = InferOutput<typeof optionsSchema>
const schema = object({ environment: environmentSchema, policy: policySchema, count: aCount, options: optionsSchema })

/**
 * Runs trials of a policy, without the expert. Trial i of a task has the same start for every policy, so that returns can be compared
 * trial by trial.
 *
 * @param count number of trials
 * @param options.noise standard deviation of the normal noise added to each entry of an action; 0 by default
 * @param options.role names the policy in errors; an `expert` may answer later
 * @throws Error that names the policy by its role; RangeError for an action that is not finite; the signal's reason when aborted
 */
export async function trials(environment: Environment, policy: Expert, count: number, options: TrialOptions = {}) {
  check(schema, 'trials', { environment, policy, count, options })
  const { noise = 0, signal, role = 'policy' } = options
  const generators = (purpose: string) =>
    Array.from({ length: count }, (_, trial) => generator(0, purpose, environment.name, trial))
  const noises = generators('noise')
  const predict = naming(`the ${role}`, policy.predict.bind(policy), signal)
  const n = environment.actionSize
  const { returns, lengths, timesteps } = beginRollout(environment, begin(environment, generators('trial')), signal)
  for await (const { states, running, here, act } of timesteps()) {
    const answer = predict(states, running.length)
    const given = role === 'expert' && isPromise(answer) ? await unlessAborted(answer, signal) : answer
    const actions = here.numbers(`the ${role}'s action`, given as Float32Array, n)
    const noisy = () => actions.map((action, i) => action + noise * normal(noises[running[Math.floor(i / n)]]))
    act(noise > 0 ? noisy() : actions)
  }
  return { returns, lengths }
}

/**
 * Runs `trials` without noise and returns the return of each, [count]: the sum of its rewards.
 *
 * @throws what `trials` does
 */
export function evaluate(env: Environment, policy: Policy, count: number, signal?: AbortSignal): Promise<Float64Array> {
  return trials(env, policy, count, { signal }).then(({ returns }) => returns)
}
