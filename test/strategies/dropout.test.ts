import { describe, expect, test } from 'vitest'
import { type Network, thinned } from '../../lib/networks'
import { generator } from '../../lib/random'
import {
  bayesianLossNetwork,
  type Critic,
  type GradientReading,
  type Judge,
  joinColumns,
  lossNetwork,
  nobody
} from '../../lib/strategies'
import { policyDraws } from '../../lib/strategies/dropout'
import { unlessAgreed } from '../../lib/strategies/gates'
import { drawn, experience, handOut, linear, smooth, training } from './small'

const task = { observationSize: 3, actionSize: 2 } as Parameters<Critic['begin']>[0]
const rows = 40
const labelled = { observations: drawn(3 * rows, 'observations'), actions: drawn(2 * rows, 'actions') }
const values = (network: Network) => network.weights().map(({ values }) => values)
/** What a number of draws of a network are, if drawn by one generator. */
const drawsOf = (network: Network, count: number, rng = generator(1, 1, 'draws')) =>
  Array.from({ length: count }, () => thinned(network.topology, network.weights(), rng))

describe('the Bayesian loss network', () => {
  const count = 8
  const begun = async (alpha: number, reading: GradientReading = 'norm') =>
    bayesianLossNetwork(reading, count, alpha).begin(task, handOut(await smooth(5, 2, 1)))

  test('learns what the Loss network does, and then is drawn anew', async () => {
    const judge = await begun(0.5)
    const plain = await lossNetwork('norm').begin(task, handOut(await smooth(5, 2, 1)))
    expect(judge.networks).toHaveLength(1 + count)
    for (const iteration of [1, 2]) {
      const [network, ...members] = judge.networks
      await judge.learn(experience(network, labelled), training(3, iteration))
      await plain.learn(experience(network, labelled), training(3, iteration))
      expect(values(network)).toEqual(values(plain.networks[0]))
      expect(members.map(values)).toEqual(drawsOf(network, count, generator(1, iteration, 'draws')))
      expect(members[0]).toBe(judge.networks[1])
    }
  })

  test('scores by the draw at the quantile: its predicted loss, and that loss’s gradient', async () => {
    const [states, proposals] = [drawn(3 * rows, 'states'), drawn(2 * rows, 'proposals')]
    // of eight in ascending order the fourth, the sixth, the last
    for (const [alpha, place, reading] of [
      [0.5, 4, 'norm'],
      [0.75, 6, 'sum'],
      [1, 8, 'jacobian']
    ] as const) {
      const judge = await begun(alpha, reading)
      await judge.learn(experience(judge.networks[0], labelled), training(3))
      const { percentile, steepness } = judge.scores(states, proposals, rows)
      const said = judge.networks
        .slice(1)
        .map((network) => lossNetwork(reading).scores(network, joinColumns(states, proposals, rows), rows))
      for (let row = 0; row < rows; row++) {
        const losses = said.map(({ discrepancy }) => discrepancy[row])
        expect(new Set(losses).size).toBe(count)
        expect(losses.filter((loss) => loss <= percentile[row])).toHaveLength(place)
        expect(steepness[row]).toBe(said[losses.indexOf(percentile[row])].steepness[row])
      }
    }
  })
})

describe('draws of the policy', () => {
  test('are made of it as it is after each iteration, and score nothing', async () => {
    const judge = await policyDraws(4).begin(task, () => Promise.reject(new Error('of the policy alone')))
    expect(judge.networks).toEqual([])
    const policy = await smooth(3, 2, 1)
    expect(await judge.learn(experience(policy, labelled), training(1))).toEqual([])
    expect(judge.networks.map(values)).toEqual(drawsOf(policy, 4))
    const members = [...judge.networks]
    policy.setWeights(values(policy).map((weights) => weights.map((w) => 2 * w)))
    await judge.learn(experience(policy, labelled), training(1, 2))
    expect([...judge.networks]).toEqual(members)
    expect(judge.networks.map(values)).toEqual(drawsOf(policy, 4, generator(1, 2, 'draws')))
    expect(judge.scores(labelled.observations, labelled.actions, rows)).toEqual({})
  })
})

describe('unless agreed', () => {
  test('the expert acts where fewer than a share of the networks are within tau of it', async () => {
    // of a state x they say (x, 0), (x, 3) and (x, 6)
    const networks = await Promise.all([0, 3, 6].map((y) => linear([[1, 0]], [0, y])))
    const judge: Judge = { ...nobody, networks }
    const states = Float32Array.of(0, 0, 4, 4)
    // the first is 0, 3 and 6 away from them, the second 3, 0 and 3, the third 5, 4 and 5, the last is far
    const answers = Float32Array.of(0, 0, 0, 3, 0, 3, 99, 0)
    const expertActs = (tau: number, share: number) => [
      ...unlessAgreed(tau, share)({ rows: 4, states, proposals: new Float32Array(8), answers, judge })
    ]
    expect(expertActs(3, 2 / 3)).toEqual([0, 0, 1, 1])
    expect(expertActs(2.9, 2 / 3)).toEqual([1, 1, 1, 1])
    expect(expertActs(3, 0.9)).toEqual([1, 0, 1, 1])
    expect(expertActs(5, 0.9)).toEqual([1, 0, 0, 1])
    expect(expertActs(4, 1 / 3)).toEqual([0, 0, 0, 1])
    expect(expertActs(6, 1)).toEqual([0, 0, 0, 1])
  })
})
