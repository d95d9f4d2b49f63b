// -*- coding: utf-8 -*-
// %% [markdown]
// # RadGrad: querying where the predicted loss has a large gradient
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
// The first norm is the *predicted loss*, the second the *loss gradient*.

// %%
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import * as rg from 'radgrad'
const { tau, epsilon } = rg.hyperparameters.reacher.loss
console.log(`on Reacher τ is ${tau} and ε is ${epsilon}`)

// %% [markdown]
// ## The idea in a picture
//
// The paper's Figure 1, drawn anew: a predicted loss over states, and where the two rules query. This one is a sketch; a trained one
// follows below.

// %%
const states = math.range(0, 10, 0.05).toArray() as number[]
const rise = (t: number) => (1 + t / Math.sqrt(1 + t * t)) / 2
const sketch = (s: number) => 0.2 + 1.1 * rise(2 * (s - 6.2)) + 0.012 * s
const slope = (s: number) => Math.abs(sketch(s + 0.01) - sketch(s - 0.01)) / 0.02
const high = states.filter((s) => sketch(s) > 0.95)
const steep = states.filter((s) => slope(s) > 0.3 && sketch(s) <= 0.95)
const shade = (name: string, colour: string, where: number[]) => ({
  name,
  x: where,
  y: where.map(sketch),
  fill: 'tozeroy',
  fillcolor: rg.withOpacity(colour, 0.25),
  mode: 'none',
  hoverinfo: 'skip'
})
rg.show(
  rg.figure(
    [
      shade('queried: the predicted loss is high', '#d55e00', high),
      shade('queried: its gradient is large', '#0072b2', steep),
      {
        name: 'predicted loss',
        x: states,
        y: states.map(sketch),
        mode: 'lines',
        line: { color: '#333333' },
        hoverinfo: 'skip'
      }
    ],
    {
      title: { text: 'Where RadGrad queries (a sketch; the paper’s Figure 1)' },
      height: 340,
      xaxis: { title: { text: 'state and proposed action' }, showticklabels: false },
      yaxis: {
        title: { text: 'predicted loss' },
        tickvals: [0.95],
        ticktext: ['τ'],
        rangemode: 'tozero'
      }
    }
  )
)

// %% [markdown]
// ## A run
//
// Fifteen iterations on Reacher, with the thresholds of the paper's Table 1.

// %%
const model = await rg.loadExpert('reacher')
const seed = 1
// no overrides, unless this is a quick run: npm run reproduce -- --quick
const protocol = rg.protocolFor('reacher', 'loss-gradient', model, rg.protocolOverrides())
const records: rg.IterationRecord[] = []
const draw = () =>
  rg.learningCurves('RadGrad on Reacher', [{ strategy: 'loss-gradient', seed: seed, records }], protocol.iterations)
const redraw = rg.updatable(draw())
let last: rg.Iteration | undefined
for await (const iteration of rg.experiment(protocol, seed)) {
  records.push(iteration.record)
  last = iteration
  redraw(draw())
}

// %% [markdown]
// The queries of each rule are counted, and those that no other rule made.

// %%
const rule = (record: rg.IterationRecord, reason: string) =>
  record.rules.find((one) => one.reason === reason)!
const later = records.slice(1)
const bars = (name: string, colour: string, count: (record: rg.IterationRecord) => number) => ({
  type: 'bar',
  name,
  x: later.map(({ iteration }) => iteration),
  y: later.map(count),
  marker: { color: colour }
})
rg.show(
  rg.figure(
    [
      bars('predicted loss alone', '#d55e00', (record) => rule(record, 'predictedLoss').alone),
      bars(
        'both',
        '#999999',
        (record) => rule(record, 'predictedLoss').queried - rule(record, 'predictedLoss').alone
      ),
      bars('loss gradient alone', '#0072b2', (record) => rule(record, 'lossGradient').alone)
    ],
    {
      title: { text: 'Why the expert was queried, in the 250 states of each iteration' },
      height: 360,
      barmode: 'stack',
      xaxis: { title: { text: 'iteration' }, dtick: 1 },
      yaxis: { title: { text: 'queries' } }
    }
  )
)

// %% [markdown]
// ## The learned loss
//
// Reacher's arm has two joints, so its states with a target and no motion form a plane. The figure shows over that plane the loss that the
// network predicts for the policy's action, the direction in which it grows (arrows, where the loss gradient exceeds ε), and the states in
// which the expert was queried in twenty episodes with this target, by the rule that queried.

// %%
const reacher = await rg.loadEnvironment('reacher', { masses: 'legacy' })
const { policy, critic } = last!
const target = [0.08, 0.12]

/** Returns the observation of the arm at rest, with its joints at these angles. */
function observe(q0: number, q1: number): number[] {
  const tip = [
    0.1 * Math.cos(q0) + 0.11 * Math.cos(q0 + q1),
    0.1 * Math.sin(q0) + 0.11 * Math.sin(q0 + q1)
  ]
  return [
    Math.cos(q0),
    Math.cos(q1),
    Math.sin(q0),
    Math.sin(q1),
    ...target,
    0,
    0,
    tip[0] - target[0],
    tip[1] - target[1],
    0
  ]
}

const [angles0, angles1] = [
  math.range(-0.6, 2, 0.04).toArray() as number[],
  math.range(-0.8, 2.4, 0.05).toArray() as number[]
]
const grid = angles1.flatMap((q1) => angles0.map((q0) => [q0, q1]))
const shown = Float32Array.from(grid.flatMap(([q0, q1]) => observe(q0, q1)))
const proposals = policy.predict(shown, grid.length)
const scores = critic.score(shown, proposals, grid.length)
const [predictedLoss, lossGradient] = [rg.column(scores, 'predictedLoss'), rg.column(scores, 'lossGradient')]

/** The gradient of the predicted loss with respect to the two angles, by the chain rule through the observation. */
const [lossNetwork] = critic.networks
const inputs = rg.joinColumns(shown, proposals, grid.length)
const predicted = lossNetwork.predict(inputs, grid.length)
const lengths = rg.norms(predicted, grid.length)
const directions = predicted.map((value, i) =>
  lengths[Math.floor(i / 2)] > 0 ? value / lengths[Math.floor(i / 2)] : 0
)
const gradients = lossNetwork.inputGradients(inputs, directions, grid.length)
const byAngles = grid.map(([q0, q1], row) => {
  const g = gradients.subarray(13 * row, 13 * row + 13)
  const [x0, y0] = [-0.1 * Math.sin(q0), 0.1 * Math.cos(q0)]
  const [x1, y1] = [-0.11 * Math.sin(q0 + q1), 0.11 * Math.cos(q0 + q1)]
  return [
    -Math.sin(q0) * g[0] + Math.cos(q0) * g[2] + (x0 + x1) * g[8] + (y0 + y1) * g[9],
    -Math.sin(q1) * g[1] + Math.cos(q1) * g[3] + x1 * g[8] + y1 * g[9]
  ]
})

// %%
// twenty episodes with the one target
const startOf = (rng: rg.Rng) => ({
  qpos: [rg.uniform(rng, -0.1, 0.1), rg.uniform(rng, -0.1, 0.1), ...target],
  qvel: [0, 0, 0, 0]
})
const oneTarget = {
  ...reacher,
  reset: (rngs: readonly rg.Rng[]) => reacher.resetTo(rngs.map(startOf))
}
const radgrad = rg.paperStrategies(rg.hyperparameters.reacher)['loss-gradient']
const { labelled, lengths: steps } = await rg.collect(
  { environment: oneTarget, policy: policy, expert: await rg.networkOf(model), strategy: radgrad, critic: critic },
  20,
  [seed, 99]
)
// engines differ in the last digits of atan2 and hypot
const drawn = (x: number) => Number(x.toFixed(4))
const queried = labelled.reasons.map((reasons, row) => {
  const o = labelled.observations.subarray(11 * row, 11 * row + 11)
  return { reasons, q0: drawn(Math.atan2(o[2], o[0])), q1: drawn(Math.atan2(o[3], o[1])) }
})
const points = (name: string, colour: string, ...reasons: string[]) => {
  const these = queried.filter((state) => state.reasons.join() === reasons.join())
  return {
    name: `${name} (${these.length})`,
    x: these.map(({ q0 }) => q0),
    y: these.map(({ q1 }) => q1),
    mode: 'markers',
    marker: { color: colour, size: 6, line: { color: '#ffffff', width: 0.5 } }
  }
}
const sparse = grid
  .map((_, row) => row)
  .filter(
    (row) =>
      (row % angles0.length) % 4 === 0 &&
      Math.floor(row / angles0.length) % 4 === 0 &&
      lossGradient[row] > epsilon
  )
const arrows = sparse.flatMap((row) => {
  const [dx, dy] = byAngles[row]
  const size = Math.hypot(dx, dy)
  return size > 0
    ? [
        {
          x: drawn(grid[row][0] + (0.09 * dx) / size),
          y: drawn(grid[row][1] + (0.09 * dy) / size),
          ax: grid[row][0],
          ay: grid[row][1],
          axref: 'x',
          ayref: 'y',
          showarrow: true,
          arrowhead: 2,
          arrowsize: 0.8,
          arrowwidth: 1,
          arrowcolor: '#ffffff',
          text: ''
        }
      ]
    : []
})
rg.show(
  rg.figure(
    [
      {
        type: 'heatmap',
        x: angles0,
        y: angles1,
        z: angles1.map((_, r) =>
          Array.from(predictedLoss.subarray(r * angles0.length, (r + 1) * angles0.length))
        ),
        colorscale: 'Viridis',
        colorbar: { title: { text: 'predicted loss', side: 'right' } },
        hovertemplate: 'joints at %{x:.2f}, %{y:.2f} rad<br>predicted loss %{z:.3f}<extra></extra>'
      },
      points('predicted loss', '#d55e00', 'predictedLoss'),
      points('loss gradient', '#56b4e9', 'lossGradient'),
      points('both', '#f0e442', 'predictedLoss', 'lossGradient')
    ].filter(({ x }) => x.length > 0),
    {
      title: { text: 'The predicted loss of an arm at rest, and where the expert was queried' },
      height: 560,
      xaxis: { title: { text: 'first joint, rad' }, range: [-0.6, 2], showgrid: false },
      yaxis: { title: { text: 'second joint, rad' }, range: [-0.8, 2.4], showgrid: false },
      annotations: arrows
    }
  )
)
const total = steps.reduce((sum, length) => sum + length, 0)
console.log(
  `queried in ${labelled.rows} of ${total} states; the loss gradient exceeds ε at ${arrows.length} points of the plane (arrows)`
)

// %% [markdown]
// ## Watching it query
//
// The expert and the learner from the same start; the learner acts throughout. The time line shows the steps in which RadGrad would query,
// and why.

// %%
const begin = () => reacher.reset([rg.generator(seed, 'watch')])
rg.playEpisodes('Reacher: the expert, and RadGrad’s learner', [
  await rg.traceEpisode('expert', reacher, begin(), await rg.networkOf(model)),
  await rg.traceEpisode('learner', reacher, begin(), policy, { strategy: radgrad, critic: critic })
])

// %% [markdown]
// ## Does the gradient help?
//
// One run cannot say. The records hold ten seeds of each strategy. Loss queries by the predicted loss alone, Loss Gradient is RadGrad, and
// Loss Gr. Random tosses a coin in each state: either RadGrad's rule decides, or chance.

// %%
const { records: all } = await rg.readResults(...rg.recordFolders())
const seeds = await rg.resultsBySeed(all.values(), await rg.withExpertHash(protocol))
const family: rg.StrategyName[] = ['loss', 'loss-gradient', 'loss-gradient-random', 'dagger', 'random']
const titles = rg.paperStrategies(rg.hyperparameters.reacher)
rg.show(
  new dfd.DataFrame(
    family.map((name) => {
      const ends = seeds.map(({ outcomes }) => rg.finalIteration(outcomes[name]))
      return {
        'mean loss': math.mean(ends.map(({ loss }) => loss)),
        'lowest and highest loss': ends
          .map(({ loss }) => loss)
          .sort((a, b) => a - b)
          .filter((_, i) => i === 0 || i === ends.length - 1)
          .map((loss) => loss.toFixed(2))
          .join(' … '),
        'mean queries': Math.round(math.mean(ends.map(({ queries }) => queries)))
      }
    }),
    { index: family.map((name) => titles[name].title) }
  )
)
const wins = (a: rg.StrategyName, b: rg.StrategyName) =>
  seeds.filter(({ outcomes }) => rg.finalIteration(outcomes[a]).loss < rg.finalIteration(outcomes[b]).loss).length
for (const rival of ['loss', 'random', 'dagger'] as const)
  console.log(
    `RadGrad has a lower loss than ${titles[rival].title} with ${wins('loss-gradient', rival)} of ${seeds.length} seeds`
  )

// %% [markdown]
// The gradient lowers the loss of Loss with eight seeds of ten, at twice its queries. But querying at random, or tossing that coin, helps
// far more, for fewer queries. The figure above shows where RadGrad queries: not in a few risky states, but nearly everywhere that the
// prediction is not flat. Where a layer of the network has died, as in the iterations without any bar, it queries nowhere. The next
// notebook says what the figures of all strategies and both tasks mean for the paper's claims.
