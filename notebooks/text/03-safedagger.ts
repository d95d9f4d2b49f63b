// -*- coding: utf-8 -*-
// %% [markdown]
// # SafeDAgger: querying where the learner believes itself wrong
//
// DAgger queries in every state, Random in any. **SafeDAgger** (Zhang and Cho, 2016) learns when to query. A *safety network* sees the
// state and the action that the policy proposes, and predicts the *risk*: the probability that this action is further than $\tau$ from the
// expert's. Where the risk exceeds one half, the expert is queried, and its action is executed. The paper's *SafeDAgger Gradient* also
// queries where the gradient of the risk is large.

// %%
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import * as rg from 'radgrad'
const strategies = rg.paperStrategies(rg.hyperparameters.reacher)
const { tau, epsilon } = rg.hyperparameters.reacher.safety
strategies.safedagger

// %% [markdown]
// ## A run
//
// On Reacher $\tau$ is 0.04. The safety network is trained after each iteration, on all labelled states. Its target is whether the new
// policy's action there is further than $\tau$ from the expert's.

// %%
const model = await rg.loadExpert('reacher')
const seed = 1
// no overrides, unless this is a quick run: npm run reproduce -- --quick
const protocol = rg.protocolFor('reacher', 'safedagger', model, rg.protocolOverrides())
const records: rg.IterationRecord[] = []
const draw = () =>
  rg.learningCurves('SafeDAgger on Reacher', [{ strategy: 'safedagger', seed: seed, records }], protocol.iterations)
const redraw = rg.updatable(draw())
let last: rg.Iteration | undefined
for await (const iteration of rg.experiment(protocol, seed)) {
  records.push(iteration.record)
  last = iteration
  redraw(draw())
}

// %% [markdown]
// It queries less and less: in the end, in a few states of a hundred.

// %%
rg.show(
  new dfd.DataFrame(
    records.slice(1).map(({ queries, rules }, i) => ({
      queries: queries - records[i].queries,
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

const bins = Array.from({ length: 10 }, (_, bin) =>
  visited.filter(({ risk }) => Math.min(9, Math.floor(10 * risk)) === bin)
)
const shown = bins
  .map((states, bin) => ({ states, centre: bin / 10 + 0.05 }))
  .filter(({ states }) => states.length > 0)
const share = (states: typeof visited) =>
  states.filter(({ error }) => error > tau).length / states.length
rg.show(
  rg.figure(
    [
      {
        name: 'a calibrated network',
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
      title: { text: 'How often the action is further off than τ, by predicted risk' },
      height: 420,
      xaxis: { title: { text: 'risk, predicted by the safety network' }, range: [0, 1] },
      yaxis: { title: { text: 'fraction of states further off than τ' }, range: [-0.03, 1.08] }
    }
  )
)

// %%
const unsafe = visited.filter(({ error }) => error > tau)
const queried = visited.filter(({ risk }) => risk > 0.5)
const found = unsafe.filter(({ risk }) => risk > 0.5)
const percent = (part: unknown[], whole: unknown[]) =>
  whole.length > 0 ? `${((100 * part.length) / whole.length).toFixed(0)} %` : 'none'
rg.show(
  new dfd.DataFrame(
    [
      {
        states: visited.length,
        'further off than τ': percent(unsafe, visited),
        queried: percent(queried, visited),
        'of those queried, further off (precision)': percent(found, queried),
        'of those further off, queried (recall)': percent(found, unsafe)
      }
    ],
    { index: ['last policy'] }
  )
)

// %% [markdown]
// Measured by the expert's own actions, the policy is further off than $\tau$ nearly everywhere: 0.04 is little on Reacher, and a low loss
// takes less than that. The safety network does not know this. It is trained on states in which it queried, and on which the policy was
// trained right before. There the policy is right more often than elsewhere, so the network grows confident, queries less, and stays wrong.
//
// ## What the gradient adds
//
// For a probability $p$ with logit $z$, the norm of the gradient is $p\,(1 - p)\,\lVert\partial z\rVert$: it is largest where the network
// is undecided, and zero where it is certain. The rule *gradient norm above $\epsilon$* therefore queries just below one half, and the two
// rules together query in a wider band.

// %%
const region = (name: string, colour: string, states: typeof visited) => ({
  name: `${name} (${states.length})`,
  x: states.map(({ risk }) => risk),
  y: states.map(({ gradient }) => gradient),
  mode: 'markers',
  marker: { color: colour, size: 4, opacity: 0.6 }
})
rg.show(
  rg.figure(
    [
      region(
        'not queried',
        '#999999',
        visited.filter((one) => one.risk <= 0.5 && one.gradient <= epsilon)
      ),
      region(
        'queried by SafeDAgger',
        '#d55e00',
        visited.filter(({ risk }) => risk > 0.5)
      ),
      region(
        'queried for the gradient alone',
        '#cc79a7',
        visited.filter((one) => one.risk <= 0.5 && one.gradient > epsilon)
      )
    ],
    {
      title: { text: 'The same states: risk, and the norm of its gradient' },
      height: 440,
      xaxis: { title: { text: 'risk' }, range: [-0.02, 1.02] },
      yaxis: { title: { text: 'norm of its gradient' }, rangemode: 'tozero' }
    }
  )
)
const extra = visited.filter((one) => one.risk <= 0.5 && one.gradient > epsilon)
console.log(
  `of the states queried for the gradient alone, ${percent(
    extra.filter(({ error }) => error > tau),
    extra
  )} are further off than τ; of those not queried at all, ${percent(
    visited.filter((one) => one.risk <= 0.5 && one.gradient <= epsilon && one.error > tau),
    visited.filter((one) => one.risk <= 0.5 && one.gradient <= epsilon)
  )}`
)

// %% [markdown]
// ## Over the recorded seeds
//
// The records say how much that changes the loss, and how often the gradient's rule queries at all on Hopper, where $\epsilon$ is 200.

// %%
const { records: all } = await rg.readResults(...rg.recordFolders())
const seedsOf = async (environment: 'reacher' | 'hopper') =>
  rg.resultsBySeed(
    all.values(),
    await rg.withExpertHash(rg.protocolFor(environment, 'dagger', await rg.loadExpert(environment), rg.protocolOverrides()))
  )
const [onReacher, onHopper] = [await seedsOf('reacher'), await seedsOf('hopper')]
const pair: rg.StrategyName[] = ['safedagger', 'safedagger-gradient', 'safedagger-gradient-random']
rg.show(
  new dfd.DataFrame(
    [onReacher, onHopper].flatMap((seeds, task) =>
      pair.map((name) => {
        const ends = seeds.map(({ outcomes }) => rg.finalIteration(outcomes[name]))
        const alone = seeds.flatMap(({ outcomes }) =>
          outcomes[name].iterations.flatMap(({ rules }) =>
            rules.filter(({ reason }) => reason === 'riskGradient')
          )
        )
        return {
          task: task === 0 ? 'Reacher' : 'Hopper',
          strategy: strategies[name].title,
          seeds: seeds.length,
          'mean loss': math.mean(ends.map(({ loss }) => loss)),
          'mean queries': Math.round(math.mean(ends.map(({ queries }) => queries))),
          'queries for the gradient alone, per run':
            alone.length > 0 ? alone.reduce((sum, rule) => sum + rule.alone, 0) / seeds.length : 0
        }
      })
    )
  )
)

// %% [markdown]
// On Reacher the gradient's rule makes some three hundred queries in a run that SafeDAgger alone would not have made, and the loss falls by
// a quarter. Tossing a coin between that rule and a random one lowers it further, for hardly more queries. So the gradient may help because
// it queries elsewhere, and not because it queries where that matters. On Hopper its threshold of 200 is so high that it made one query in
// ten runs. [Next](04-radgrad.ipynb): the paper's own algorithm.
