// -*- coding: utf-8 -*-
// %% [markdown]
// # DAgger, and querying at random
//
// [Supervised learning](01-supervised-baseline.ipynb) has labels for the expert's states. **DAgger** (Ross, Gordon and Bagnell, 2011)
// queries labels for the states that the *learner* visits: the learner acts, the expert labels every state, and the learner trains on all
// labels so far. **Random**, the paper's plain baseline, queries in three states of ten, chosen at random, and executes the expert's action
// there. One of the paper's main conclusions is that Random does about as well for a third of the queries.

// %%
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import * as rg from 'radgrad'

// %% [markdown]
// ## The algorithm
//
// Algorithm 1 of the paper, in calls of the library. An iteration collects with the current policy, appends the new labels to the old ones,
// and trains. A *strategy* says when the expert is queried and who controls the environment; DAgger's is two words: `always`, and
// `learnerThroughout`.

// %%
const strategies = rg.paperStrategies(rg.hyperparameters.reacher)
strategies.dagger

// %%
const reacher = await rg.loadEnvironment('reacher', { masses: 'legacy' })
const model = await rg.loadExpert('reacher')
const expert = await rg.networkOf(model)
// no overrides, unless this is a quick run: npm run reproduce -- --quick
const protocol = rg.protocolFor('reacher', 'dagger', model, rg.protocolOverrides())
const expertReturns = Array.from(await rg.evaluate(reacher, expert, protocol.trials))

const seed = 1
const policy = await rg.createNetwork(rg.perceptron(11, [128, 128, 32, 8], 2, { dropout: 0.2 }), rg.generator(seed, 'weights'))
const observations: number[] = []
const actions: number[] = []
const heldOut: number[] = []
const steps: { labels: number; 'mean loss': number }[] = []

for (let iteration = 1; iteration <= Math.min(5, protocol.iterations); iteration++) {
  const { labelled } = await rg.collect(
    { environment: reacher, policy, expert, strategy: strategies.dagger }, 5, [seed, iteration]
  )
  observations.push(...labelled.observations)
  actions.push(...labelled.expertActions)
  const coin = rg.generator(seed, iteration, 'validation')
  for (let row = 0; row < labelled.rows; row++) heldOut.push(Number(coin() < 0.2))
  const examples = {
    rows: heldOut.length,
    inputs: Float32Array.from(observations),
    targets: Float32Array.from(actions),
    validation: Uint8Array.from(heldOut)
  }
  await rg.fit(policy, examples, {
    loss: 'squared-error', learningRate: 1e-3, epochs: 100, batch: 32, weights: 'warm', optimizer: 'fresh'
  }, rg.generator(seed, iteration, 'fit'))
  const returns = Array.from(await rg.evaluate(reacher, policy, protocol.trials))
  steps.push({ labels: examples.rows, 'mean loss': math.mean(math.subtract(expertReturns, returns) as number[]) })
}
rg.show(new dfd.DataFrame(steps, { index: steps.map((_, i) => `iteration ${i + 1}`) }))

// %% [markdown]
// That is all of it. `rg.experiment` is the same loop as a generator. It yields a record after each iteration and shows a progress bar; an
// interrupt of the kernel ends it. Every random number has a name (`rg.generator(seed, iteration, 'fit')`), so the five losses above come
// back below to the last digit.
//
// ## Three strategies at the paper's scale
//
// Fifteen iterations of five episodes; each policy is tested in a hundred trials from the same starts.

// %%
// tslab overlooks another cell's name in the shorthand { seed }
const runs: Partial<Record<rg.StrategyName, rg.IterationRecord[]>> = {}
const draw = () => rg.learningCurves(
  'Reacher: loss and queries',
  (Object.keys(runs) as rg.StrategyName[]).map(strategy => ({ strategy, seed: seed, records: runs[strategy]! })),
  protocol.iterations
)
const redraw = rg.updatable(draw())

async function run(strategy: rg.StrategyName): Promise<void> {
  const records: rg.IterationRecord[] = runs[strategy] = []
  for await (const { record } of rg.experiment(rg.protocolFor('reacher', strategy, model, rg.protocolOverrides()), seed)) {
    records.push(record)
    redraw(draw())
  }
}
await run('supervised')
await run('dagger')
await run('random')

const again = steps.every((step, i) => runs.dagger![i]?.loss === step['mean loss'])
console.log(again ? 'the first five losses of DAgger are those of the loop above' : 'the loop above gave other losses')

// %% [markdown]
// ## Efficiency: what a query buys
//
// The paper relates the gain over supervised learning to the number of queries (its equation 3, printed there times $10^4$):
//
// $$\text{Efficiency}(\hat\pi) \propto \frac{\text{reward}_{\hat\pi} - \text{reward}_\text{supervised}}{\sum_{i\in\mathcal{D}_{\hat\pi}} C(s_i)},
// \qquad C(s_i) = 1$$

// %%
const efficiency = math.compile('10^4 (supervised - loss) / queries')
interface PaperRow {
  environment: string; strategy: string; queries: number; loss: number; loss_sd: number; efficiency: number
}
const table = dfd.toJSON(await dfd.readCSV(`${rg.dataFolder()}/paper/table-2.csv`)) as PaperRow[]

const names = Object.keys(runs) as rg.StrategyName[]
const last = (strategy: rg.StrategyName) => runs[strategy]![protocol.iterations - 1]
const rows = names.map(strategy => {
  const { queries, loss, lossSd } = last(strategy)
  const paper = table.find(row => row.environment === 'reacher' && row.strategy === strategy)!
  return {
    queries,
    loss: `${loss.toFixed(2)} ± ${lossSd.toFixed(2)}`,
    efficiency: Number(efficiency.evaluate({ supervised: last('supervised').loss, loss, queries }).toFixed(1)),
    'queries, paper': paper.queries,
    'loss, paper': `${paper.loss} ± ${paper.loss_sd}`,
    'efficiency, paper': paper.efficiency
  }
})
rg.show(new dfd.DataFrame(rows, { index: names.map(strategy => strategies[strategy].title) }))

// %% [markdown]
// ## How certain is the order?
//
// These policies were tested from the same starts, so they can be compared start by start: by how much does the return of one exceed that
// of the other on average, and how often? The answer is about *these* policies, one trained run for each strategy, as in the paper.

// %%
const lastReturns = (strategy: rg.StrategyName) => Array.from(last(strategy).returns)
const compare = (a: rg.StrategyName, b: rg.StrategyName) => {
  const gains = math.subtract(lastReturns(a), lastReturns(b)) as number[]
  const error = Number(math.std(gains)) / Math.sqrt(gains.length)
  return {
    'mean gain': math.mean(gains),
    '95 % interval': `${(math.mean(gains) - 1.96 * error).toFixed(2)} … ${(math.mean(gains) + 1.96 * error).toFixed(2)}`,
    'better in': `${gains.filter(gain => gain > 0).length} of ${gains.length} trials`
  }
}
const pairs: [rg.StrategyName, rg.StrategyName][] = [['dagger', 'supervised'], ['random', 'supervised'], ['random', 'dagger']]
rg.show(new dfd.DataFrame(
  pairs.map(([a, b]) => compare(a, b)),
  { index: pairs.map(([a, b]) => `${strategies[a].title} over ${strategies[b].title}`) }
))
const share = 100 * last('random').queries / last('dagger').queries
console.log(`Random made ${share.toFixed(0)} % of DAgger’s queries`)

// %% [markdown]
// How much would other training runs have changed? The records of this repository hold ten runs of each strategy with the same protocol;
// `npx radgrad verify` computes them again and compares every bit.

// %%
const { records } = await rg.readResults(...rg.recordFolders())
const seeds = await rg.resultsBySeed(records.values(), await rg.withExpertHash(protocol))
const losses = (strategy: rg.StrategyName) => seeds.map(({ outcomes }) => rg.finalIteration(outcomes[strategy]).loss)
rg.show(new dfd.DataFrame(
  Object.fromEntries(names.map(strategy => [strategies[strategy].title, losses(strategy)])),
  { index: seeds.map(results => `seed ${results.seed}`) }
))

const isRecorded = names.every(strategy => losses(strategy)[0] === last(strategy).loss)
console.log(isRecorded ? 'the record of seed 1 equals the run above, to the last bit' : 'the record of seed 1 differs from the run above')
const wins = (a: rg.StrategyName, b: rg.StrategyName) => losses(a).filter((loss, i) => loss < losses(b)[i]).length
for (const [a, b] of pairs)
  console.log(`${strategies[a].title} has a lower loss than ${strategies[b].title} with ${wins(a, b)} of ${seeds.length} seeds`)

// %% [markdown]
// The spread between seeds is as large as the differences between strategies. One run of each, which is all that the paper had, does not
// settle their order. Every seed shows the cost, though: a third of the queries.
