// -*- coding: utf-8 -*-
// %% [markdown]
// # RadGrad: does it pay to query where the predicted loss is steep?
//
// [SafeDAgger](03-safedagger.ipynb) queries its expert where it believes itself wrong. *RadGrad*, the paper's own algorithm, queries there
// too, and also where that belief changes fast: a small step in the state or the action, and the learner might be wrong. The paper calls
// such a state *risky*.
//
// Beside the policy $\hat\pi$, RadGrad trains a **loss network** $l$. It sees the state $s$ and the action $\hat a = \hat\pi(s)$ that the
// policy proposes, and predicts the difference to the expert's action, $a^* - \hat a$. The expert is queried if
//
// $$\lVert l(s, \hat a)\rVert > \tau \qquad\text{or}\qquad \left\lVert \frac{\partial \lVert l(s, \hat a)\rVert}{\partial [s; \hat a]} \right\rVert > \epsilon .$$
//
// The first norm is the *predicted loss*, the second the *loss gradient*. The paper's Figure 1, drawn anew:

// %% jupyter={"source_hidden": true} tags=["hide-input"]
import * as rg from 'radgrad'

// %% jupyter={"source_hidden": true} tags=["hide-input"]
// the predicted loss over one number that stands for state and action
const sketch = (s: number) => 0.2 + 1.1 * (1 + (2 * (s - 6.2)) / Math.sqrt(1 + 4 * (s - 6.2) ** 2)) / 2 + 0.012 * s
const [steepFrom, highFrom, threshold] = [5.3, 6.45, sketch(6.45)]
const area = (from: number, to: number, colour: string) => {
  const x = Array.from({ length: 101 }, (_, i) => from + ((to - from) * i) / 100)
  return { x, y: x.map(sketch), mode: 'lines', line: { color: colour, width: 3 }, fill: 'tozeroy', fillcolor: rg.withOpacity(colour, 0.2) }
}
const ink = '#6f6f6f'
// two shades of RadGrad's blue
const [ofLoss, ofGradient] = ['#58a0dc', rg.lookOf('loss-gradient').color]
const words = (text: string, x: number, y: number, color = ink) => ({ text, x, y, showarrow: false, font: { color } })
const rise = [5.45, 5.85].map((s) => ({ x: s, y: sketch(s) }))
rg.show(
  rg.figure(
    [area(0, steepFrom, '#999999'), area(steepFrom, highFrom, ofGradient), area(highFrom, 10, ofLoss)].map((trace) => ({
      ...trace,
      showlegend: false,
      hoverinfo: 'skip'
    })),
    {
      title: { text: 'Where RadGrad queries: a sketch' },
      height: 340,
      margin: { l: 60, r: 60, t: 50, b: 50 },
      xaxis: { title: { text: 'state and proposed action' }, showticklabels: false, showgrid: false, ticks: '', range: [0, 10] },
      yaxis: { title: { text: 'predicted loss' }, showticklabels: false, showgrid: false, ticks: '', range: [0, 1.65] },
      shapes: [
        { type: 'line', x0: 0, x1: 10, y0: threshold, y1: threshold, line: { color: ink, width: 1.5, dash: 'dot' } },
        { type: 'path', path: `M ${rise[0].x} ${rise[0].y} L ${rise[1].x} ${rise[0].y} L ${rise[1].x} ${rise[1].y} Z`, line: { color: ink, width: 1.5 } }
      ],
      annotations: [
        { ...words('τ', 10, threshold), xanchor: 'left', font: { size: 16 } },
        { ...words('slope ε', 5.92, 0.5), xanchor: 'left', font: { color: ink, size: 12 } },
        words('not queried', 2.6, 0.12),
        words('queried:<br>gradient<br>above ε', 5.87, 0.2, ofGradient),
        words('queried: predicted loss above τ', 8.2, 0.2, ofLoss)
      ]
    }
  )
)

// %% [markdown]
// ## The algorithm, line by line
//
// Algorithm 1 of the paper, by hand: two networks, a rule and a loop. The first batch is labelled throughout, as both networks are untrained;
// the learner acts in it. Every random number has a name (`random(k, 'fit')`), so a run can be repeated to the last bit.

// %%
const { tau, epsilon } = rg.hyperparameters.reacher.loss
const reacher = await rg.loadEnvironment('reacher', { masses: 'legacy' })
const model = await rg.loadExpert('reacher')
const expert = await rg.networkOf(model)
// no overrides, unless this is a quick run: npm run reproduce -- --quick
const protocol = rg.protocolFor('reacher', 'loss-gradient', model, rg.protocolOverrides())
const expertReturns = await rg.evaluate(reacher, expert, protocol.trials)
const seed = 1
const random = (...name: (string | number)[]) => rg.generator(seed, ...name)
const network = (inputs: number, hidden: number[], name: string) =>
  rg.createNetwork(rg.perceptron(inputs, hidden, 2, { dropout: 0.2 }), random(name))

// in the margin stand the paper's lines
/*  2  D ← ∅            */ const D: { s: Float32Array; best: Float32Array; heldOut: number }[] = []
/*  3  initialize π     */ const policy = await network(11, [128, 128, 32, 8], 'weights')
/*  4  initialize l     */ const lossNetwork = await network(13, [128, 128, 64, 64, 32, 32, 16, 16, 8], 'critic')

/** Returns the predicted loss ‖l(s, â)‖, and the norm of its gradient with respect to [s; â]. */
function predictLoss(states: Float32Array, actions: Float32Array, rows: number) {
  const inputs = rg.joinColumns(states, actions, rows)
  const difference = lossNetwork.predict(inputs, rows)
  const loss = rg.norms(difference, rows)
  const direction = difference.map((value, i) => (loss[i >> 1] > 0 ? value / loss[i >> 1] : 0))
  return { loss, gradient: rg.norms(lossNetwork.inputGradients(inputs, direction, rows), rows) }
}

const byHand: number[] = []
/*  5  each iteration   */ for (let k = 1; k <= 3; k++) {
  const starts = [0, 1, 2, 3, 4].map((episode) => random(k, 'start', episode))
  const coin = random(k, 'validation')
  /*  6-9  each step s  */ await rg.rollout(reacher, reacher.reset(starts), (states, running) => {
    const rows = running.length
    /* 10  â ← π(s)     */ const actions = policy.predict(states, rows).slice()
    /* 11  l(s, â)      */ const { loss, gradient } = predictLoss(states, actions, rows)
    for (let row = 0; row < rows; row++) {
      /* 12  if risky   */ if (k === 1 || loss[row] > tau || gradient[row] > epsilon) {
        const s = states.slice(11 * row, 11 * row + 11)
        /* 13  query a* */ const best = expert.predict(s, 1).slice()
        /* 14  act a*   */ if (k > 1) actions.set(best, 2 * row)
        /* 15  D ∪ s,a* */ D.push({ s, best, heldOut: Number(coin() < 0.2) })
      }
    }
    /* 17  else act â   */ return actions
  })
  const rows = D.length
  const states = Float32Array.from(D.flatMap(({ s }) => [...s]))
  const labels = Float32Array.from(D.flatMap(({ best }) => [...best]))
  const validation = Uint8Array.from(D, ({ heldOut }) => heldOut)
  const forPolicy = { rows, inputs: states, targets: labels, validation }
  /* 18  train π on D   */ await rg.fit(policy, forPolicy, protocol.fit, random(k, 'fit'))
  const actions = policy.predict(states, rows)
  const inputs = rg.joinColumns(states, actions, rows)
  const forLoss = { rows, inputs, targets: labels.map((best, i) => best - actions[i]), validation }
  /* 18  train l on D   */ await rg.fit(lossNetwork, forLoss, protocol.fit, random(k, 'critic fit'))
  const returns = await rg.evaluate(reacher, policy, protocol.trials)
  byHand.push(rg.mean(expertReturns.map((best, trial) => best - returns[trial])))
}
console.log(`the losses of the first iterations: ${byHand.map((loss) => loss.toFixed(2)).join(', ')}`)

// %% [markdown]
// That is the whole algorithm. `rg.experiment` runs it below for fifteen iterations, with the thresholds of the paper's Table 1, and the
// first losses have to be the same.

// %%
const records: rg.IterationRecord[] = []
const draw = () =>
  rg.learningCurves(
    'RadGrad on Reacher, one run',
    [{ strategy: 'loss-gradient', seed: seed, records }],
    protocol.iterations
  )
const redraw = rg.updatable(draw())
let last: rg.Iteration | undefined
for await (const iteration of rg.experiment(protocol, seed)) {
  records.push(iteration.record)
  last = iteration
  redraw(draw())
}
await 0 // tslab waits for a cell only where it sees an await outside of loops
const byLibrary = records.slice(0, 3).map((record) => record.loss)
if (byHand.join() !== byLibrary.join()) throw new Error(`the loop above gave ${byHand}, the library ${byLibrary}`)
console.log(`the loop above gave the same first losses to the last digit:\n${byHand.join(', ')}`)

// %% [markdown]
// ## Why does it query?
//
// The queries of each iteration, by the rule that made them. It queries everywhere at first, and in few states once the network predicts small
// losses; whenever it is trained anew that may change.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const rule = (record: rg.IterationRecord, reason: string) => record.rules.find((one) => one.reason === reason)!
const later = records.slice(1)
const counts: [string, string, (record: rg.IterationRecord) => number][] = [
  ['predicted loss alone', ofLoss, (record) => rule(record, 'predictedLoss').alone],
  ['both', '#3480c1', (record) => rule(record, 'predictedLoss').queried - rule(record, 'predictedLoss').alone],
  ['loss gradient alone', ofGradient, (record) => rule(record, 'lossGradient').alone]
]
const made = counts.map(([, , count]) => later.map(count).reduce((sum, one) => sum + one, 0))
const silent = later.filter((record) => counts.every(([, , count]) => count(record) === 0))
const ofAll = Math.round((100 * made[2]) / (made[0] + made[1] + made[2]))
rg.show(
  rg.figure(
    counts.map(([name, colour, count]) => ({
      type: 'bar',
      name,
      x: later.map(({ iteration }) => iteration),
      y: later.map(count),
      marker: { color: colour }
    })),
    {
      title: { text: `${ofAll} % of the queries are made for the gradient alone` },
      height: 400,
      margin: { l: 60, r: 40, t: 90, b: 55 },
      barmode: 'stack',
      legend: { orientation: 'h', x: 0, y: 1.02, yanchor: 'bottom', traceorder: 'reversed' },
      xaxis: { title: { text: 'iteration' }, dtick: 1 },
      yaxis: { title: { text: 'queries, of about 250 states' }, range: [0, 260] },
      annotations: silent.map(({ iteration }) => ({ ...words('no<br>query', iteration, 4), yanchor: 'bottom', font: { size: 11, color: ink } }))
    }
  )
)

// %% [markdown]
// ## What has it learned to fear?
//
// Reacher's arm has two joints, so its states with a target and no motion form a plane. Over that plane: the loss that the last network
// predicts for the policy's action, and the norm of its gradient. Dark is high; the line is the threshold. The grey path is an episode of the
// learner with this target, from the dot on. Its arm moves, so read the path as where it goes, not how high.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const target = [0.08, 0.12]
/** Returns the observation of the arm at rest, with its joints at these angles. */
function observe(q0: number, q1: number): number[] {
  const tip = [0.1 * Math.cos(q0) + 0.11 * Math.cos(q0 + q1), 0.1 * Math.sin(q0) + 0.11 * Math.sin(q0 + q1)]
  const joints = [Math.cos(q0), Math.cos(q1), Math.sin(q0), Math.sin(q1)]
  return [...joints, ...target, 0, 0, tip[0] - target[0], tip[1] - target[1], 0]
}
// engines differ in the last digits of sines
const drawn = (x: number) => Number(x.toPrecision(3))
const axis = (from: number, to: number) => Array.from({ length: 41 }, (_, i) => drawn(from + ((to - from) * i) / 40))
const [angles0, angles1] = [axis(-0.6, 2), axis(-0.8, 2.4)]
const plane = angles1.flatMap((q1) => angles0.map((q0) => [q0, q1]))
const atRest = Float32Array.from(plane.flatMap(([q0, q1]) => observe(q0, q1)))
const { policy: learner, critic } = last!
const scores = critic.score(atRest, learner.predict(atRest, plane.length), plane.length)
const [predictedLoss, lossGradient] = [rg.column(scores, 'predictedLoss'), rg.column(scores, 'lossGradient')]
const fromRest = { qpos: [0, 0, ...target], qvel: [0, 0, 0, 0] }
const path: [number, number][] = []
await rg.rollout(reacher, reacher.resetTo([fromRest]), (s) => {
  path.push([drawn(Math.atan2(s[2], s[0])), drawn(Math.atan2(s[3], s[1]))])
  return learner.predict(s, 1)
})
const beyond = (values: Float32Array, limit: number) =>
  Math.round((100 * values.filter((value) => value > limit).length) / values.length)
const contours = (values: Float32Array, colour: string, limit: number) => {
  const z = angles1.map((_, r) => Array.from(values.subarray(41 * r, 41 * r + 41), drawn))
  const most = rg.mean(Float64Array.from(values)) * 2.5
  const shared = { type: 'contour', x: angles0, y: angles1, z, showscale: false, showlegend: false, hoverinfo: 'skip' }
  const colours = [0, 0.25, 0.5, 0.75, 1].map((share) => [share, rg.withOpacity(colour, 0.08 + 0.87 * share)])
  return [
    { ...shared, zmin: 0, zmax: most, colorscale: colours, contours: { start: most / 6, end: most, size: most / 6 }, line: { width: 0 } },
    { ...shared, contours: { coloring: 'none', start: limit, end: limit, size: 1 }, line: { color: '#ffffff', width: 5 } },
    { ...shared, contours: { coloring: 'none', start: limit, end: limit, size: 1 }, line: { color: '#000000', width: 2 } },
    { x: path.map(([q0]) => q0), y: path.map(([, q1]) => q1), mode: 'lines', line: { color: '#777777', width: 2 }, showlegend: false },
    { x: [path[0][0]], y: [path[0][1]], mode: 'markers', marker: { color: '#777777', size: 9 }, showlegend: false }
  ]
}
const [shareLoss, shareGradient] = [beyond(predictedLoss, tau), beyond(lossGradient, epsilon)]
rg.show(
  rg.panelsFigure(
    `The gradient exceeds ε in ${shareGradient} % of the plane`,
    {
      [`predicted loss, above τ in ${shareLoss} %`]: contours(predictedLoss, ofLoss, tau),
      [`loss gradient, above ε in ${shareGradient} %`]: contours(lossGradient, ofGradient, epsilon)
    },
    {
      x: { title: { text: 'first joint, rad' }, showgrid: false },
      y: { title: { text: 'second joint, rad' }, showgrid: false },
      layout: { height: 460 }
    }
  )
)

// %% [markdown]
// ## Watching it query
//
// The expert and the learner from the same start; the learner acts throughout. The time line shows the steps in which RadGrad would query,
// and why.

// %%
const radgrad = rg.paperStrategies(rg.hyperparameters.reacher)['loss-gradient']
const begin = () => reacher.reset([rg.generator(seed, 'watch')])
rg.playEpisodes('Reacher: the expert, and RadGrad’s learner', [
  await rg.traceEpisode('expert', reacher, begin(), expert),
  await rg.traceEpisode('learner', reacher, begin(), learner, { strategy: radgrad, critic: critic })
])

// %% [markdown]
// ## Does the gradient help?
//
// One run cannot say. The records hold ten seeds of each strategy. Loss queries by the predicted loss alone, Loss Gradient is RadGrad, and
// Loss Gr. Random tosses a coin in each state: either RadGrad's rule decides, or chance. A dot is a seed, a bar the mean.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const { records: all } = await rg.readResults(...rg.recordFolders())
const seeds = await rg.resultsBySeed(all.values(), await rg.withExpertHash(protocol))
const titles = rg.paperStrategies(rg.hyperparameters.reacher)
const family = ['loss', 'loss-gradient', 'loss-gradient-random', 'random', 'dagger'] as const
const ends = (name: rg.StrategyName) => seeds.map(({ outcomes }) => rg.finalIteration(outcomes[name]))
const meanOf = (values: readonly number[]) => rg.mean(Float64Array.from(values))
const wins = (rival: rg.StrategyName) =>
  ends('loss-gradient').filter(({ loss }, i) => loss < ends(rival)[i].loss).length
const rowName = (name: rg.StrategyName) =>
  `${titles[name].title}<br>${Math.round(meanOf(ends(name).map(({ queries }) => queries)))} queries`
rg.show(
  rg.figure(
    family.flatMap((name) => {
      const { color: colour } = rg.lookOf(name)
      const losses = ends(name).map(({ loss }) => loss)
      return [
        { x: losses, y: losses.map(() => rowName(name)), mode: 'markers', marker: { color: rg.withOpacity(colour, 0.55), size: 10 } },
        { x: [meanOf(losses)], y: [rowName(name)], mode: 'markers', marker: { color: colour, symbol: 'line-ns-open', size: 24, line: { width: 4 } } }
      ].map((trace) => ({ ...trace, showlegend: false, hovertemplate: 'loss %{x:.2f}<extra></extra>' }))
    }),
    {
      title: {
        text: `RadGrad beats Loss with ${wins('loss')} of ${seeds.length} seeds, Random with ${wins('random')}, DAgger with ${wins('dagger')}`
      },
      height: 400,
      xaxis: { title: { text: 'loss after the last iteration' }, rangemode: 'tozero' },
      yaxis: { autorange: 'reversed', showgrid: false }
    }
  )
)

// %% [markdown]
// The gradient improves on the predicted loss alone, for more queries. But chance, alone or with RadGrad's rule, does it better for fewer.
// The planes hint at why: the rule does not pick out a few risky states. It queries in a whole region, wherever the prediction is not flat.
//
// **The doubt**: these are ten seeds, one task and one expert. [The next notebook](05-figures-and-tables.ipynb) puts all nine strategies, both
// tasks and two experts beside what the paper says of them.
