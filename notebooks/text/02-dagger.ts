// -*- coding: utf-8 -*-
// %% [markdown]
// # DAgger, and asking at random
//
// [Supervised learning](01-supervised-baseline.ipynb) has the expert's answers for the expert's states. **DAgger** (Ross, Gordon
// and Bagnell, 2011) asks for them where the *learner* goes: it acts, the expert labels every state that it reaches, and it learns
// from all labels so far. **Random**, the paper's plain baseline, asks in three states of ten, chosen by chance, and lets the expert
// act in those. One of the paper's main conclusions is that it comes out about as good, for a third of the price.

// %%
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import {
  collect, contests, createNetwork, evaluate, experiment, final, fit, generator, hyperparameters, learningCurves, live,
  loadEnvironment, loadExpert, networkOf, perceptron, protocolFor, readResults, recorded, resultFolders, scale, show, strategiesFor,
  type IterationRecord, type StrategyName
} from 'radgrad'

// %% [markdown]
// ## The algorithm
//
// Algorithm 1 of the paper, in the words of the library. An iteration collects with the policy as it is, joins the new labels to
// the old ones, and trains. A *strategy* says who acts and when the expert is asked; DAgger's is two words.

// %%
const strategies = strategiesFor(hyperparameters.reacher)
strategies.dagger

// %%
const reacher = await loadEnvironment('reacher', { masses: 'legacy' })
const model = await loadExpert('reacher')
const expert = await networkOf(model)
// `scale` changes nothing but in a quick run: npm run reproduce -- --quick
const protocol = protocolFor('reacher', 'dagger', model, scale)
const expertReturns = Array.from(await evaluate(reacher, expert, protocol.trials))

const seed = 1
const policy = await createNetwork(perceptron(11, [128, 128, 32, 8], 2, { dropout: 0.2 }), generator(seed, 'weights'))
const observations: number[] = []
const actions: number[] = []
const heldOut: number[] = []
const steps: { labels: number; 'mean loss': number }[] = []

for (let iteration = 1; iteration <= Math.min(5, protocol.iterations); iteration++) {
  const { labelled } = await collect(reacher, policy, expert, strategies.dagger, 5, [seed, iteration])
  observations.push(...labelled.observations)
  actions.push(...labelled.actions)
  const coin = generator(seed, iteration, 'validation')
  for (let row = 0; row < labelled.rows; row++) heldOut.push(Number(coin() < 0.2))
  const examples = {
    rows: heldOut.length,
    inputs: Float32Array.from(observations),
    targets: Float32Array.from(actions),
    validation: Uint8Array.from(heldOut)
  }
  await fit(policy, examples, {
    loss: 'squared-error', learningRate: 1e-3, epochs: 100, batch: 32, weights: 'warm', optimizer: 'fresh'
  }, generator(seed, iteration, 'fit'))
  const returns = Array.from(await evaluate(reacher, policy, protocol.trials))
  steps.push({ labels: examples.rows, 'mean loss': math.mean(math.subtract(expertReturns, returns) as number[]) })
}
show(new dfd.DataFrame(steps, { index: steps.map((_, i) => `iteration ${i + 1}`) }))

// %% [markdown]
// That is all of it. `experiment` is the same loop as a generator that yields a record an iteration, under a bar with the time left; an interrupt of the
// kernel ends it. Every random number has a name
// (`generator(seed, iteration, 'fit')`), so the five losses above come back below to the last digit.
//
// ## Three strategies at the paper's scale
//
// Fifteen iterations of five episodes, each policy tested in a hundred trials from the same starts.

// %%
// tslab overlooks another cell's name in the shorthand { seed }
const runs: Partial<Record<StrategyName, IterationRecord[]>> = {}
const draw = () => learningCurves(
  'Reacher: loss and queries',
  (Object.keys(runs) as StrategyName[]).map(strategy => ({ strategy, seed: seed, records: runs[strategy]! })),
  protocol.iterations
)
const redraw = live(draw())

async function run(strategy: StrategyName): Promise<void> {
  const records: IterationRecord[] = runs[strategy] = []
  for await (const { record } of experiment(protocolFor('reacher', strategy, model, scale), seed)) {
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
// ## What a query buys
//
// The paper weighs what is gained over supervised learning against what was asked for (its equation 3, printed there times $10^4$):
//
// $$\text{Efficiency}(\hat\pi) \propto \frac{\text{reward}_{\hat\pi} - \text{reward}_\text{supervised}}{\sum_{i\in\mathcal{D}_{\hat\pi}} C(s_i)},
// \qquad C(s_i) = 1$$

// %%
const efficiency = math.compile('10^4 (supervised - loss) / queries')
interface PaperRow {
  environment: string; strategy: string; queries: number; loss: number; loss_sd: number; efficiency: number
}
const table = dfd.toJSON(await dfd.readCSV('../data/paper/table-2.csv')) as PaperRow[]

const names = Object.keys(runs) as StrategyName[]
const last = (strategy: StrategyName) => runs[strategy]![protocol.iterations - 1]
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
show(new dfd.DataFrame(rows, { index: names.map(strategy => strategies[strategy].title) }))

// %% [markdown]
// ## How sure is the order?
//
// These policies were tried from the same starts, so they can be compared start by start: by how much does one's return exceed the
// other's on average, and how often? That tells about *these* policies, one trained for each strategy, as in the paper.

// %%
const lastReturns = (strategy: StrategyName) => Array.from(last(strategy).returns)
const compare = (a: StrategyName, b: StrategyName) => {
  const gains = math.subtract(lastReturns(a), lastReturns(b)) as number[]
  const error = Number(math.std(gains)) / Math.sqrt(gains.length)
  return {
    'mean gain': math.mean(gains),
    '95 % interval': `${(math.mean(gains) - 1.96 * error).toFixed(2)} … ${(math.mean(gains) + 1.96 * error).toFixed(2)}`,
    'better in': `${gains.filter(gain => gain > 0).length} of ${gains.length} trials`
  }
}
const pairs: [StrategyName, StrategyName][] = [['dagger', 'supervised'], ['random', 'supervised'], ['random', 'dagger']]
show(new dfd.DataFrame(
  pairs.map(([a, b]) => compare(a, b)),
  { index: pairs.map(([a, b]) => `${strategies[a].title} over ${strategies[b].title}`) }
))
const share = 100 * last('random').queries / last('dagger').queries
console.log(`Random asked ${share.toFixed(0)} % of what DAgger asked`)

// %% [markdown]
// How much would other training runs have changed? The records of this repository hold ten of each strategy, by the same protocol;
// `npx radgrad verify` computes them again and compares every bit.

// %%
const { records } = await readResults(...resultFolders)
const seeds = await contests(records.values(), await recorded(protocol))
const losses = (strategy: StrategyName) => seeds.map(({ outcomes }) => final(outcomes[strategy]).loss)
show(new dfd.DataFrame(
  Object.fromEntries(names.map(strategy => [strategies[strategy].title, losses(strategy)])),
  { index: seeds.map(one => `seed ${one.seed}`) }
))

const recordedToo = names.every(strategy => losses(strategy)[0] === last(strategy).loss)
console.log(recordedToo ? 'seed 1 is what was computed above, to the last bit' : 'seed 1 is not what was computed above')
const wins = (a: StrategyName, b: StrategyName) => losses(a).filter((loss, i) => loss < losses(b)[i]).length
for (const [a, b] of pairs)
  console.log(`${strategies[a].title} lost less than ${strategies[b].title} with ${wins(a, b)} seeds of ${seeds.length}`)

// %% [markdown]
// The spread between seeds is of the order of the differences between strategies: one run of each, which is all that the paper had,
// does not settle their order. What every seed shows is the price: a third of the queries.
