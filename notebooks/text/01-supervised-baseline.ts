// -*- coding: utf-8 -*-
// %% [markdown]
// # Why query at all, after so many demonstrations?
//
// *RadGrad* is about when a learner should query its expert. Before that comes the question why it should query at all, once it has watched
// the expert for long enough. This notebook trains a policy on an expert's own demonstrations, the paper's baseline *Supervised*, and looks
// at what goes wrong.
//
// The task is **Reacher**: a planar arm of two links moves its fingertip to a target. Its observation has eleven numbers (the joints'
// cosines, sines and speeds, the target, and the vector from target to fingertip). Its action is two torques, fifty times an episode. The
// reward of a step is minus the distance to the target, minus the squared torques.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
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
const [average, worst, best] = [math.mean(expertReturns), math.min(expertReturns), math.max(expertReturns)]
console.log(`the expert returns ${average.toFixed(1)} on average, from ${worst.toFixed(1)} to ${best.toFixed(1)}`)

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

// %% [markdown]
// Seventy-five episodes of the expert give 3750 labelled states. A fifth is held out, and the weights with the lowest error on it are kept.

// %%
const { supervised } = rg.paperStrategies(rg.hyperparameters.reacher)
const collectors = { environment: reacher, policy: clone, expert: expert, strategy: supervised }
const { labelled } = await rg.collect(collectors, 75, [seed, 1])
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

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const { color: green } = rg.lookOf('supervised')
const epochs = report.training.map((_, i) => i + 1)
const lowest = report.validation[report.kept - 1]
const course = (name: string, y: readonly number[], color: string, above: number) => [
  { x: epochs, y, mode: 'lines', line: { color, width: 2 }, showlegend: false },
  { x: [0.8 * y.length], y: [above * y[Math.round(0.8 * y.length)]], mode: 'text', text: [name], textfont: { color }, showlegend: false }
]
rg.show(rg.figure([
  ...course('training, with dropout', report.training, '#6f6f6f', 1.3),
  ...course('held out', report.validation, green, 0.72),
  { x: [report.kept], y: [lowest], mode: 'markers', marker: { size: 10, color: green }, showlegend: false }
], {
  title: { text: `On held-out demonstrations the error falls to a ${Math.round(report.validation[0] / lowest)}th` },
  height: 320,
  xaxis: { title: { text: 'epoch (the weights at the dot are kept)' } },
  yaxis: { title: { text: 'mean squared error' }, type: 'log', dtick: 'D2' }
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

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const late = (steps: number[][]) => math.mean(steps.slice(25).flat())
const times = Math.round(late(cloneActs.error) / late(expertActs.error))
const quantile = (steps: number[][], q: number) => steps.map(values => Number(math.quantileSeq(values, q)))
function curve(name: string, colour: string, steps: number[][], at: number, above: number) {
  const x = steps.map((_, step) => step)
  const edge = { x, mode: 'lines', line: { width: 0 }, showlegend: false, hoverinfo: 'skip' }
  return [
    { ...edge, y: quantile(steps, 0.9) },
    { ...edge, y: quantile(steps, 0.1), fill: 'tonexty', fillcolor: rg.withOpacity(colour, 0.2) },
    { x, y: quantile(steps, 0.5), mode: 'lines', line: { color: colour, width: 2.5 }, showlegend: false },
    { x: [at], y: [above * quantile(steps, 0.5)[at]], mode: 'text', text: [name], textfont: { color: colour, size: 14 }, showlegend: false }
  ]
}
const acting = (key: 'error' | 'distance') => [
  ...curve('the expert acts', '#6f6f6f', expertActs[key], 12, 0.28),
  ...curve('the clone acts', green, cloneActs[key], 38, 2.2)
]
rg.show(rg.panelsFigure(
  `In the states that it visits itself, the same policy errs ${times} times as much`,
  { 'error of the clone’s action': acting('error'), 'fingertip to target, m': acting('distance') },
  { x: { title: { text: 'step' } }, y: { type: 'log', dtick: 1 }, layout: { height: 420 } }
))

// %% [markdown]
// Lines are medians over the trials; bands go from the tenth to the ninetieth percentile. The number in the title is the ratio of the mean
// errors over the second half of the episodes.

// %%
const cloneReturns = Array.from(await rg.evaluate(reacher, clone, trials))
const lost = math.mean(math.subtract(expertReturns, cloneReturns) as number[])
console.log(`acting on its own, this clone returns ${lost.toFixed(2)} less than the expert from the same starts`)

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
// The clone has as many labels as any algorithm here can query, and still returns less than the expert.
//
// **The doubt**: its labels are of states which it leaves. [The next notebook](02-dagger.ipynb) lets the learner act, queries the expert in the
// states that the learner visits, and shows how much of the loss that avoids.
