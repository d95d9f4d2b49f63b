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
  figure,
  generator,
  loadEnvironment,
  loadExpert,
  networkOf,
  perceptron,
  rollout,
  scale,
  show,
  trials,
  type Environment,
  type Network
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

/** What an episode shows at each step, the policy acting; [steps][observationSize]. */
async function watch(
  environment: Environment,
  policy: Network,
  episode: number
): Promise<number[][]> {
  const seen: number[][] = []
  await rollout(
    environment,
    environment.reset([generator(1, 'watch', episode)]),
    (observations, running) => {
      seen.push(Array.from(observations))
      return policy.predict(observations, running.length)
    }
  )
  return seen
}

// %% [markdown]
// ## Reacher
//
// An arm of two links turns its tip to a target, drawn anew for each episode of fifty steps. The reward of a step is
//
// $$-\lVert \text{tip} - \text{target} \rVert - \lVert a \rVert^2$$
//
// for torques $a$. Here the expert reaches for four targets; the paler, the earlier.

// %%
const arm = (o: number[]) => {
  const [q0, q1] = [Math.atan2(o[2], o[0]), Math.atan2(o[3], o[1])]
  const elbow = [0.1 * Math.cos(q0), 0.1 * Math.sin(q0)]
  return {
    x: [0, elbow[0], elbow[0] + 0.11 * Math.cos(q0 + q1)],
    y: [0, elbow[1], elbow[1] + 0.11 * Math.sin(q0 + q1)]
  }
}
const moments = [0, 2, 4, 6, 8, 11, 15, 49]
const four = await Promise.all(
  [0, 1, 2, 3].map((episode) => watch(reacher, experts.reacher, episode))
)
const panels = four.map((_, i) => ({
  xaxis: i === 0 ? 'x' : `x${i + 1}`,
  yaxis: i === 0 ? 'y' : `y${i + 1}`
}))
const square = (i: number) => ({
  [i === 0 ? 'xaxis' : `xaxis${i + 1}`]: {
    domain: [i * 0.255, i * 0.255 + 0.235],
    range: [-0.23, 0.23],
    showticklabels: i === 0,
    anchor: panels[i].yaxis
  },
  [i === 0 ? 'yaxis' : `yaxis${i + 1}`]: {
    range: [-0.23, 0.23],
    showticklabels: i === 0,
    scaleanchor: panels[i].xaxis,
    anchor: panels[i].xaxis
  }
})
show(
  figure(
    four.flatMap((seen, i) => [
      ...moments.map((step, m) => ({
        ...arm(seen[step]),
        ...panels[i],
        mode: 'lines+markers',
        line: { color: '#0072b2', width: 3 },
        marker: { size: 5, color: '#0072b2' },
        opacity: 0.15 + (0.85 * m) / (moments.length - 1),
        showlegend: false,
        hovertemplate: `step ${step}<extra></extra>`
      })),
      {
        x: [seen[0][4]],
        y: [seen[0][5]],
        ...panels[i],
        mode: 'markers',
        name: 'target',
        showlegend: i === 0,
        marker: { symbol: 'x', size: 11, color: '#d55e00' },
        hovertemplate: 'target<extra></extra>'
      }
    ]),
    {
      title: { text: 'Reacher’s expert, in four episodes (m)' },
      height: 340,
      ...square(0),
      ...square(1),
      ...square(2),
      ...square(3)
    }
  )
)

// %% [markdown]
// ## Hopper
//
// A leg of four links hops forward, up to a thousand steps of 0.008 s. The reward of a step is its speed, and one for being up, less a little for
// torques, $\dot x + 1 - 0.001 \lVert a \rVert^2$; the episode ends when it falls. The expert's hop, a frame each 0.12 s:

// %%
/** The joints' places from toe to shoulder, the torso's being given; angles turn about the axis into the plane. */
function leg(x: number, o: number[]) {
  const [z, torso, thigh, shin, foot] = o
  const down = (angle: number, length: number) => [
    -length * Math.sin(angle),
    -length * Math.cos(angle)
  ]
  const shoulder = [x - down(torso, 0.2)[0], z - down(torso, 0.2)[1]]
  const hip = [x + down(torso, 0.2)[0], z + down(torso, 0.2)[1]]
  const angles = [torso + thigh, torso + thigh + shin]
  const knee = hip.map((place, i) => place + down(angles[0], 0.45)[i])
  const ankle = knee.map((place, i) => place + down(angles[1], 0.5)[i])
  const tilt = angles[1] + foot
  const along = [Math.cos(tilt), -Math.sin(tilt)]
  const [heel, toe] = [-0.13, 0.26].map((length) =>
    ankle.map((place, i) => place + length * along[i])
  )
  return {
    x: [shoulder, hip, knee, ankle, heel, toe].map((p) => p[0]),
    y: [shoulder, hip, knee, ankle, heel, toe].map((p) => p[1])
  }
}
const hop = await watch(hopper, experts.hopper, 0)
let way = 0
const places = hop.map((o) => (way += 0.008 * o[5]))
const from = 300
const frames = Array.from({ length: 12 }, (_, i) => from + 15 * i)
show(
  figure(
    [
      ...frames.map((step, i) => ({
        ...leg(places[step] - places[from], hop[step]),
        mode: 'lines+markers',
        line: { color: '#0072b2', width: 3 },
        marker: { size: 5, color: '#0072b2' },
        opacity: 0.25 + (0.75 * i) / (frames.length - 1),
        showlegend: false,
        hovertemplate: `${(0.008 * step).toFixed(2)} s<extra></extra>`
      })),
      {
        name: 'the torso’s way',
        x: Array.from({ length: 166 }, (_, i) => places[from + i] - places[from]),
        y: Array.from({ length: 166 }, (_, i) => hop[from + i][0]),
        mode: 'lines',
        line: { color: '#d55e00', width: 1, dash: 'dot' },
        hoverinfo: 'skip'
      }
    ],
    {
      title: {
        text: `Hopper’s expert: ${(places[frames[11]] - places[from]).toFixed(1)} m in ${(0.008 * (frames[11] - from)).toFixed(1)} s`
      },
      height: 380,
      xaxis: { title: { text: 'm' } },
      yaxis: { title: { text: 'm' }, scaleanchor: 'x', range: [-0.05, 1.7] }
    }
  )
)

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
  const untrained = await createNetwork(
    perceptron(environment.observationSize, [128, 128, 32, 8], environment.actionSize),
    generator(1, 'untrained', name)
  )
  const row: Record<string, string | number> = { task: name }
  for (const noise of [0, 0.05, 0.1, 0.2]) {
    const { returns } = await trials(environment, expert, episodes, { noise })
    row[noise === 0 ? 'expert' : `noise ${noise}`] = score(returns)
  }
  row['untrained'] = score((await trials(environment, untrained, episodes)).returns)
  rows.push(row)
}
show(new dfd.DataFrame(rows))

// %% [markdown]
// Both experts are networks of two layers of 64, as Berkeley's are, which the paper took; their training is in `scripts/`. They can be replaced by
// Berkeley's own: `loadExpert('hopper', 'a folder with Hopper-v2.pkl')`.
//
// [Next](01-supervised-baseline.ipynb): what comes of watching such an expert and copying it.
