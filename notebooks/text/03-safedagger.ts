// -*- coding: utf-8 -*-
// %% [markdown]
// # SafeDAgger: asking where the learner believes itself wrong
//
// DAgger asks in every state, Random in any. **SafeDAgger** (Zhang and Cho, 2016) learns when to ask: a *safety network* sees the state and the
// action that the policy proposes, and says how probable it is that this action is further than $\tau$ from the expert's. Where it says
// more than one half, the expert is asked, and acts. The paper's *SafeDAgger Gradient* also asks where that probability is steep.

// %%
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import {
  contests,
  experiment,
  figure,
  final,
  generator,
  hyperparameters,
  learningCurves,
  live,
  loadEnvironment,
  loadExpert,
  networkOf,
  protocolFor,
  readResults,
  recorded,
  resultFolders,
  rollout,
  scale,
  show,
  strategiesFor,
  type Iteration,
  type IterationRecord,
  type StrategyName
} from 'radgrad'
const strategies = strategiesFor(hyperparameters.reacher)
const { tau, epsilon } = hyperparameters.reacher.safety
strategies.safedagger

// %% [markdown]
// ## A run
//
// On Reacher $\tau$ is 0.04. The safety network is learned after each iteration, from all labelled states: was the new policy's action there
// further than $\tau$ from the expert's?

// %%
const model = await loadExpert('reacher')
const seed = 1
// `scale` changes nothing but in a quick run: npm run reproduce -- --quick
const protocol = protocolFor('reacher', 'safedagger', model, scale)
const records: IterationRecord[] = []
const draw = () =>
  learningCurves('SafeDAgger on Reacher', [{ strategy: 'safedagger', seed: seed, records }], protocol.iterations)
const redraw = live(draw())
let last: Iteration | undefined
for await (const iteration of experiment(protocol, seed)) {
  records.push(iteration.record)
  last = iteration
  redraw(draw())
}

// %% [markdown]
// It asks less and less: by the end, in a few states of a hundred.

// %%
show(
  new dfd.DataFrame(
    records.slice(1).map(({ queries, rules }, i) => ({
      'asked in': queries - records[i].queries,
      'of 250 states, %': Math.round((queries - records[i].queries) / 2.5),
      'median risk': rules[0].quantiles[2],
      '95 % quantile': rules[0].quantiles[4]
    })),
    { index: records.slice(1).map(({ iteration }) => `iteration ${iteration}`) }
  )
)

// %% [markdown]
// ## Does it know when it is wrong?
//
// Let the last policy act in forty new episodes and ask the expert everywhere, for the sake of the comparison. A safety network that tells the
// truth would be right about its own probabilities: of the states that it gives 30 %, three in ten are further than $\tau$ off.

// %%
const reacher = await loadEnvironment('reacher', { masses: 'legacy' })
const expert = await networkOf(model)
const { policy, critic } = last!
const met: { risk: number; steepness: number; error: number }[] = []
const starts = Array.from({ length: 40 }, (_, episode) => generator(seed, 'calibration', episode))
await rollout(reacher, reacher.reset(starts), (states, running) => {
  const rows = running.length
  const [wanted, given] = [expert.predict(states, rows), policy.predict(states, rows)]
  const { risk, steepness } = critic.scores(states, given, rows)
  for (let row = 0; row < rows; row++) {
    const error = Math.hypot(
      wanted[2 * row] - given[2 * row],
      wanted[2 * row + 1] - given[2 * row + 1]
    )
    met.push({ risk: risk[row], steepness: steepness[row], error })
  }
  return given
})

const bins = Array.from({ length: 10 }, (_, bin) =>
  met.filter(({ risk }) => Math.min(9, Math.floor(10 * risk)) === bin)
)
const shown = bins
  .map((states, bin) => ({ states, centre: bin / 10 + 0.05 }))
  .filter(({ states }) => states.length > 0)
const share = (states: typeof met) =>
  states.filter(({ error }) => error > tau).length / states.length
show(
  figure(
    [
      {
        name: 'the truth would be',
        x: [0, 1],
        y: [0, 1],
        mode: 'lines',
        line: { color: '#999999', dash: 'dot' }
      },
      {
        name: 'SafeDAgger’s last policy',
        x: shown.map(({ centre }) => centre),
        y: shown.map(({ states }) => share(states)),
        text: shown.map(({ states }) => `${states.length} states`),
        mode: 'lines+markers+text',
        textposition: 'top center',
        line: { color: '#d55e00' },
        cliponaxis: false
      }
    ],
    {
      title: { text: 'How often the action is off, for what the safety network says' },
      height: 420,
      xaxis: { title: { text: 'probability of being off, as the network says' }, range: [0, 1] },
      yaxis: { title: { text: 'share of states further off than τ' }, range: [-0.03, 1.08] }
    }
  )
)

// %%
const off = met.filter(({ error }) => error > tau)
const doubted = met.filter(({ risk }) => risk > 0.5)
const caught = off.filter(({ risk }) => risk > 0.5)
const percent = (part: unknown[], whole: unknown[]) =>
  whole.length > 0 ? `${((100 * part.length) / whole.length).toFixed(0)} %` : 'none'
show(
  new dfd.DataFrame(
    [
      {
        states: met.length,
        'further off than τ': percent(off, met),
        'asked about': percent(doubted, met),
        'of those asked about, off (precision)': percent(caught, doubted),
        'of those off, asked about (recall)': percent(caught, off)
      }
    ],
    { index: ['last policy'] }
  )
)

// %% [markdown]
// By the expert's own actions, the policy is further off than $\tau$ nearly everywhere: on Reacher 0.04 is little, and to lose little takes less
// than that. The safety network does not know. It has learned from states about which it asked itself, and on which the policy was trained
// right before: there the policy is right more often than elsewhere, so the network becomes sure, asks less, and stays wrong.
//
// ## What the gradient adds
//
// For a probability $p$ with logit $z$, the gradient's norm is $p\,(1 - p)\,\lVert\partial z\rVert$: greatest where the network wavers, nothing where it is
// sure. The rule *steeper than $\epsilon$* therefore asks just below one half, and the two rules together ask in a wider belt.

// %%
const region = (name: string, colour: string, states: typeof met) => ({
  name: `${name} (${states.length})`,
  x: states.map(({ risk }) => risk),
  y: states.map(({ steepness }) => steepness),
  mode: 'markers',
  marker: { color: colour, size: 4, opacity: 0.6 }
})
show(
  figure(
    [
      region(
        'not asked',
        '#999999',
        met.filter((one) => one.risk <= 0.5 && one.steepness <= epsilon)
      ),
      region(
        'asked by SafeDAgger',
        '#d55e00',
        met.filter(({ risk }) => risk > 0.5)
      ),
      region(
        'asked for the gradient only',
        '#cc79a7',
        met.filter((one) => one.risk <= 0.5 && one.steepness > epsilon)
      )
    ],
    {
      title: { text: 'The same states: risk, and how steep it is' },
      height: 440,
      xaxis: { title: { text: 'risk' }, range: [-0.02, 1.02] },
      yaxis: { title: { text: 'norm of its gradient' }, rangemode: 'tozero' }
    }
  )
)
const extra = met.filter((one) => one.risk <= 0.5 && one.steepness > epsilon)
console.log(
  `of the states asked about for the gradient only, ${percent(
    extra.filter(({ error }) => error > tau),
    extra
  )} are further off than τ; of those not asked about at all, ${percent(
    met.filter((one) => one.risk <= 0.5 && one.steepness <= epsilon && one.error > tau),
    met.filter((one) => one.risk <= 0.5 && one.steepness <= epsilon)
  )}`
)

// %% [markdown]
// ## Over the recorded seeds
//
// The records tell how much that changes, and on Hopper, where $\epsilon$ is 200, how often the gradient's rule asks at all.

// %%
const { records: all } = await readResults(...resultFolders)
const seedsOf = async (environment: 'reacher' | 'hopper') =>
  contests(
    all.values(),
    await recorded(protocolFor(environment, 'dagger', await loadExpert(environment), scale))
  )
const [onReacher, onHopper] = [await seedsOf('reacher'), await seedsOf('hopper')]
const pair: StrategyName[] = ['safedagger', 'safedagger-gradient', 'safedagger-gradient-random']
show(
  new dfd.DataFrame(
    [onReacher, onHopper].flatMap((seeds, task) =>
      pair.map((name) => {
        const ends = seeds.map(({ outcomes }) => final(outcomes[name]))
        const alone = seeds.flatMap(({ outcomes }) =>
          outcomes[name].iterations.flatMap(({ rules }) =>
            rules.filter(({ reason }) => reason === 'steepness')
          )
        )
        return {
          task: task === 0 ? 'Reacher' : 'Hopper',
          strategy: strategies[name].title,
          seeds: seeds.length,
          'mean loss': math.mean(ends.map(({ loss }) => loss)),
          'mean queries': Math.round(math.mean(ends.map(({ queries }) => queries))),
          'asked for the gradient only, a run':
            alone.length > 0 ? alone.reduce((sum, rule) => sum + rule.alone, 0) / seeds.length : 0
        }
      })
    )
  )
)

// %% [markdown]
// On Reacher the gradient's rule asks some three hundred times in a run where SafeDAgger alone would not have asked, and the loss falls by a
// quarter; tossing a coin between that rule and chance does better still, for hardly more queries. What the gradient adds may thus be that it
// asks elsewhere, not that it asks where it matters. On Hopper its threshold of 200 is so high that it asked once in ten runs.
// [Next](04-radgrad.ipynb): the paper's own algorithm.
