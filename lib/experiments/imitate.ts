import { type Environment, loadEnvironment } from '../environments'
import { concatenated, isConstant } from '../matrices'
import { createNetwork, type FitReport, fit, type Network, networkOf, type Policy } from '../networks'
import { generator } from '../random'
import { mean, standardDeviation } from '../statistics'
import { always, type Judge, type Met, nobody, type QueryStrategy, strategyFor } from '../strategies'
import { calibrated } from './calibrated'
import { collect } from './collect'
import { append, type Dataset, emptyDataset, policyExamples } from './dataset'
import { evaluate } from './evaluate'
import type { Protocol } from './protocol'
import type { RuleRecord } from './rule-tally'
import { weightedExamples } from './weighted'

/** What one iteration came to: the same for the same protocol and seed, wherever it runs. */
export interface IterationRecord {
  /** From 1. */
  readonly iteration: number
  /** Times the expert was asked so far. */
  readonly queries: number
  /** The expert's return less the policy's, mean over trials from the same starts. */
  readonly loss: number
  /** Its standard deviation over trials. */
  readonly lossSd: number
  /** The policy's return in each trial. */
  readonly returns: readonly number[]
  /** What each of the strategy's reasons to ask came to in this iteration's episodes. */
  readonly rules: readonly RuleRecord[]
  /** Networks that say the same of every labelled state, by name: a layer of theirs has died. */
  readonly constant: readonly string[]
}

/** One iteration, with all that a notebook may want to draw. */
export interface Iteration {
  readonly record: IterationRecord
  /** The policy tested; the next iteration goes on training it. On TensorFlow it holds memory until it is disposed of. */
  readonly policy: Network
  /** What the strategy learns beside the policy. */
  readonly critic: Judge
  readonly data: Dataset
  /** All states met so far, labelled or not. */
  readonly met: Met
  readonly fit: FitReport
  /** The expert's return in each trial. */
  readonly expertReturns: Float64Array
  /** What the iteration took; differs from run to run. */
  readonly seconds: { readonly collect: number; readonly train: number; readonly test: number }
}

const seconds = (): number => performance.now() / 1000

/** Who takes part: the task, the strategy, and whom it asks. */
export interface Parts {
  readonly environment: Environment
  readonly strategy: QueryStrategy
  readonly expert: Policy
}

/** What of a protocol is not who takes part. */
export type Settings = Pick<
  Protocol,
  | 'iterations'
  | 'episodes'
  | 'trials'
  | 'validation'
  | 'engine'
  | 'policy'
  | 'fit'
  | 'labels'
  | 'criticTargets'
  | 'firstBatch'
  | 'weighting'
>

/**
 * Algorithm 1 as a protocol says it: what is recorded, and can be had again.
 *
 * @param seed names every random number of the run
 * @throws RangeError for an expert of another task; the signal's reason when aborted; what was yielded before stays good
 */
export async function* imitate(
  protocol: Protocol,
  seed: number,
  signal?: AbortSignal
): AsyncGenerator<Iteration, void, undefined> {
  const environment = await loadEnvironment(protocol.environment, { masses: protocol.masses })
  const { hyperparameters, readings, rate } = protocol
  const strategy = strategyFor(protocol.strategy, hyperparameters, readings, rate)
  yield* imitateWith({ environment, strategy, expert: await networkOf(protocol.expert) }, protocol, seed, signal)
}

/**
 * Algorithm 1, with a task, a strategy or an expert of one's own: iteration k collects with policy k, trains on all that was
 * labelled so far, and tests policy k + 1.
 *
 * In the first iteration there is no policy worth following or judging yet: whatever the strategy, the untrained one acts
 * (or the expert, if the protocol says so) and every state is labelled, as the paper's counts of queries
 * suggest was done. Supervised learning therefore sees, in one iteration of fifteen, states that are not the expert's.
 *
 * @param seed names every random number of the run
 * @throws the signal's reason when aborted; what was yielded before stays good
 */
export async function* imitateWith(
  { environment, strategy: chosen, expert }: Parts,
  settings: Settings,
  seed: number,
  signal?: AbortSignal
): AsyncGenerator<Iteration, void, undefined> {
  const { iterations, episodes, trials, validation, engine } = settings
  const first: QueryStrategy = { title: 'first batch', actor: settings.firstBatch, asks: always }
  const policy = await createNetwork(settings.policy, generator(seed, 'weights'), engine)
  checkSizes(environment, { expert, policy })
  const critic =
    (await chosen.critic?.begin(environment, (topology, name) =>
      createNetwork(topology, generator(seed, 'critic', ...(name === undefined ? [] : [name])), engine)
    )) ?? nobody
  let data: Dataset = emptyDataset
  let met: Met = { rows: 0, observations: new Float32Array(), actions: new Float32Array(), lengths: [] }
  let expertReturns: Float64Array | undefined

  for (let iteration = 1; iteration <= iterations; iteration++) {
    const started = seconds()
    const key = [seed, iteration] as const
    const strategy =
      iteration === 1 ? first : await calibrated(environment, policy, expert, chosen, critic, key, signal)
    const gathered = await collect(environment, policy, expert, strategy, episodes, key, { critic, signal })
    const { labelled, met: now, rules } = gathered
    met = together(met, now)
    const actions =
      settings.labels === 'raw' ? labelled.actions : labelled.actions.map((a) => Math.max(-1, Math.min(1, a)))
    data = append(data, { ...labelled, actions }, iteration, validation, generator(...key, 'validation'))

    const collected = seconds()
    const examples = settings.weighting
      ? weightedExamples(data, met, generator(...key, 'weighting'))
      : policyExamples(data)
    const report = await fit(policy, examples, settings.fit, generator(...key, 'fit'), signal)
    const proposals = policy.predict(data.observations, data.rows)
    const judged = settings.criticTargets === 'relabelled' ? proposals : data.proposals
    const dead = await critic.learn(
      { policy, labelled: { ...data, proposals: judged }, met },
      { fit: settings.fit, random: (...name) => generator(...key, 'critic fit', ...name), signal }
    )
    const constant = [...(isConstant(proposals, policy.outputs) ? ['policy'] : []), ...dead]

    const trained = seconds()
    expertReturns ??= await evaluate(environment, expert, trials, signal)
    const returns = await evaluate(environment, policy, trials, signal)
    const losses = expertReturns.map((best, trial) => best - returns[trial])
    const tested = seconds()

    yield {
      record: {
        iteration,
        queries: data.rows,
        loss: mean(losses),
        lossSd: standardDeviation(losses),
        returns: Array.from(returns),
        rules,
        constant
      },
      policy,
      critic,
      data,
      met,
      fit: report,
      expertReturns,
      seconds: { collect: collected - started, train: trained - collected, test: tested - trained }
    }
  }
}

const together = (before: Met, now: Met): Met => ({
  rows: before.rows + now.rows,
  observations: concatenated(before.observations, now.observations),
  actions: concatenated(before.actions, now.actions),
  lengths: [...before.lengths, ...now.lengths]
})

function checkSizes(
  { name, observationSize, actionSize }: { name: string; observationSize: number; actionSize: number },
  policies: Record<string, Policy>
): void {
  for (const [role, { inputs, outputs }] of Object.entries(policies))
    if (inputs !== observationSize || outputs !== actionSize)
      throw new RangeError(
        `${name} shows ${observationSize} numbers and takes ${actionSize}, but the ${role} has ${inputs} inputs and ${outputs} outputs`
      )
}
