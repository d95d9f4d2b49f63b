/** Algorithm 1. Comments that begin with a number quote the paper's lines. */
import { demonstrated } from './batch'
import { calibrate } from './calibrate'
import { checkScores, checksOf, createCritic, participants as fields, fitCritic } from './check'
import { collect } from './collect'
import { append, clipLabels, emptyDataset, policyExamples } from './dataset'
import { evaluate, trials } from './evaluate'
import type { Iteration } from './iteration'
import { createNetwork, fit } from './networks'
import { checkSizes, type Participants } from './participants'
import { type Settings, settingsSchema } from './protocol'
import { firstBatch } from './strategies/paper'
import { type CreateNetwork, joinVisited, noCritic, nothingVisited, snapshot } from './strategies/strategy'
import { seconds } from './util/event-loop'
import { isConstant } from './util/matrix'
import { generator } from './util/random'
import { check, object, wholeNumber } from './util/schema'
import { mean, standardDeviation } from './util/statistics'
import { weightedExamples } from './weighting'

export { type Participants, participantsOf } from './participants'

/**
 * Runs Algorithm 1: iteration k collects with policy k, trains on all labels so far, and tests policy k + 1.
 *
 * The first policy is untrained and so is the critic: whatever the strategy, the first batch is labelled throughout, as the
 * paper's counts of queries suggest. The learner acts in it, or the expert, or it is demonstrations, as the protocol says.
 *
 * @param protocol as `protocolFor` returns it, or these fields of it
 * @param seed whole number that names every random number of the run
 * @returns the iterations as they end, M in all
 * @throws RangeError for a policy or an expert of another task, and for a budget below the cost of the demonstrations or of any first
 *   label; the signal's reason when aborted. What was yielded stays good.
 */
export async function* imitate(
  participants: Participants,
  protocol: Settings,
  seed: number,
  signal?: AbortSignal
): AsyncGenerator<Iteration, void, undefined> {
  check(object(fields), 'participants', participants)
  check(settingsSchema, 'settings', protocol)
  check(wholeNumber, 'seed', seed)
  const { environment, strategy, expert, cost, demonstrations } = participants
  if ((protocol.firstBatch === 'demonstrations') !== (demonstrations !== undefined))
    throw new RangeError("demonstrations are the first batch: give firstBatch: 'demonstrations' with them, or neither")
  // 2: D ← ∅
  let data = emptyDataset
  let visited = nothingVisited
  let [spent, calibrating] = [0, 0]
  // 3: initialize π₁
  const policy = await createNetwork(protocol.policy, generator(seed, 'weights'), protocol.engine)
  checkSizes(environment, 'expert', expert)
  checkSizes(environment, 'policy', policy)
  // 4: initialize the loss network, or whatever critic the strategy has
  const names = new Set<string>()
  const createOfCritic: CreateNetwork = (topology, name) => {
    const key = name === undefined ? ['critic'] : ['critic', name]
    if (names.has(`${key}`)) throw new RangeError(`two networks named ${key} are the same: createNetwork(…, 'name')`)
    names.add(`${key}`)
    return createNetwork(topology, generator(seed, ...key), protocol.engine)
  }
  const spec = strategy.critic
  const critic = spec ? await createCritic(spec, environment, createOfCritic) : noCritic
  checkScores(critic, participants)
  let { expertReturns } = participants
  if (expertReturns)
    checksOf(protocol.trials, (i) => `trial ${i}`).numbers('expertReturns', expertReturns, 1, 'Float64Array')
  let restore = snapshot(policy, critic)
  try {
    // 5: for iteration k = 1 : M
    for (let k = 1; k <= protocol.iterations; k++) {
      const key = [seed, k] as const
      const begun = seconds()
      const costs = { cost, labels: data.rows, spent, budget: protocol.budget }
      const chosen = k === 1 ? firstBatch(protocol.firstBatch) : strategy
      const collectors = { environment, policy, expert, critic, strategy: chosen, ...costs }
      const [calibrated, steps] = await calibrate(collectors, key, signal)
      calibrating += steps
      // 6 - 17: collect.ts
      const batch =
        k === 1 && demonstrations
          ? demonstrated(structuredClone(demonstrations), policy, cost, protocol.budget)
          : await collect({ ...collectors, strategy: calibrated }, protocol.episodes, key, signal)
      spent += batch.cost
      visited = joinVisited(visited, batch.visited)
      const labelled = protocol.labels === 'raw' ? batch.labelled : clipLabels(batch.labelled)
      data = append(data, labelled, protocol.validation, generator(...key, 'validation'))
      if (data.rows === 0) throw new RangeError(`the budget of ${protocol.budget} is below the cost of any first label`)
      const collected = seconds()

      // 18: train π and the critic on D
      const examplesOf = protocol.weighting ? weightedExamples : policyExamples
      const examples = examplesOf(data, visited, generator(...key, 'weighting'))
      const report = await fit(policy, examples, protocol.fit, generator(...key, 'fit'), signal)
      const actions = policy.predict(data.observations, data.rows)
      const learnerActions = protocol.criticTargets === 'relabelled' ? actions : data.learnerActions
      const random = (...name: (string | number)[]) => generator(...key, 'critic fit', ...name)
      const experience = { policy, labelled: { ...data, learnerActions }, visited }
      const dead = spec ? await fitCritic(spec, critic, experience, { fit: protocol.fit, random, signal }) : []
      const constant = [...(isConstant(actions, policy.outputs) ? ['policy'] : []), ...dead]
      const trained = seconds()

      expertReturns ??= (await trials(environment, expert, protocol.trials, { signal, role: 'expert' })).returns
      const returns = await evaluate(environment, policy, protocol.trials, signal)
      const losses = expertReturns.map((best, trial) => best - returns[trial])
      const tested = { loss: mean(losses), lossSd: standardDeviation(losses), returns: [...returns] }
      const queries = { queries: data.rows, ...(cost && { cost: spent }) }
      const taken = protocol.budget && { steps: visited.rows + calibrating }
      const record = { iteration: k, ...queries, ...taken, ...tested, rules: batch.rules, constant }
      restore = snapshot(policy, critic)
      const durations = { collect: collected - begun, train: trained - collected, test: seconds() - trained }
      // 19: the best policy is chosen in record.ts, by `validate`
      yield {
        record,
        policy,
        critic,
        ...structuredClone({ data, visited, expertReturns }),
        fit: report,
        seconds: durations
      }
    }
  } catch (error) {
    restore()
    throw error
  }
}
