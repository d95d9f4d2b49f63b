// -*- coding: utf-8 -*-
// %% [markdown]
// # Two tasks and their experts
//
// *RadGrad: Active learning with loss gradients* is about when a learner should query its expert. The paper tries it on two tasks of OpenAI
// Gym, simulated by MuJoCo. This notebook shows the tasks and the experts that are queried.

// %%
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import * as rg from 'radgrad'
const reacher = await rg.loadEnvironment('reacher', { masses: 'legacy' })
const hopper = await rg.loadEnvironment('hopper', { masses: 'legacy' })
const experts = {
  reacher: await rg.networkOf(await rg.loadExpert('reacher')),
  hopper: await rg.networkOf(await rg.loadExpert('hopper'))
}
rg.show(
  new dfd.DataFrame(
    [reacher, hopper].map(({ observationSize, actionSize, horizon }) => ({
      'observation size': observationSize,
      'action size': actionSize,
      'horizon, steps': horizon
    })),
    { index: ['Reacher', 'Hopper'] }
  )
)

// %% [markdown]
// ## Reacher
//
// An arm of two links moves its tip to a target, which is drawn anew for each episode of fifty steps. The reward of a step is
//
// $$-\lVert \text{tip} - \text{target} \rVert - \lVert a \rVert^2$$
//
// for torques $a$. Here the expert reaches for two targets: press play, or drag the handle.

// %%
const episode = (environment: rg.Environment, number: number) =>
  environment.reset([rg.generator(1, 'watch', number)])
rg.playEpisodes('Reacher’s expert, in two episodes', [
  await rg.traceEpisode('one', reacher, episode(reacher, 0), experts.reacher),
  await rg.traceEpisode('another', reacher, episode(reacher, 1), experts.reacher)
])

// %% [markdown]
// ## Hopper
//
// A leg of four links hops forward, for up to a thousand steps of 0.008 s. The reward of a step is its speed, plus one for staying up,
// minus a little for torques, $\dot x + 1 - 0.001 \lVert a \rVert^2$. The episode ends when the leg falls. The expert hops on; beside it,
// an untrained network falls from the same start.

// %%
const untrained = (environment: rg.Environment) =>
  rg.createNetwork(
    rg.perceptron(environment.observationSize, [128, 128, 32, 8], environment.actionSize),
    rg.generator(1, 'untrained', environment.name)
  )
rg.playEpisodes('Hopper: the expert and an untrained network', [
  await rg.traceEpisode('expert', hopper, episode(hopper, 0), experts.hopper),
  await rg.traceEpisode('untrained', hopper, episode(hopper, 0), await untrained(hopper))
])

// %% [markdown]
// ## Returns, and robustness to noise
//
// A return is the sum of an episode's rewards. An expert that stumbles over the slightest error cannot be imitated, since a learner's
// actions always err a little. The table therefore also gives returns with noise on each action, of the standard deviation named. The last
// column is an untrained policy.

// %%
const score = (returns: Float64Array) =>
  `${math.mean(Array.from(returns)).toFixed(1)} ± ${Number(math.std(Array.from(returns))).toFixed(1)}`
// no overrides, unless this is a quick run: npm run reproduce -- --quick
const episodes = rg.protocolOverrides().trials ?? 30
const rows: Record<string, string | number>[] = []
for (const [name, environment, expert] of [
  ['Reacher', reacher, experts.reacher],
  ['Hopper', hopper, experts.hopper]
] as const) {
  const row: Record<string, string | number> = { task: name }
  for (const noise of [0, 0.05, 0.1, 0.2]) {
    const { returns } = await rg.trials(environment, expert, episodes, { noise })
    row[noise === 0 ? 'expert' : `noise ${noise}`] = score(returns)
  }
  row['untrained'] = score((await rg.trials(environment, await untrained(environment), episodes)).returns)
  rows.push(row)
}
rg.show(new dfd.DataFrame(rows))

// %% [markdown]
// Both experts are networks with two layers of 64 units, as Berkeley's experts are, which the paper imitated; their training is in
// `tools/studies`. Berkeley's own can take their place: `rg.loadExpert('hopper', 'a folder with Hopper-v2.pkl')`.
//
// [Next](01-supervised-baseline.ipynb): how well a policy does that watches such an expert and copies it.
