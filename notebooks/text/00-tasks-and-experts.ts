// -*- coding: utf-8 -*-
// %% [markdown]
// # Two tasks and their experts
//
// *RadGrad: Active learning with loss gradients* asks when a learner should ask its expert. It is tried on two tasks of OpenAI Gym, simulated by
// MuJoCo. This notebook shows the tasks, and the experts that answer.

// %%
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import {
  createNetwork,
  film,
  generator,
  loadEnvironment,
  loadExpert,
  networkOf,
  perceptron,
  scale,
  show,
  trials,
  watch,
  type Environment
} from 'radgrad'
const reacher = await loadEnvironment('reacher', { masses: 'legacy' })
const hopper = await loadEnvironment('hopper', { masses: 'legacy' })
const experts = {
  reacher: await networkOf(await loadExpert('reacher')),
  hopper: await networkOf(await loadExpert('hopper'))
}
show(
  new dfd.DataFrame(
    [reacher, hopper].map(({ observationSize, actionSize, horizon }) => ({
      'numbers observed': observationSize,
      'numbers set': actionSize,
      'steps at most': horizon
    })),
    { index: ['Reacher', 'Hopper'] }
  )
)

// %% [markdown]
// ## Reacher
//
// An arm of two links turns its tip to a target, drawn anew for each episode of fifty steps. The reward of a step is
//
// $$-\lVert \text{tip} - \text{target} \rVert - \lVert a \rVert^2$$
//
// for torques $a$. Here the expert reaches for two targets: press play, or drag the handle.

// %%
const episode = (environment: Environment, number: number) =>
  environment.reset([generator(1, 'watch', number)])
watch('Reacher’s expert, in two episodes', [
  await film('one', reacher, episode(reacher, 0), experts.reacher),
  await film('another', reacher, episode(reacher, 1), experts.reacher)
])

// %% [markdown]
// ## Hopper
//
// A leg of four links hops forward, up to a thousand steps of 0.008 s. The reward of a step is its speed, and one for being up, less a little for
// torques, $\dot x + 1 - 0.001 \lVert a \rVert^2$; the episode ends when it falls. The expert hops on; beside it falls a network that has learned
// nothing, from the same start.

// %%
const untrained = (environment: Environment) =>
  createNetwork(
    perceptron(environment.observationSize, [128, 128, 32, 8], environment.actionSize),
    generator(1, 'untrained', environment.name)
  )
watch('Hopper: the expert, and one that has learned nothing', [
  await film('expert', hopper, episode(hopper, 0), experts.hopper),
  await film('untrained', hopper, episode(hopper, 0), await untrained(hopper))
])

// %% [markdown]
// ## How good they are, and how much they bear
//
// Returns are sums of an episode's rewards. An expert that stumbles over the slightest error cannot be imitated, for a learner's actions are always a little
// off: so the table also shakes each action by noise, of the standard deviation given. Beside it stands a policy that has learned nothing.

// %%
const score = (returns: Float64Array) =>
  `${math.mean(Array.from(returns)).toFixed(1)} ± ${Number(math.std(Array.from(returns))).toFixed(1)}`
// `scale` changes nothing but in a quick run: npm run reproduce -- --quick
const episodes = scale.trials ?? 30
const rows: Record<string, string | number>[] = []
for (const [name, environment, expert] of [
  ['Reacher', reacher, experts.reacher],
  ['Hopper', hopper, experts.hopper]
] as const) {
  const row: Record<string, string | number> = { task: name }
  for (const noise of [0, 0.05, 0.1, 0.2]) {
    const { returns } = await trials(environment, expert, episodes, { noise })
    row[noise === 0 ? 'expert' : `noise ${noise}`] = score(returns)
  }
  row['untrained'] = score((await trials(environment, await untrained(environment), episodes)).returns)
  rows.push(row)
}
show(new dfd.DataFrame(rows))

// %% [markdown]
// Both experts are networks of two layers of 64, as Berkeley's are, which the paper took; their training is in `scripts/`. They can be replaced by
// Berkeley's own: `loadExpert('hopper', 'a folder with Hopper-v2.pkl')`.
//
// [Next](01-supervised-baseline.ipynb): what comes of watching such an expert and copying it.
