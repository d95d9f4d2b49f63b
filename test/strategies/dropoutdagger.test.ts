import { describe, expect, test } from 'vitest'
import { collect } from '../../lib/collect'
import type { Network } from '../../lib/networks'
import { type Critic, type CriticSpec, hyperparameters } from '../../lib/strategies'
import { sampleDropout } from '../../lib/strategies/related/dropout'
import { dropoutDAgger, dropoutPolicies } from '../../lib/strategies/related/dropoutdagger'
import { noCritic } from '../../lib/strategies/strategy'
import { generator } from '../../lib/util/random'
import { scriptedEnvironment, scriptedNetwork } from '../scripted'
import { drawn, experience, handOut, linear, smooth, stepOf, training } from './small'

const withinDistance = (tau: number) =>
  dropoutDAgger({ ...hyperparameters.reacher, loss: { tau, epsilon: 1 } }).dropoutdagger

describe('the policy under dropout', () => {
  const task = { observationSize: 3, actionSize: 2 } as Parameters<CriticSpec['create']>[0]
  const rows = 40
  const labelled = { observations: drawn(3 * rows, 'observations'), expertActions: drawn(2 * rows, 'actions') }
  const values = (network: Network) => network.weights().map(({ values }) => values)
  const samplesOf = (policy: Network, iteration: number) => {
    const rng = generator(1, iteration, 'draws')
    return Array.from({ length: 4 }, () => sampleDropout(policy.topology, policy.weights(), rng))
  }

  test('samples are drawn of the policy as it is after each iteration, into the same networks, and give no scores', async () => {
    const critic = await dropoutPolicies(4).create(task, handOut())
    expect(critic.networks).toEqual([])
    const policy = await smooth(3, 2, 1)
    expect(await critic.fit(experience(policy, labelled), training(1))).toEqual([])
    expect(critic.networks.map(values)).toEqual(samplesOf(policy, 1))
    const networks = [...critic.networks]
    policy.setWeights(values(policy).map((weights) => weights.map((w) => 2 * w)))
    await critic.fit(experience(policy, labelled), training(1, 2))
    expect([...critic.networks]).toEqual(networks)
    expect(critic.networks.map(values)).toEqual(samplesOf(policy, 2))
    expect(critic.score(labelled.observations, labelled.expertActions, rows)).toEqual({})
  })
})

describe('the control of DropoutDAgger', () => {
  test('the expert acts where fewer than nine of ten samples propose an action within tau of its own', async () => {
    // in a state x seven samples propose (x, 0), the others (x, 3), (x, 6) and (x, 9)
    const heights = [0, 0, 0, 0, 0, 0, 0, 3, 6, 9]
    const networks = await Promise.all(heights.map((y) => linear([[1, 0]], [0, y])))
    const critic: Critic = { ...noCritic, networks }
    const [states, learnerActions] = [Float32Array.of(0, 4, 4), new Float32Array(6)]
    // the samples are 0, 3, 6 and 9 away from the first, 4, 5, 7.2 and 9.8 from the second; all are far from the last
    const expertActions = Float32Array.of(0, 0, 0, 0, 99, 0)
    const expertActs = (tau: number) => [
      ...withinDistance(tau).control({ ...stepOf(3), states, learnerActions, expertActions, critic })
    ]
    expect(expertActs(5.99)).toEqual([1, 1, 1]) // eight are near the first
    expect(expertActs(6)).toEqual([0, 1, 1]) // nine are
    expect(expertActs(7.3)).toEqual([0, 0, 1])
    expect(expertActs(99)).toEqual([0, 0, 0])
  })

  test('DropoutDAgger labels every state, and executes the learner’s action where nine of ten samples are near the expert’s', async () => {
    // the samples are 1, 2, … 10 away from the expert
    const networks = Array.from({ length: 10 }, (_, i) => scriptedNetwork(() => 101 + i))
    const [policy, expert] = [scriptedNetwork(() => -5), scriptedNetwork(() => 100)]
    for (const [tau, action] of [
      [1e-6, 100],
      [8.5, 100],
      [9, -5],
      [1e6, -5]
    ]) {
      const { environment, moves } = scriptedEnvironment([3, 2])
      const critic = { ...noCritic, networks }
      const { labelled } = await collect({ environment, policy, expert, strategy: withinDistance(tau), critic }, 2, [1])
      expect([...labelled.expertActions]).toEqual(Array(5).fill(100))
      expect(moves.map(({ action }) => action)).toEqual(Array(5).fill(action))
    }
  })
})
