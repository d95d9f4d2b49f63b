// -*- coding: utf-8 -*-
// %% [markdown]
// # The supervised baseline, and why it is not enough
//
// *RadGrad* asks when a learner should ask its expert. Before that comes the question why it should ask at all, once it has
// watched the expert for long enough. This notebook trains a policy on an expert's own demonstrations, the paper's baseline
// *Supervised*, and looks at what goes wrong.
//
// The task is **Reacher**: an arm of two links in the plane moves its fingertip to a target. It observes eleven numbers (the
// joints' cosines, sines and speeds, the target, and the way from target to fingertip) and sets two torques, fifty times an
// episode. The reward at each step is minus the distance to the target, less the squared torques.

// %%
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import * as tf from '@tensorflow/tfjs-node'
import {
  collect, createNetwork, evaluate, experiment, faded, figure, fit, generator, hyperparameters, learningCurves, live, loadEnvironment,
  loadExpert, networkOf, protocolFor, rollout, scale, show, strategiesFor, type IterationRecord, type Network
} from 'radgrad'

// %% [markdown]
// ## The expert
//
// The expert is itself a network of two layers of 64. Its return, the sum of an episode's rewards, depends on where the target
// happens to lie, so every policy here is tried from the same hundred starts.

// %%
const reacher = await loadEnvironment('reacher', { masses: 'legacy' })
const expert = await networkOf(await loadExpert('reacher'))
// `scale` changes nothing but in a quick run: npm run reproduce -- --quick
const trials = scale.trials ?? 100
const expertReturns = Array.from(await evaluate(reacher, expert, trials))

show(new dfd.DataFrame([{
  'mean return': math.mean(expertReturns),
  'standard deviation': Number(math.std(expertReturns)),
  worst: math.min(expertReturns),
  best: math.max(expertReturns)
}], { index: ['expert'] }))

// %% [markdown]
// ## Learning from demonstrations
//
// Imitation looks for the policy $\hat\pi$ whose actions differ least from the expert's, over the states it will meet (the
// paper's equation 1):
//
// $$\hat\pi = \arg\min_{\pi\in\Pi} \mathbb{E}_s\left[\ell(\pi^*, \pi)\right]$$
//
// Supervised learning takes those states from the expert's own episodes. The network is the paper's, declared as anybody
// would declare it in TensorFlow.js.

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
const clone = await createNetwork(declared, generator(seed, 'weights'))
console.log(`runs on the ${clone.engine} engine; ${declared.countParams()} weights`)

// %% [markdown]
// Seventy-five episodes of the expert make 3750 labelled states. A fifth is held out, and the weights that do best on it are
// kept.

// %%
const { supervised } = strategiesFor(hyperparameters.reacher)
const { labelled } = await collect(reacher, clone, expert, supervised, 75, [seed, 1])
const coin = generator(seed, 'validation')
const demonstrations = {
  rows: labelled.rows,
  inputs: labelled.observations,
  targets: labelled.actions,
  validation: Uint8Array.from({ length: labelled.rows }, () => Number(coin() < 0.2))
}
const report = await fit(clone, demonstrations, {
  loss: 'squared-error', learningRate: 1e-3, epochs: 150, batch: 32, weights: 'warm', optimizer: 'fresh'
}, generator(seed, 'fit'))

const epochs = report.training.map((_, i) => i + 1)
show(figure([
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
// On held-out demonstrations the clone is good: its squared error there is a small part of what it began with. But when it acts, its small errors carry it to states that the expert never
// visits; there it has learned nothing, errs more, and drifts further. To see it, let both act from the same starts, and ask in
// every state they reach how far the clone's action is from the expert's, $\lVert a^* - \hat a \rVert$.

// %%
interface Visits { error: number[][]; distance: number[][] }

/** For each step, the clone's error and the fingertip's distance to the target in all trials, with `driver` acting. */
async function visits(driver: Network): Promise<Visits> {
  const error: number[][] = []
  const distance: number[][] = []
  const starts = Array.from({ length: trials }, (_, trial) => generator(seed, 'covariate shift', trial))
  await rollout(reacher, reacher.reset(starts), (states, running) => {
    const wanted = expert.predict(states, running.length)
    const given = clone.predict(states, running.length)
    const rows = running.map((_, row) => row)
    const action = (of: Float32Array, row: number) => Array.from(of.subarray(2 * row, 2 * row + 2))
    const tipToTarget = (row: number) => Array.from(states.subarray(11 * row + 8, 11 * row + 10))
    error.push(rows.map(row => Number(math.distance(action(wanted, row), action(given, row)))))
    distance.push(rows.map(row => Number(math.norm(tipToTarget(row)))))
    return driver.predict(states, running.length)
  })
  return { error, distance }
}

const expertDrives = await visits(expert)
const cloneDrives = await visits(clone)

// %%
const quantile = (steps: number[][], q: number) => steps.map(values => Number(math.quantileSeq(values, q)))

function curve(name: string, colour: string, steps: number[][], axes: object, showlegend: boolean) {
  const x = steps.map((_, step) => step)
  const shared = { x, legendgroup: name, ...axes, mode: 'lines' }
  const edge = { ...shared, line: { width: 0 }, showlegend: false, hoverinfo: 'skip' }
  return [
    { ...edge, y: quantile(steps, 0.9) },
    { ...edge, y: quantile(steps, 0.1), fill: 'tonexty', fillcolor: faded(colour, 0.15) },
    { ...shared, y: quantile(steps, 0.5), line: { color: colour }, name, showlegend }
  ]
}
const panel = (key: 'error' | 'distance', axes: object, legend: boolean) => [
  ...curve('the expert acts', '#000000', expertDrives[key], axes, legend),
  ...curve('the clone acts', '#009e73', cloneDrives[key], axes, legend)
]

show(figure([...panel('error', {}, true), ...panel('distance', { xaxis: 'x2', yaxis: 'y2' }, false)], {
  title: { text: 'The same policy errs more in the states that it reaches itself' },
  height: 420,
  xaxis: { title: { text: 'step' }, domain: [0, 0.45] },
  yaxis: { title: { text: 'error of the clone’s action' }, type: 'log', dtick: 1 },
  xaxis2: { title: { text: 'step' }, domain: [0.55, 1], anchor: 'y2' },
  yaxis2: { title: { text: 'fingertip to target, m' }, type: 'log', dtick: 1, anchor: 'x2' }
}))

// %% [markdown]
// Lines are medians over the trials, bands go from the tenth to the ninetieth percentile. In numbers, over the second half of the
// episodes:

// %%
const cloneReturns = Array.from(await evaluate(reacher, clone, trials))
const lost = math.mean(math.subtract(expertReturns, cloneReturns) as number[])
console.log(`acting on its own, this clone returns ${lost.toFixed(2)} less than the expert from the same starts`)

const late = (steps: number[][]) => math.mean(steps.slice(25).flat())
const errors = [late(expertDrives.error), late(cloneDrives.error)]
const distances = [late(expertDrives.distance), late(cloneDrives.distance)]
show(new dfd.DataFrame(
  { 'mean error of the clone': errors, 'mean distance, m': distances },
  { index: ['the expert acts', 'the clone acts'] }
))
console.log(`where the clone acts, it errs ${(errors[1] / errors[0]).toFixed(1)} times as much as where the expert acts`)

// %% [markdown]
// ## The baseline as the paper has it
//
// The paper gives every algorithm fifteen iterations of five episodes: collect, train on all labels so far, test in a hundred
// trials. `experiment` is that loop (Algorithm 1), with the time left; interrupt the kernel, and what it has come to stays. In the first iteration an untrained policy acts and every state is labelled; from
// the second on, *Supervised* lets the expert act. The *loss* of a policy is the expert's return less its own, from the same start.

// %%
const protocol = protocolFor('reacher', 'supervised', await loadExpert('reacher'), scale)
const records: IterationRecord[] = []
// tslab overlooks another cell's name in the shorthand { seed }
const draw = () => learningCurves(
  'Supervised learning on Reacher', [{ strategy: 'supervised', seed: seed, records }], protocol.iterations
)

const redraw = live(draw())
for await (const { record } of experiment(protocol, seed)) {
  records.push(record)
  redraw(draw())
}

// %% [markdown]
// ## What came out

// %%
const last = records[records.length - 1]
interface PaperRow { environment: string; strategy: string; queries: number; loss: number; loss_sd: number }
const table = dfd.toJSON(await dfd.readCSV('../data/paper/table-2.csv')) as PaperRow[]
const paper = table.find(row => row.environment === 'reacher' && row.strategy === 'supervised')!
show(new dfd.DataFrame([
  { queries: last.queries, loss: last.loss, 'SD over trials': last.lossSd },
  { queries: paper.queries, loss: paper.loss, 'SD over trials': paper.loss_sd }
], { index: ['this run', 'the paper'] }))

// %% [markdown]
// The clone has as many labels as it could ask for, and still loses against the expert: partly because they are labels of states
// that it leaves. [The next notebook](02-dagger.ipynb) lets the learner act, asks the expert about the states where that leads, and
// shows how much of the loss goes away.
