// -*- coding: utf-8 -*-
// %% [markdown]
// # The supervised baseline, and why it is not enough
//
// *RadGrad* is about when a learner should query its expert. Before that comes the question why it should query at all, once it has watched
// the expert for long enough. This notebook trains a policy on an expert's own demonstrations, the paper's baseline *Supervised*, and looks
// at what goes wrong.
//
// The task is **Reacher**: a planar arm of two links moves its fingertip to a target. Its observation has eleven numbers (the joints'
// cosines, sines and speeds, the target, and the vector from target to fingertip). Its action is two torques, fifty times an episode. The
// reward of a step is minus the distance to the target, minus the squared torques.

// %%
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import * as tf from '@tensorflow/tfjs-node'
import * as rg from 'radgrad'

// %% [markdown]
// ## The expert
//
// The expert is itself a network with two layers of 64 units. Its return, the sum of an episode's rewards, depends on where the target
// happens to lie, so every policy here is tested from the same hundred starts.

// %%
const reacher = await rg.loadEnvironment('reacher', { masses: 'legacy' })
const expert = await rg.networkOf(await rg.loadExpert('reacher'))
// no overrides, unless this is a quick run: npm run reproduce -- --quick
const trials = rg.protocolOverrides().trials ?? 100
const expertReturns = Array.from(await rg.evaluate(reacher, expert, trials))

rg.show(new dfd.DataFrame([{
  'mean return': math.mean(expertReturns),
  'standard deviation': Number(math.std(expertReturns)),
  worst: math.min(expertReturns),
  best: math.max(expertReturns)
}], { index: ['expert'] }))

// %% [markdown]
// ## Learning from demonstrations
//
// Imitation looks for the policy $\hat\pi$ whose actions differ least from the expert's, over the states that it will visit (the paper's
// equation 1):
//
// $$\hat\pi = \arg\min_{\pi\in\Pi} \mathbb{E}_s\left[\ell(\pi^*, \pi)\right]$$
//
// Supervised learning takes those states from the expert's own episodes. The network is the paper's, declared as usual in TensorFlow.js.

// %%
const hidden = [128, 128, 32, 8]
const declared = tf.sequential()
hidden.forEach((units, i) => {
  const shape = i === 0 ? { inputShape: [11] } : {}
  declared.add(tf.layers.dense({ units, activation: 'relu', kernelInitializer: 'glorotUniform', ...shape }))
  declared.add(tf.layers.dropout({ rate: 0.2 }))
})
declared.add(tf.layers.dense({ units: 2, kernelInitializer: 'glorotUniform' }))

const seed = 1
const clone = await rg.createNetwork(declared, rg.generator(seed, 'weights'))
console.log(`runs on the ${clone.engine} engine; ${declared.countParams()} weights`)

// %% [markdown]
// Seventy-five episodes of the expert give 3750 labelled states. A fifth is held out, and the weights with the lowest error on it are kept.

// %%
const { supervised } = rg.paperStrategies(rg.hyperparameters.reacher)
const { labelled } = await rg.collect({ environment: reacher, policy: clone, expert: expert, strategy: supervised }, 75, [seed, 1])
const coin = rg.generator(seed, 'validation')
const demonstrations = {
  rows: labelled.rows,
  inputs: labelled.observations,
  targets: labelled.expertActions,
  validation: Uint8Array.from({ length: labelled.rows }, () => Number(coin() < 0.2))
}
const report = await rg.fit(clone, demonstrations, {
  loss: 'squared-error', learningRate: 1e-3, epochs: 150, batch: 32, weights: 'warm', optimizer: 'fresh'
}, rg.generator(seed, 'fit'))

const epochs = report.training.map((_, i) => i + 1)
rg.show(rg.figure([
  { name: 'training, under dropout', x: epochs, y: report.training, mode: 'lines' },
  { name: 'held out', x: epochs, y: report.validation, mode: 'lines' },
  { name: 'kept', x: [report.kept], y: [report.validation[report.kept - 1]], mode: 'markers', marker: { size: 10 } }
], {
  title: { text: 'Learning the demonstrations' },
  height: 380,
  xaxis: { title: { text: 'epoch' } },
  yaxis: { title: { text: 'mean squared error of an action' }, type: 'log', dtick: 1 }
}))

// %% [markdown]
// ## Covariate shift
//
// On held-out demonstrations the clone is good: its squared error there is a small part of the initial one. But when it acts, its small
// errors carry it to states that the expert never visits. There it has no training data, errs more, and drifts further. To see this, let
// both act from the same starts, and measure in every state they visit how far the clone's action is from the expert's, $\lVert a^* - \hat
// a \rVert$.

// %%
interface Visited { error: number[][]; distance: number[][] }

/** Measures the clone's error and the fingertip's distance to the target, for each step in all trials, in the states that `actor` visits. */
async function visit(actor: rg.Network): Promise<Visited> {
  const error: number[][] = []
  const distance: number[][] = []
  const starts = Array.from({ length: trials }, (_, trial) => rg.generator(seed, 'covariate shift', trial))
  await rg.rollout(reacher, reacher.reset(starts), (states, running) => {
    const expertActions = expert.predict(states, running.length)
    const cloneActions = clone.predict(states, running.length)
    const rows = running.map((_, row) => row)
    const action = (of: Float32Array, row: number) => Array.from(of.subarray(2 * row, 2 * row + 2))
    const tipToTarget = (row: number) => Array.from(states.subarray(11 * row + 8, 11 * row + 10))
    error.push(rows.map(row => Number(math.distance(action(expertActions, row), action(cloneActions, row)))))
    distance.push(rows.map(row => Number(math.norm(tipToTarget(row)))))
    return actor.predict(states, running.length)
  })
  return { error, distance }
}

const expertActs = await visit(expert)
const cloneActs = await visit(clone)

// %%
const quantile = (steps: number[][], q: number) => steps.map(values => Number(math.quantileSeq(values, q)))

function curve(name: string, colour: string, steps: number[][], axes: object, showlegend: boolean) {
  const x = steps.map((_, step) => step)
  const shared = { x, legendgroup: name, ...axes, mode: 'lines' }
  const edge = { ...shared, line: { width: 0 }, showlegend: false, hoverinfo: 'skip' }
  return [
    { ...edge, y: quantile(steps, 0.9) },
    { ...edge, y: quantile(steps, 0.1), fill: 'tonexty', fillcolor: rg.withOpacity(colour, 0.15) },
    { ...shared, y: quantile(steps, 0.5), line: { color: colour }, name, showlegend }
  ]
}
const panel = (key: 'error' | 'distance', axes: object, legend: boolean) => [
  ...curve('the expert acts', '#000000', expertActs[key], axes, legend),
  ...curve('the clone acts', '#009e73', cloneActs[key], axes, legend)
]

rg.show(rg.figure([...panel('error', {}, true), ...panel('distance', { xaxis: 'x2', yaxis: 'y2' }, false)], {
  title: { text: 'The same policy errs more in the states that it visits itself' },
  height: 420,
  xaxis: { title: { text: 'step' }, domain: [0, 0.45] },
  yaxis: { title: { text: 'error of the clone’s action' }, type: 'log', dtick: 1 },
  xaxis2: { title: { text: 'step' }, domain: [0.55, 1], anchor: 'y2' },
  yaxis2: { title: { text: 'fingertip to target, m' }, type: 'log', dtick: 1, anchor: 'x2' }
}))

// %% [markdown]
// Lines are medians over the trials; bands go from the tenth to the ninetieth percentile. The same in numbers, over the second half of the
// episodes:

// %%
const cloneReturns = Array.from(await rg.evaluate(reacher, clone, trials))
const lost = math.mean(math.subtract(expertReturns, cloneReturns) as number[])
console.log(`acting on its own, this clone returns ${lost.toFixed(2)} less than the expert from the same starts`)

const late = (steps: number[][]) => math.mean(steps.slice(25).flat())
const errors = [late(expertActs.error), late(cloneActs.error)]
const distances = [late(expertActs.distance), late(cloneActs.distance)]
rg.show(new dfd.DataFrame(
  { 'mean error of the clone': errors, 'mean distance, m': distances },
  { index: ['the expert acts', 'the clone acts'] }
))
console.log(`in the states that the clone visits, its error is ${(errors[1] / errors[0]).toFixed(1)} times that in the expert’s`)

// %% [markdown]
// ## The baseline as the paper has it
//
// The paper gives every algorithm fifteen iterations of five episodes: collect, train on all labels so far, test in a hundred trials.
// `rg.experiment` is that loop (Algorithm 1) with a progress bar; interrupt the kernel, and the iterations so far are kept. In the first
// iteration an untrained policy acts and every state is labelled; from the second on, *Supervised* lets the expert act. The *loss* of a
// policy is the expert's return minus its own, from the same start.

// %%
const protocol = rg.protocolFor('reacher', 'supervised', await rg.loadExpert('reacher'), rg.protocolOverrides())
const records: rg.IterationRecord[] = []
// tslab overlooks another cell's name in the shorthand { seed }
const draw = () => rg.learningCurves(
  'Supervised learning on Reacher', [{ strategy: 'supervised', seed: seed, records }], protocol.iterations
)

const redraw = rg.updatable(draw())
for await (const { record } of rg.experiment(protocol, seed)) {
  records.push(record)
  redraw(draw())
}

// %% [markdown]
// ## Results

// %%
const last = records[records.length - 1]
interface PaperRow { environment: string; strategy: string; queries: number; loss: number; loss_sd: number }
const table = dfd.toJSON(await dfd.readCSV(`${rg.dataFolder()}/paper/table-2.csv`)) as PaperRow[]
const paper = table.find(row => row.environment === 'reacher' && row.strategy === 'supervised')!
rg.show(new dfd.DataFrame([
  { queries: last.queries, loss: last.loss, 'SD over trials': last.lossSd },
  { queries: paper.queries, loss: paper.loss, 'SD over trials': paper.loss_sd }
], { index: ['this run', 'the paper'] }))

// %% [markdown]
// The clone has as many labels as any algorithm here can query, and still returns less than the expert. Part of the reason is that they
// label states which it leaves. [The next notebook](02-dagger.ipynb) lets the learner act, queries the expert in the states that it visits,
// and shows how much of the loss that avoids.
