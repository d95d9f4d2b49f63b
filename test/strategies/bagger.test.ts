import { describe, expect, test } from 'vitest'
import type { Network } from '../../lib/networks'
import { bayesianLossNetwork, type CriticSpec, type GradientReading, lossNetwork } from '../../lib/strategies'
import { sampleDropout } from '../../lib/strategies/related/dropout'
import { snapshot } from '../../lib/strategies/strategy'
import { joinColumns } from '../../lib/util/matrix'
import { generator } from '../../lib/util/random'
import { drawn, experience, handOut, smooth, training } from './small'

const task = { observationSize: 3, actionSize: 2 } as Parameters<CriticSpec['create']>[0]
const rows = 40
const labelled = { observations: drawn(3 * rows, 'observations'), expertActions: drawn(2 * rows, 'actions') }
const values = (network: Network) => network.weights().map(({ values }) => values)
const count = 8
const create = async (percentile: number, reading: GradientReading = 'norm') =>
  bayesianLossNetwork(reading, count, percentile).create(task, handOut(await smooth(5, 2, 1)))

describe('the Bayesian loss network', () => {
  test('the Bayesian loss network is trained as the loss network is, and its posterior is then sampled anew', async () => {
    const critic = await create(0.5)
    const plain = await lossNetwork('norm').create(task, handOut(await smooth(5, 2, 1)))
    expect(critic.networks).toHaveLength(1 + count)
    for (const iteration of [1, 2]) {
      const [network, ...samples] = critic.networks
      await critic.fit(experience(network, labelled), training(3, iteration))
      await plain.fit(experience(network, labelled), training(3, iteration))
      expect(values(network)).toEqual(values(plain.networks[0]))
      const rng = generator(1, iteration, 'draws')
      const expected = Array.from({ length: count }, () => sampleDropout(network.topology, network.weights(), rng))
      expect(samples.map(values)).toEqual(expected)
      expect(samples[0]).toBe(critic.networks[1])
    }
  })

  test('`lossPercentile` and `lossGradient` are of the sample whose predicted loss is at the percentile', async () => {
    const [states, actions] = [drawn(3 * rows, 'states'), drawn(2 * rows, 'proposals')]
    // of eight in ascending order the fourth, the sixth, the last
    for (const [percentile, rank, reading] of [
      [0.5, 4, 'norm'],
      [0.75, 6, 'sum'],
      [1, 8, 'jacobian']
    ] as const) {
      const critic = await create(percentile, reading)
      await critic.fit(experience(critic.networks[0], labelled), training(3))
      const scores = critic.score(states, actions, rows)
      const [lossPercentile, lossGradient] = [scores.lossPercentile(), scores.lossGradient()]
      const samples = critic.networks.slice(1).map((network) => {
        const sample = lossNetwork(reading).score(network, joinColumns(states, actions, rows), rows)
        return { loss: sample.predictedLoss(), gradient: sample.lossGradient() }
      })
      for (let row = 0; row < rows; row++) {
        const losses = samples.map(({ loss }) => loss[row])
        expect(new Set(losses).size).toBe(count)
        expect(losses.filter((loss) => loss <= lossPercentile[row])).toHaveLength(rank)
        expect(lossGradient[row]).toBe(samples[losses.indexOf(lossPercentile[row])].gradient[row])
      }
    }
  })

  test('a snapshot of the Bayesian loss network restores its samples, too', async () => {
    const critic = await create(0.5)
    const policy = await smooth(3, 2, 2)
    await critic.fit(experience(policy, labelled), training(1))
    const before = critic.networks.map(values)
    const restore = snapshot(policy, critic)
    await critic.fit(experience(policy, labelled), training(1, 2))
    expect(critic.networks.map(values)).not.toEqual(before)
    restore()
    expect(critic.networks.map(values)).toEqual(before)
  })
})
