// -*- coding: utf-8 -*-
// %% [markdown]
// # SafeDAgger: does the learner know when it is wrong?
//
// DAgger queries in every state, Random in any. **SafeDAgger** (Zhang and Cho, 2016) learns when to query. A *safety network* sees the
// state and the action that the policy proposes, and predicts the *risk*: the probability that this action is further than $\tau$ from the
// expert's. Where the risk exceeds one half, the expert is queried, and its action is executed. The paper's *SafeDAgger Gradient* also
// queries where the gradient of the risk is large.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
import * as math from 'mathjs'
import * as rg from 'radgrad'

// %% [markdown]
// ## A run
//
// On Reacher $\tau$ is 0.04. The safety network is trained after each iteration, on all labelled states. Its target is whether the new
// policy's action there is further than $\tau$ from the expert's.

// %%
const strategies = rg.paperStrategies(rg.hyperparameters.reacher)
const { tau, epsilon } = rg.hyperparameters.reacher.safety
const model = await rg.loadExpert('reacher')
const seed = 1
// no overrides, unless this is a quick run: npm run reproduce -- --quick
const protocol = rg.protocolFor('reacher', 'safedagger', model, rg.protocolOverrides())
const records: rg.IterationRecord[] = []
const draw = () =>
  rg.learningCurves(
    'SafeDAgger on Reacher, one run',
    [{ strategy: 'safedagger', seed: seed, records }],
    protocol.iterations
  )
const redraw = rg.updatable(draw())
let last: rg.Iteration | undefined
for await (const iteration of rg.experiment(protocol, seed)) {
  records.push(iteration.record)
  last = iteration
  redraw(draw())
}

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const asked = records.slice(1).map(({ queries }, i) => (100 * (queries - records[i].queries)) / (5 * 50))
const [early, late] = [asked.slice(0, 4), asked.slice(-4)].map((some) => Math.round(math.mean(some)))
rg.show(
  rg.figure(
    [
      {
        type: 'bar',
        x: records.slice(1).map(({ iteration }) => iteration),
        y: asked,
        text: asked.map((percent) => percent.toFixed(0)),
        textposition: 'outside',
        cliponaxis: false,
        marker: { color: rg.lookOf('safedagger').color }
      }
    ],
    {
      title: { text: `It grows confident: it queries in ${early} % of the states at first, in ${late} % in the end` },
      height: 320,
      xaxis: { title: { text: 'iteration' }, dtick: 1 },
      yaxis: { title: { text: '% of states queried' }, range: [0, 108] }
    }
  )
)

// %% [markdown]
// ## Is it right about itself?
//
// Let the last policy act in forty new episodes, and query the expert in every state for comparison. A calibrated safety network would be
// right about its own probabilities: of the states with a risk of 30 %, three in ten would be further off than $\tau$.

// %%
const reacher = await rg.loadEnvironment('reacher', { masses: 'legacy' })
const expert = await rg.networkOf(model)
const { policy, critic } = last!
const visited: { risk: number; gradient: number; error: number }[] = []
const starts = Array.from({ length: 40 }, (_, episode) => rg.generator(seed, 'calibration', episode))
await rg.rollout(reacher, reacher.reset(starts), (states, running) => {
  const rows = running.length
  const [expertActions, actions] = [expert.predict(states, rows), policy.predict(states, rows)]
  const scores = critic.score(states, actions, rows)
  const [risk, gradient] = [rg.column(scores, 'risk'), rg.column(scores, 'riskGradient')]
  for (let row = 0; row < rows; row++) {
    const error = Math.hypot(
      expertActions[2 * row] - actions[2 * row],
      expertActions[2 * row + 1] - actions[2 * row + 1]
    )
    visited.push({ risk: risk[row], gradient: gradient[row], error })
  }
  return actions
})
console.log(`${visited.length} states`)

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const bins = Array.from({ length: 10 }, (_, bin) =>
  visited.filter(({ risk }) => Math.min(9, Math.floor(10 * risk)) === bin)
)
const shown = bins
  .map((states, bin) => ({ states, centre: bin / 10 + 0.05 }))
  .filter(({ states }) => states.length > 0)
const share = (states: typeof visited) => states.filter(({ error }) => error > tau).length / states.length
const [first] = shown
const [orange, grey] = [rg.lookOf('safedagger').color, '#6f6f6f']
rg.show(
  rg.figure(
    [
      { x: [0, 1], y: [0, 1], mode: 'lines', line: { color: grey, dash: 'dot' }, hoverinfo: 'skip', showlegend: false },
      {
        x: [...shown.map(({ centre }) => centre), ...shown.map(({ centre }) => centre).reverse()],
        y: [...shown.map(({ states }) => share(states)), ...shown.map(({ centre }) => centre).reverse()],
        mode: 'none', fill: 'toself', fillcolor: rg.withOpacity(orange, 0.12), hoverinfo: 'skip', showlegend: false
      },
      {
        x: shown.map(({ centre }) => centre),
        y: shown.map(({ states }) => share(states)),
        text: shown.map(({ states }) => String(states.length)),
        mode: 'lines+markers+text',
        textposition: 'bottom center',
        textfont: { color: grey },
        line: { color: orange },
        marker: { size: shown.map(({ states }) => 8 + 36 * Math.sqrt(states.length / visited.length)), opacity: 0.8 },
        cliponaxis: false,
        showlegend: false
      }
    ],
    {
      title: { text: `Where it says ${Math.round(100 * first.centre)} %, it is wrong in ${Math.round(100 * share(first.states))} % of the states` },
      height: 480,
      xaxis: { title: { text: 'the risk that the safety network predicts' }, range: [-0.02, 1.02] },
      yaxis: { title: { text: 'fraction further off than τ' }, range: [-0.03, 1.08] },
      annotations: [
        { text: 'a calibrated network would be here', x: 0.62, y: 0.62, textangle: -27, yshift: -20, showarrow: false, font: { color: grey } },
        { text: 'dots: states, by number', x: 0.02, y: 0.2, xanchor: 'left', showarrow: false, font: { color: grey } }
      ]
    }
  )
)
const unsafe = visited.filter(({ error }) => error > tau)
const queried = visited.filter(({ risk }) => risk > 0.5)
const found = unsafe.filter(({ risk }) => risk > 0.5)
const percent = (part: unknown[], whole: unknown[]) =>
  whole.length > 0 ? `${((100 * part.length) / whole.length).toFixed(0)} %` : 'none'
console.log(
  `further off than τ: ${percent(unsafe, visited)} of the states; of those it queries in ${percent(found, unsafe)} (its recall)`
)

// %% [markdown]
// Measured by the expert's own actions, the policy is further off than $\tau$ in most states: 0.04 is little on Reacher, and a low loss
// takes less than that. The safety network does not know this. It is trained on states in which it queried, and on which the policy was
// trained right before. There the policy is right more often than elsewhere, so the network grows confident, queries less, and stays wrong.
//
// ## What the gradient adds
//
// For a probability $p$ with logit $z$, the norm of the gradient is $p\,(1 - p)\,\lVert\partial z\rVert$: it is largest where the network
// is undecided, and zero where it is certain. The rule *gradient norm above $\epsilon$* therefore queries just below one half, and the two
// rules together query in a wider band.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const alone = visited.filter((one) => one.risk <= 0.5 && one.gradient > epsilon)
const neither = visited.filter((one) => one.risk <= 0.5 && one.gradient <= epsilon)
const wrong = (states: typeof visited) => percent(states.filter(({ error }) => error > tau), states)
const least = 1e-4
const region = (color: string, states: typeof visited) => ({
  x: states.map(({ risk }) => risk),
  y: states.map(({ gradient }) => Math.max(gradient, least)),
  mode: 'markers',
  marker: { color, size: 5, opacity: 0.5 },
  hoverinfo: 'skip',
  showlegend: false
})
const words = (text: string, x: number, y: number, color: string) => ({ text, x, y: Math.log10(y), showarrow: false, font: { color, size: 13 } })
const [light, top] = ['#e58a4b', 200]
rg.show(
  rg.figure([region('#999999', neither), region(orange, queried), region(light, alone)].filter(({ x }) => x.length > 0), {
    title: { text: `Queried for the gradient alone: wrong in ${wrong(alone)}. Not queried: wrong in ${wrong(neither)}` },
    height: 480,
    xaxis: { title: { text: 'risk' }, range: [-0.02, 1.02] },
    yaxis: { title: { text: 'norm of the risk’s gradient' }, type: 'log', range: [Math.log10(least) - 0.1, Math.log10(top)], dtick: 1 },
    shapes: [
      { type: 'line', x0: 0.5, x1: 0.5, y0: least, y1: top, line: { color: grey, dash: 'dot' } },
      { type: 'line', x0: 0, x1: 0.5, y0: epsilon, y1: epsilon, line: { color: grey, dash: 'dot' } }
    ],
    annotations: [
      words(`not queried: ${neither.length} states`, 0.25, 2.5 * least, grey),
      words(`for the gradient alone: ${alone.length}`, 0.25, 0.6 * top, light),
      words(`by SafeDAgger: ${queried.length}`, 0.76, 0.6 * top, orange),
      { ...words('ε', 0, epsilon, grey), xanchor: 'left', yanchor: 'bottom' }
    ]
  })
)

// %% [markdown]
// ## Does it lower the loss?
//
// One run cannot say. The records hold ten seeds of each. A dot is a seed, a bar the mean. Below stand the queries of a run, and
// how many of them were made by the gradient alone.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const { records: all } = await rg.readResults(...rg.recordFolders())
const seedsOf = async (environment: 'reacher' | 'hopper') =>
  rg.resultsBySeed(
    all.values(),
    await rg.withExpertHash(rg.protocolFor(environment, 'dagger', await rg.loadExpert(environment), rg.protocolOverrides()))
  )
const seeds = { Reacher: await seedsOf('reacher'), Hopper: await seedsOf('hopper') }
const family: rg.StrategyName[] = ['safedagger', 'safedagger-gradient', 'safedagger-gradient-random', 'random']
type Seeds = readonly rg.SeedResults[]
const ends = (some: Seeds, name: rg.StrategyName) => some.map(({ outcomes }) => rg.finalIteration(outcomes[name]))
const queriesAlone = (some: Seeds, name: rg.StrategyName) => {
  const rules = some.flatMap(({ outcomes }) => outcomes[name].iterations.flatMap((iteration) => iteration.rules))
  return rules.filter(({ reason }) => reason === 'riskGradient').reduce((sum, rule) => sum + rule.alone, 0) / some.length
}
const rows = (some: Seeds) =>
  family.flatMap((name) => {
    const losses = ends(some, name).map(({ loss }) => loss)
    const { color: colour } = rg.lookOf(name)
    const row = strategies[name].title
    const queries = Math.round(math.mean(ends(some, name).map((end) => end.queries)))
    const forGradient = queriesAlone(some, name)
    const hovertemplate = `${row}<br>loss %{x}, ${queries} queries<extra></extra>`
    return [
      { x: losses, y: losses.map(() => row), mode: 'markers', marker: { color: rg.withOpacity(colour, 0.55), size: 10 }, hovertemplate, showlegend: false },
      {
        x: [math.mean(losses)],
        y: [row],
        mode: 'markers+text',
        text: [`${queries} queries${name.includes('gradient') ? `, ${Number(forGradient.toPrecision(2))} by gradient` : ''}`],
        textposition: 'bottom center',
        cliponaxis: false,
        textfont: { size: 11, color: grey },
        marker: { color: colour, symbol: 'line-ns-open', size: 22, line: { width: 4 } },
        hovertemplate,
        showlegend: false
      }
    ]
  })
const change = (some: Seeds) => {
  const percent = Math.round((100 * math.mean(ends(some, 'safedagger-gradient').map(({ loss }) => loss))) / math.mean(ends(some, 'safedagger').map(({ loss }) => loss)) - 100)
  return `${percent < 0 ? '−' : ''}${Math.abs(percent)} %`
}
rg.show(
  rg.panelsFigure(
    `The gradient changes SafeDAgger’s loss by ${change(seeds.Reacher)} on Reacher, by ${change(seeds.Hopper)} on Hopper`,
    { Reacher: rows(seeds.Reacher), Hopper: rows(seeds.Hopper) },
    { x: { title: { text: 'loss' }, rangemode: 'tozero' }, y: { autorange: 'reversed', showgrid: false }, shared: true, layout: { height: 420, margin: { l: 60, r: 70, t: 80, b: 60 } } }
  )
)

// %% [markdown]
// Where the gradient's rule makes queries, the loss falls; and leaving half of the states to chance lowers it further. So the gradient may
// help because it queries elsewhere, and not because it queries where that matters.
//
// **The doubt**: SafeDAgger's network knows only *whether* the learner is wrong. Would it help to know by how much, and where that changes
// fast? [Next](04-radgrad.ipynb): RadGrad, the paper's own algorithm.
