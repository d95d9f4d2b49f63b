// -*- coding: utf-8 -*-
// %% [markdown]
// # RadGrad: asking where the predicted loss is steep
//
// [SafeDAgger](03-safedagger.ipynb) asks its expert where it believes itself wrong. *RadGrad*, the paper's own algorithm, asks there
// too, and also where that belief changes fast: a small step in the state or the action, and the learner might be wrong. Such a state the
// paper calls *risky*.
//
// Beside the policy $\hat\pi$ it learns a **Loss network** $l$, which sees the state $s$ and the action $\hat a = \hat\pi(s)$ that the
// policy proposes, and predicts how far that is from the expert's, $a^* - \hat a$. The expert is asked if
//
// $$\lVert l(s, \hat a)\rVert > \tau \qquad\text{or}\qquad \left\lVert \frac{\partial \lVert l(s, \hat a)\rVert}{\partial [s; \hat a]} \right\rVert > \epsilon .$$

// %%
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import {
  collect,
  contests,
  experiment,
  faded,
  figure,
  film,
  final,
  generator,
  hyperparameters,
  joinColumns,
  learningCurves,
  live,
  loadEnvironment,
  loadExpert,
  networkOf,
  norms,
  protocolFor,
  readResults,
  recorded,
  resultFolders,
  scale,
  show,
  strategiesFor,
  uniform,
  watch,
  type Iteration,
  type IterationRecord,
  type Rng,
  type StrategyName
} from 'radgrad'
const { tau, epsilon } = hyperparameters.reacher.loss
console.log(`on Reacher τ is ${tau} and ε is ${epsilon}`)

// %% [markdown]
// ## The idea in a picture
//
// The paper's Figure 1, drawn anew: a predicted loss over states, and where the two rules ask. This one is a sketch; the learned thing
// follows below.

// %%
const states = math.range(0, 10, 0.05).toArray() as number[]
const rise = (t: number) => (1 + t / Math.sqrt(1 + t * t)) / 2
const sketch = (s: number) => 0.2 + 1.1 * rise(2 * (s - 6.2)) + 0.012 * s
const slope = (s: number) => Math.abs(sketch(s + 0.01) - sketch(s - 0.01)) / 0.02
const far = states.filter((s) => sketch(s) > 0.95)
const steep = states.filter((s) => slope(s) > 0.3 && sketch(s) <= 0.95)
const shade = (name: string, colour: string, where: number[]) => ({
  name,
  x: where,
  y: where.map(sketch),
  fill: 'tozeroy',
  fillcolor: faded(colour, 0.25),
  mode: 'none',
  hoverinfo: 'skip'
})
show(
  figure(
    [
      shade('asked: predicted far from the expert', '#d55e00', far),
      shade('asked: the prediction is steep', '#0072b2', steep),
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
      title: { text: 'Where RadGrad asks (a sketch; the paper’s Figure 1)' },
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
// Fifteen iterations on Reacher, with the numbers of the paper's Table 1.

// %%
const model = await loadExpert('reacher')
const seed = 1
// `scale` changes nothing but in a quick run: npm run reproduce -- --quick
const protocol = protocolFor('reacher', 'loss-gradient', model, scale)
const records: IterationRecord[] = []
const draw = () =>
  learningCurves('RadGrad on Reacher', [{ strategy: 'loss-gradient', seed: seed, records }], protocol.iterations)
const redraw = live(draw())
let last: Iteration | undefined
for await (const iteration of experiment(protocol, seed)) {
  records.push(iteration.record)
  last = iteration
  redraw(draw())
}

// %% [markdown]
// Each rule is counted: how often it asked, and how often no other did.

// %%
const rule = (record: IterationRecord, reason: string) =>
  record.rules.find((one) => one.reason === reason)!
const later = records.slice(1)
const bars = (name: string, colour: string, count: (record: IterationRecord) => number) => ({
  type: 'bar',
  name,
  x: later.map(({ iteration }) => iteration),
  y: later.map(count),
  marker: { color: colour }
})
show(
  figure(
    [
      bars('predicted far only', '#d55e00', (record) => rule(record, 'discrepancy').alone),
      bars(
        'far and steep',
        '#999999',
        (record) => rule(record, 'discrepancy').asked - rule(record, 'discrepancy').alone
      ),
      bars('steep only', '#0072b2', (record) => rule(record, 'steepness').alone)
    ],
    {
      title: { text: 'Why the expert was asked, in each iteration’s 250 states' },
      height: 360,
      barmode: 'stack',
      xaxis: { title: { text: 'iteration' }, dtick: 1 },
      yaxis: { title: { text: 'queries' } }
    }
  )
)

// %% [markdown]
// ## What it has learned to fear
//
// Reacher's arm has two joints, so for a target at rest its states make a plane. Over that plane: the loss that the network predicts
// for the policy's action, the way in which it grows (arrows, where it is steep enough to ask), and the states of twenty episodes towards
// this target, in which the expert was asked, by the rule that asked.

// %%
const reacher = await loadEnvironment('reacher', { masses: 'legacy' })
const { policy, critic } = last!
const target = [0.08, 0.12]

/** What the arm shows at rest with its joints at these angles. */
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
const { discrepancy, steepness } = critic.scores(shown, proposals, grid.length)

/** The prediction's gradient by the two angles, through what the arm shows of them. */
const [lossNetwork] = critic.networks
const inputs = joinColumns(shown, proposals, grid.length)
const predicted = lossNetwork.predict(inputs, grid.length)
const lengths = norms(predicted, grid.length)
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
// twenty episodes towards the one target
const towards = (rng: Rng) => ({
  qpos: [uniform(rng, -0.1, 0.1), uniform(rng, -0.1, 0.1), ...target],
  qvel: [0, 0, 0, 0]
})
const oneTarget = {
  ...reacher,
  reset: (rngs: readonly Rng[]) => reacher.resetTo(rngs.map(towards))
}
const radgrad = strategiesFor(hyperparameters.reacher)['loss-gradient']
const { labelled, lengths: steps } = await collect(
  oneTarget,
  policy,
  await networkOf(model),
  radgrad,
  20,
  [seed, 99],
  { critic: critic }
)
const asked = Array.from(labelled.reasons, (reasons, row) => {
  const o = labelled.observations.subarray(11 * row, 11 * row + 11)
  return { reasons, q0: Math.atan2(o[2], o[0]), q1: Math.atan2(o[3], o[1]) }
})
const points = (name: string, colour: string, reasons: number) => {
  const these = asked.filter((one) => one.reasons === reasons)
  return {
    name: `${name} (${these.length})`,
    x: these.map((one) => one.q0),
    y: these.map((one) => one.q1),
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
      steepness[row] > epsilon
  )
const arrows = sparse.flatMap((row) => {
  const [dx, dy] = byAngles[row]
  const size = Math.hypot(dx, dy)
  return size > 0
    ? [
        {
          x: grid[row][0] + (0.09 * dx) / size,
          y: grid[row][1] + (0.09 * dy) / size,
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
show(
  figure(
    [
      {
        type: 'heatmap',
        x: angles0,
        y: angles1,
        z: angles1.map((_, r) =>
          Array.from(discrepancy.subarray(r * angles0.length, (r + 1) * angles0.length))
        ),
        colorscale: 'Viridis',
        colorbar: { title: { text: 'predicted loss', side: 'right' } },
        hovertemplate: 'joints at %{x:.2f}, %{y:.2f} rad<br>predicted loss %{z:.3f}<extra></extra>'
      },
      points('predicted far', '#d55e00', 1),
      points('steep', '#56b4e9', 2),
      points('both', '#f0e442', 3)
    ].filter(({ x }) => x.length > 0),
    {
      title: { text: 'The learned loss of an arm at rest, and where the expert was asked' },
      height: 560,
      xaxis: { title: { text: 'first joint, rad' }, range: [-0.6, 2], showgrid: false },
      yaxis: { title: { text: 'second joint, rad' }, range: [-0.8, 2.4], showgrid: false },
      annotations: arrows
    }
  )
)
const total = steps.reduce((sum, length) => sum + length, 0)
console.log(
  `asked in ${labelled.rows} of ${total} states; ${arrows.length} of the plane's arrows are beyond ε`
)

// %% [markdown]
// ## Watching it ask
//
// The expert and the learner from the same start; the learner acts throughout. On the time line, the steps in which RadGrad would ask, and why.

// %%
const begin = () => reacher.reset([generator(seed, 'watch')])
watch('Reacher: the expert, and RadGrad’s learner', [
  await film('expert', reacher, begin(), await networkOf(model)),
  await film('learner', reacher, begin(), policy, { strategy: radgrad, critic: critic })
])

// %% [markdown]
// ## Does the gradient help?
//
// One run cannot say. The records hold ten seeds of each strategy: Loss asks by the prediction alone, Loss Gradient is RadGrad, and Loss Gr. Random
// tosses a coin in each state whether RadGrad's rule or chance decides.

// %%
const { records: all } = await readResults(...resultFolders)
const seeds = await contests(all.values(), await recorded(protocol))
const family: StrategyName[] = ['loss', 'loss-gradient', 'loss-gradient-random', 'dagger', 'random']
const titles = strategiesFor(hyperparameters.reacher)
show(
  new dfd.DataFrame(
    family.map((name) => {
      const ends = seeds.map(({ outcomes }) => final(outcomes[name]))
      return {
        'mean loss': math.mean(ends.map(({ loss }) => loss)),
        'least and most': ends
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
const wins = (a: StrategyName, b: StrategyName) =>
  seeds.filter(({ outcomes }) => final(outcomes[a]).loss < final(outcomes[b]).loss).length
for (const rival of ['loss', 'random', 'dagger'] as const)
  console.log(
    `RadGrad loses less than ${titles[rival].title} with ${wins('loss-gradient', rival)} seeds of ${seeds.length}`
  )

// %% [markdown]
// The gradient helps Loss with eight seeds of ten, at twice its queries. But to ask at random, or to toss a coin in each state whether to, helps far more, and for
// fewer. Where RadGrad asks is in the figure above: not in a few risky states, but nearly everywhere that the prediction is not flat; and where
// the network has died, as in the iterations without any bar, it asks nowhere. What the figures of all strategies and both tasks say of the paper's
// claims is for the next notebook.
