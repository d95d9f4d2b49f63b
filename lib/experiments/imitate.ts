import { type Environment, loadEnvironment } from '../environments'
import { createNetwork, type FitReport, fit, type Network, networkOf, type Policy } from '../networks'
import { generator, type Rng } from '../random'
import { always, type Critic, type QueryStrategy, strategiesFor } from '../strategies'
import { collect } from './collect'
import { append, type Dataset, emptyDataset, joinColumns, policyExamples } from './dataset'
import { evaluate } from './evaluate'
import type { Protocol } from './protocol'
import type { RuleRecord } from './rule-tally'
import { mean, standardDeviation } from './statistics'

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
  readonly critic: Network | undefined
  readonly data: Dataset
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
  const strategy = strategiesFor(protocol.hyperparameters, protocol.readings)[protocol.strategy]
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
  const { observationSize: m, actionSize: n } = environment
  const first: QueryStrategy = { title: 'first batch', actor: settings.firstBatch, asks: always }
  const policy = await createNetwork(settings.policy, generator(seed, 'weights'), engine)
  checkSizes(environment, { expert, policy })
  const critic = chosen.critic && (await createNetwork(chosen.critic.topology(m, n), generator(seed, 'critic'), engine))
  let data: Dataset = emptyDataset
  let expertReturns: Float64Array | undefined

  for (let iteration = 1; iteration <= iterations; iteration++) {
    const started = seconds()
    const strategy = iteration === 1 ? first : chosen
    const key = [seed, iteration] as const
    const { labelled, rules } = await collect(environment, policy, expert, strategy, episodes, key, { critic, signal })
    const actions =
      settings.labels === 'raw' ? labelled.actions : labelled.actions.map((a) => Math.max(-1, Math.min(1, a)))
    data = append(data, { ...labelled, actions }, iteration, validation, generator(seed, iteration, 'validation'))

    const collected = seconds()
    const report = await fit(policy, policyExamples(data), settings.fit, generator(seed, iteration, 'fit'), signal)
    const constant = isConstant(policy.predict(data.observations, data.rows), n) ? ['policy'] : []
    if (chosen.critic && critic) {
      const judgements = await learn(
        chosen.critic,
        critic,
        policy,
        data,
        settings,
        generator(seed, iteration, 'critic fit'),
        signal
      )
      if (isConstant(judgements, critic.outputs)) constant.push(chosen.critic.name)
    }

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
      fit: report,
      expertReturns,
      seconds: { collect: collected - started, train: trained - collected, test: tested - trained }
    }
  }
}

/** Trains a critic on the labelled states, and gives what it then says of them: [rows, its outputs]. */
async function learn(
  { targets, loss }: Critic,
  critic: Network,
  policy: Network,
  { rows, observations, actions, proposals, validation }: Dataset,
  { criticTargets, fit: options }: Settings,
  rng: Rng,
  signal?: AbortSignal
): Promise<Float32Array> {
  const judged = criticTargets === 'relabelled' ? policy.predict(observations, rows) : proposals
  const inputs = joinColumns(observations, judged, rows)
  const examples = { rows, inputs, targets: targets(actions, judged, policy.outputs), validation }
  await fit(critic, examples, { ...options, loss }, rng, signal)
  return critic.predict(inputs, rows)
}

/** Whether all rows of a matrix are the same. */
const isConstant = (matrix: Float32Array, columns: number): boolean =>
  matrix.every((value, i) => Math.abs(value - matrix[i % columns]) <= 1e-6 * (1 + Math.abs(value)))

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
