// -*- coding: utf-8 -*-
// %% [markdown]
// # How do I try a strategy, a task, a question of my own?
//
// This notebook is an appendix: read it last. The others use strategies and tasks that are there. This one adds its own, each in a
// cell of less than twenty lines, with the same library.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import * as rg from 'radgrad'

// %%
const model = await rg.loadExpert('reacher')
const expert = await rg.networkOf(model)
const reacher = await rg.loadEnvironment('reacher', { masses: 'legacy' })
// no overrides, unless this is a quick run: npm run reproduce -- --quick
const protocol = rg.protocolFor('reacher', 'loss', model, rg.protocolOverrides())

// %% [markdown]
// ## A strategy
//
// A strategy says when the expert is queried, who controls the environment, and which critic is trained beside the policy. The paper's Loss
// queries where the predicted loss exceeds a threshold, and never elsewhere. Let us weight instead: query with a probability proportional
// to the predicted loss,
//
// $$P(\text{query}) = \min\left(1, \frac{\lVert l(s, \hat a)\rVert}{c}\right).$$
//
// All else is as in Loss: the same loss network, and the expert's action is executed where it is queried.

// %%
const { loss } = rg.paperStrategies(rg.hyperparameters.reacher)
const c = 0.1
const weighted: rg.QueryStrategy = {
  ...loss,
  title: 'Weighted',
  rule: {
    reasons: ['weight'],
    query(scores, rngs) {
      const predictedLoss = rg.column(scores, 'predictedLoss')
      return [Uint8Array.from(rngs, (rng, row) => Number(rg.uniform(rng, 0, 1) < predictedLoss[row] / c))]
    }
  }
}

// %% [markdown]
// Three seeds of it, at the paper's scale:

// %%
/** Returns the last iteration of a run. */
async function last(run: AsyncIterable<rg.Iteration>): Promise<rg.Iteration> {
  let end: rg.Iteration | undefined
  for await (const iteration of run) end = iteration
  return end!
}
// tslab overlooks other cells' names in a shorthand { expert }
const own = { environment: reacher, strategy: weighted, expert: expert }
const ours: rg.Iteration[] = []
for (const seed of [1, 2, 3]) ours.push(await last(rg.experiment(protocol, seed, own)))
const ends = ours.map(({ record }) => ({ queries: record.queries, loss: record.loss }))
console.log(`losses: ${ends.map(({ loss }) => loss.toFixed(2)).join(', ')}; queries: ${ends.map(({ queries }) => queries).join(', ')}`)

// %% [markdown]
// And beside the nine. The records have ten seeds of those; a seed means the same starts, initial weights and trials for all.

// %%
const { records } = await rg.readResults(...rg.recordFolders())
const seeds = await rg.resultsBySeed(records.values(), await rg.withExpertHash(protocol))
const titles = rg.paperStrategies(rg.hyperparameters.reacher)

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const nine = rg.table2(seeds).map(({ strategy, queries, loss }) => ({ name: titles[strategy].title, queries: queries.value, loss: loss.value }))
const mean = (of: 'queries' | 'loss') => math.mean(ends.map((end) => end[of]))
const points = [...nine, { name: weighted.title, queries: mean('queries'), loss: mean('loss') }]
const sides = ['bottom center', 'top center', 'middle left', 'middle left', 'top center', 'top center', 'middle right', 'bottom center', 'top center', 'bottom center']
const ofOwn = rg.lookOf('weighted').color
const colours = points.map((_, i) => (i < nine.length ? '#6f6f6f' : ofOwn))
const share = mean('queries') / nine.find(({ name }) => name === 'Random')!.queries
rg.show(
  rg.figure(
    [
      {
        x: ends.map(({ queries }) => queries), y: ends.map(({ loss }) => loss), mode: 'markers',
        marker: { size: 7, color: rg.withOpacity(ofOwn, 0.45) }, showlegend: false, hoverinfo: 'skip'
      },
      {
        x: points.map(({ queries }) => queries),
        y: points.map(({ loss }) => loss),
        text: points.map(({ name }) => name),
        mode: 'markers+text',
        textposition: sides,
        textfont: { color: colours },
        marker: { size: 11, color: colours },
        showlegend: false
      }
    ],
    {
      title: { text: `Weighted makes ${share.toFixed(1)} times the queries of Random (3 seeds; the nine: ${seeds.length})` },
      height: 460,
      xaxis: { title: { text: 'queries' }, range: [0, 4200] },
      yaxis: { title: { text: 'loss' }, rangemode: 'tozero' }
    }
  )
)

// %% [markdown]
// Small dots are its three seeds. Compare their spread with its distance from the others before you believe in it.
//
// ## Watching it
//
// The expert and the learner, from the same start. The learner acts throughout; below, the steps in which it would query.

// %%
const begin = () => reacher.reset([rg.generator(7, 'watch')])
const { policy, critic } = ours[0]
rg.playEpisodes('Reacher: the expert, and Weighted’s learner', [
  await rg.traceEpisode('expert', reacher, begin(), expert),
  await rg.traceEpisode('learner', reacher, begin(), policy, { strategy: weighted, critic: critic })
])

// %% [markdown]
// ## A critic, and a release
//
// A critic is whatever gives scores. RND-DAgger (Biré and others, 2024) queries in *new* states: one network learns, in labelled states, to predict what
// another gives, which stays random; elsewhere it errs, and the distance is the score. (The library has that strategy too, as `rnddagger`.)

// %%
const distillation: rg.CriticSpec = {
  name: 'random network distillation',
  async create(environment, createNetwork) {
    const topology = rg.perceptron(environment.observationSize, [64, 64], 16)
    const [target, predictor] = [await createNetwork(topology, 'target'), await createNetwork(topology, 'predictor')]
    return {
      networks: [target, predictor],
      async fit(data, training) {
        const { rows, observations, validation } = data.labelled
        const examples = { rows: rows, inputs: observations, targets: target.predict(observations, rows), validation: validation }
        await rg.fit(predictor, examples, training.fit, training.random(), training.signal)
        return []
      },
      score: (states, _, rows) => ({ novelty: () => rg.distances(target.predict(states, rows), predictor.predict(states, rows), rows) })
    }
  }
}

// %% [markdown]
// The rule queries where the novelty is in its top fifth. The *release* says when the expert, once asked, gives control back: here after five
// steps in a row that are not new. Each episode has a memory for such things; until then every step is a query.

// %%
const distilled: rg.QueryStrategy = {
  title: 'By novelty',
  critic: distillation,
  rule: rg.topFraction(0.2, 'novelty'),
  control: rg.expertWhenQueried,
  release(step) {
    const novelty = rg.column(step.scores, 'novelty')
    return Uint8Array.from(step.memories, (memory, row) => {
      memory.calm = novelty[row] > step.thresholds.novelty ? 0 : (memory.calm ?? 0) + 1
      return Number(memory.calm >= 5)
    })
  }
}
const novel = await last(rg.experiment(protocol, 1, { strategy: distilled }))
console.log(`${novel.record.queries} queries, loss ${novel.record.loss.toFixed(2)}; in the last iteration:`)
rg.show(new dfd.DataFrame(novel.record.rules.map((one) => ({ reason: one.reason, queries: one.queried }))))

// %% [markdown]
// A fraction holds on average over the episodes that set the threshold; in the five of an iteration it may be far off. And novelty is no gain here: Random loses 0.58 with
// 1,296 queries.
//
// ## A task
//
// A pole on a cart is to be kept upright by pushing the cart. The model is in MuJoCo's format. A task is a model and a few functions: how
// an episode starts, what is observed, what a step earns, when it ends.

// %%
const cart = await rg.simulate(`<mujoco><option timestep="0.02"/><worldbody><body name="cart">
  <joint name="slide" type="slide" axis="1 0 0"/><geom type="capsule" fromto="-.15 0 0 .15 0 0" size=".05"/>
  <body name="pole"><joint axis="0 1 0"/><geom type="capsule" fromto="0 0 0 0 0 .6" size=".03"/></body>
</body></worldbody><actuator><motor joint="slide" gear="40" ctrllimited="true" ctrlrange="-1 1"/></actuator></mujoco>`)
const balance: rg.Task = {
  name: 'balance', observationSize: 4, actionSize: 1, horizon: 200, plane: [0, 2], terms: ['centred'],
  draw: (rng) => ({ qpos: [0, rg.uniform(rng, -0.2, 0.2)], qvel: [0, rg.uniform(rng, -0.5, 0.5)] }),
  observe: ({ world }, shown) => shown.set([...world.qpos, ...world.qvel]),
  step(simulator, shown) {
    simulator.advance(1)
    balance.observe(simulator, shown)
    return { terms: [1 - shown[0] * shown[0]], terminated: Math.abs(shown[1]) > 0.5 }
  }
}
const balancing = rg.makeEnvironment(balance, cart)

// %% [markdown]
// An expert need not be a network. Here it is four numbers: how hard to push for the position of the cart, the angle of the pole, and their
// rates of change.

// %%
const push = ([x, angle, speed, turning]: Float32Array) => 0.5 * x + 4 * angle + 0.6 * speed + 0.8 * turning
const controller: rg.Policy = {
  inputs: 4,
  outputs: 1,
  predict: (states, rows) => Float32Array.from({ length: rows }, (_, row) => push(states.subarray(4 * row, 4 * row + 4)))
}
const settings = { ...protocol, policy: rg.perceptron(4, [32, 32], 1, { dropout: 0 }), iterations: 4 }
const learners: rg.Iteration[] = []
for (const strategy of [titles.dagger, titles.random, weighted]) {
  const own = { environment: balancing, strategy: strategy, expert: controller }
  learners.push(await last(rg.experiment(settings, 1, own)))
}
const outcomes = learners.map(({ record }) => ({ queries: record.queries, loss: record.loss }))
rg.show(new dfd.DataFrame(outcomes, { index: ['DAgger', 'Random', 'Weighted'] }))

// %% [markdown]
// The $c$ of Weighted was chosen for Reacher, where errors have another size. Both start off the centre with a shove; DAgger's learner
// steadies the pole as its expert does:

// %%
const shoved = () => balancing.resetTo([{ qpos: [0.7, 0.1], qvel: [0, 0.6] }])
rg.playEpisodes('Balance: after a shove, the controller and DAgger’s learner', [
  await rg.traceEpisode('controller', balancing, shoved(), controller),
  await rg.traceEpisode('learner', balancing, shoved(), learners[0].policy)
])

// %% [markdown]
// ## The records as a frame
//
// Every iteration of every recorded run is a row, for any question. Here: how far a third of the training gets on Hopper.

// %%
const hopper = await rg.withExpertHash(rg.protocolFor('hopper', 'dagger', await rg.loadExpert('hopper')))
const whose: Record<string, string> = { [hopper.expert]: 'ours', [rg.berkeleyExperts.hopper]: 'Berkeley’s' }
const rows = [...records.values()].flatMap(({ protocol, seed, outcome }) =>
  outcome.iterations.map(({ iteration, queries, loss }) => ({
    task: protocol.environment, strategy: protocol.strategy, seed: seed, iteration: iteration, queries: queries, loss: loss,
    expert: whose[protocol.expert] ?? 'another'
  }))
)
const frame = new dfd.DataFrame(rows)
console.log(`${frame.shape[0]} iterations of ${records.size} runs`)
const fifth = frame.query(frame['task'].eq('hopper').and(frame['iteration'].eq(5)))
const means = dfd.toJSON(fifth.groupby(['strategy', 'expert']).col(['queries', 'loss']).mean()) as Record<string, string | number>[]
const cell = (strategy: string, expert: string, of: string) =>
  means.find((row) => row['strategy'] === strategy && row['expert'] === expert)?.[of] ?? ''
rg.show({
  columns: ['loss, our expert', 'Berkeley’s', 'queries, our expert', 'Berkeley’s '],
  index: rg.strategyNames.map(rg.titleOf),
  values: rg.strategyNames.map((name) =>
    ['loss_mean', 'queries_mean'].flatMap((of) => [cell(name, 'ours', of), cell(name, 'Berkeley’s', of)])
  )
})

// %% [markdown]
// ## A sweep over a threshold
//
// How does SafeDAgger's loss depend on its threshold τ? One seed and six iterations for each of six thresholds.

// %%
const sweep: { tau: number; queries: number; loss: number }[] = []
for (const tau of [0.005, 0.01, 0.02, 0.04, 0.08, 0.16]) {
  const swept = { ...rg.hyperparameters.reacher, safety: { tau: tau, epsilon: 1 } }
  const short = rg.protocolFor('reacher', 'safedagger', model, {
    ...rg.protocolOverrides(),
    iterations: Math.min(6, protocol.iterations),
    hyperparameters: swept
  })
  const { record } = await last(rg.experiment(short, 1))
  sweep.push({ tau: tau, queries: record.queries, loss: record.loss })
}
const taus = sweep.map(({ tau }) => tau)
const panel = (of: 'queries' | 'loss') => [
  { x: taus, y: sweep.map((one) => one[of]), mode: 'lines+markers', line: { color: rg.lookOf('safedagger').color }, marker: { size: 9 }, showlegend: false }
]
rg.show(
  rg.panelsFigure(
    'A larger τ queries less and loses more: SafeDAgger, one seed',
    { queries: panel('queries'), loss: panel('loss') },
    { x: { title: { text: 'τ' }, type: 'log', tickvals: taus }, y: { rangemode: 'tozero' }, layout: { height: 380 } }
  )
)

// %% [markdown]
// Where the network calls every state safe, there is nothing to learn from. One seed is an anecdote, though.
//
// **The doubt**: was that chance? To sweep in earnest, over seeds and on all processors, recorded, use
// `rg.sweep('reacher', 'safedagger', { set: { 'safety.tau': [0.01, 0.02, 0.04] }, seeds: 10 })` in a notebook, or `npx radgrad sweep` in a
// terminal ([Extending](../docs/extending.md)). Or set thresholds by their cost in queries, as [notebook 07](07-beyond-the-paper.ipynb)
// does.
