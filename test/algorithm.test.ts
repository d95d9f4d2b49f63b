import { describe, expect, test } from 'vitest'
import { imitate, participantsOf } from '../lib/algorithm'
import { loadEnvironment } from '../lib/environments'
import { evaluate } from '../lib/evaluate'
import type { Iteration } from '../lib/iteration'
import { createNetwork, networkOf, perceptron } from '../lib/networks'
import { above, learnerThroughout, lossNetwork, type QueryStrategy } from '../lib/strategies'
import { noCritic } from '../lib/strategies/strategy'
import { generator } from '../lib/util/random'
import { expert, imitateProtocol, iterationsOf, recordsOf, shorterProtocol, shortProtocol } from './short-run'

describe('the records of a run', () => {
  test('records are the same for the same protocol and seed, and others for another', async () => {
    const first = await recordsOf(shorterProtocol('random'))
    expect(await recordsOf(shorterProtocol('random'))).toEqual(first)
    expect(await recordsOf(shorterProtocol('random'), 2)).not.toEqual(first)
    expect(await recordsOf(shorterProtocol('random', { masses: 'current' }))).not.toEqual(first)
  })

  test('more trials, or more iterations, leave the earlier ones as they were', async () => {
    const [few, many] = [
      await recordsOf(shorterProtocol('random')),
      await recordsOf(shorterProtocol('random', { trials: 5, iterations: 4 }))
    ]
    expect(many.slice(0, 3).map(({ queries, returns }) => [queries, returns.slice(0, 2)])).toEqual(
      few.map(({ queries, returns }) => [queries, returns])
    )
  })

  test('the loss is the expert’s return minus the policy’s, trial by trial from the same starts', async () => {
    const environment = await loadEnvironment('reacher', { masses: 'legacy' })
    const best = await evaluate(environment, await networkOf(expert), 4)
    for await (const { record, policy, expertReturns } of imitateProtocol(shortProtocol('dagger'))) {
      const returns = await evaluate(environment, policy, 4)
      expect(record.returns).toEqual([...returns])
      expect(expertReturns).toEqual(best)
      const losses = [...best].map((value, trial) => value - returns[trial])
      const mean = losses.reduce((sum, loss) => sum + loss, 0) / 4
      expect(record.loss).toBeCloseTo(mean, 12)
      expect(record.lossSd).toBeCloseTo(Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / 3), 12)
    }
  })

  test('returns of the expert that another run computed are taken as they are, and refused unless there is one a trial', async () => {
    const protocol = shorterProtocol('random')
    const participants = await participantsOf(protocol)
    const lossesGiven = async (...returns: number[]) => {
      const losses: number[] = []
      for await (const { record } of imitate(
        { ...participants, expertReturns: Float64Array.from(returns) },
        protocol,
        1
      ))
        losses.push(record.loss + (record.returns[0] + record.returns[1]) / 2)
      return losses
    }
    for (const sum of await lossesGiven(5, 7)) expect(sum).toBeCloseTo(6, 9)
    await expect(lossesGiven(5)).rejects.toThrow(
      'expertReturns for trial 0 must be Float64Array of 2, not Float64Array of 1'
    )
    await expect(lossesGiven(5, Number.NaN)).rejects.toThrow('expertReturns for trial 1 has NaN at entry 0')
  })

  test('a learner that begins as its expert imitates it without a loss', async () => {
    const topology = perceptron(11, [16], 2, { dropout: 0 })
    const protocol = shorterProtocol('dagger', { policy: topology })
    const twin = await createNetwork(topology, generator(1, 'weights'))
    const losses: number[] = []
    for await (const { record } of imitate({ ...(await participantsOf(protocol)), expert: twin }, protocol, 1))
      losses.push(record.loss, record.lossSd)
    expect(losses).toEqual([0, 0, 0, 0, 0, 0])
  })
})

describe('the queries of a run', () => {
  test('every state is queried in Supervised and in DAgger', async () => {
    for (const strategy of ['supervised', 'dagger'] as const)
      expect((await recordsOf(shorterProtocol(strategy))).map(({ queries }) => queries)).toEqual([100, 200, 300])
  })

  test('Random queries in every state of the first batch, then in some three of ten', async () => {
    const [first, , third] = await recordsOf(shorterProtocol('random', { episodes: 10 }))
    expect(first.queries).toBe(500)
    expect(Math.abs(third.queries - 500 - 0.3 * 1000)).toBeLessThan(4 * Math.sqrt(0.3 * 0.7 * 1000))
  })

  test('the dataset has a row a query, which is drawn once to be held out or not', async () => {
    const iterations = await iterationsOf(shorterProtocol('dagger', { episodes: 10 }))
    iterations.forEach(({ record, data }, i) => {
      expect(data.rows).toBe(record.queries)
      expect(data.observations).toHaveLength(11 * data.rows)
      expect(data.expertActions).toHaveLength(2 * data.rows)
      expect(data.learnerActions).toHaveLength(2 * data.rows)
      const before = iterations[i - 1]?.data.validation ?? []
      expect([...data.validation.slice(0, before.length)]).toEqual([...before])
    })
    const { validation, rows } = iterations[2].data
    const held = validation.reduce((sum, side) => sum + side, 0)
    expect(Math.abs(held - 0.2 * rows)).toBeLessThan(4 * Math.sqrt(0.2 * 0.8 * rows))
  })

  test('a run whose rule asks its critic for an unknown score stops with both names', async () => {
    const protocol = shorterProtocol('dagger')
    const strategy: QueryStrategy = {
      ...{ title: 'unknown', control: learnerThroughout, rule: above('risk', 0.5) },
      critic: lossNetwork('norm')
    }
    const running = imitate({ ...(await participantsOf(protocol)), strategy }, protocol, 1)
    await expect(running.next()).rejects.toThrow(
      "the critic gives predictedLoss, lossGradient; the rule queries by 'risk'"
    )
  })
})

test('the untrained policy acts in the first iteration, whatever the strategy', async () => {
  const firsts: Iteration[] = []
  for (const strategy of ['supervised', 'dagger', 'random'] as const)
    firsts.push(...(await iterationsOf(shorterProtocol(strategy, { iterations: 1 }))))
  expect(firsts).toHaveLength(3)
  for (const { record, data } of firsts) {
    expect(data.observations).toEqual(firsts[0].data.observations)
    expect(record).toEqual(firsts[0].record)
  }
})

test('the critic is trained on all states visited so far, and may name dead networks of its own', async () => {
  const [rows, trained]: number[][] = [[], []]
  const strategy: QueryStrategy = {
    title: 'scripted',
    control: learnerThroughout,
    rule: above('cosine', 0.5),
    critic: {
      name: 'scripted',
      create: async () => ({
        ...noCritic,
        async fit({ visited, labelled }) {
          expect(labelled.rows).toBeLessThanOrEqual(visited.rows)
          trained.push(visited.rows)
          return ['a network of mine']
        },
        score: (states, _, rows) => ({
          cosine: () => Float32Array.from({ length: rows }, (_, row) => states[11 * row])
        })
      })
    }
  }
  const protocol = shorterProtocol('dagger')
  const participants = { ...(await participantsOf(protocol)), strategy }
  for await (const { visited, data, record } of imitate(participants, protocol, 1)) {
    rows.push(visited.rows)
    expect(visited.lengths).toEqual(Array(2 * record.iteration).fill(50))
    expect(visited.observations).toHaveLength(11 * visited.rows)
    expect(visited.actions).toHaveLength(2 * visited.rows)
    // the first batch is labelled throughout
    expect(visited.observations.slice(0, 1100).toSorted()).toEqual(data.observations.slice(0, 1100).toSorted())
    expect(record.constant).toContain('a network of mine')
  }
  expect(rows).toEqual([100, 200, 300])
  expect(trained).toEqual(rows)
})

test('DAgger at the paper’s scale halves its first loss at least', async () => {
  const losses = (await recordsOf(shortProtocol('dagger', { iterations: 8, episodes: 5, trials: 30 }))).map(
    ({ loss }) => loss
  )
  expect(losses[7]).toBeLessThan(losses[0] / 2)
}, 120_000)

test('a network of the wrong size for the task is refused, and both sizes are named', async () => {
  await expect(recordsOf(shortProtocol('dagger', { policy: perceptron(11, [8], 3) }))).rejects.toThrow(
    /reacher shows 11 numbers and takes 2, but the policy has 11 inputs and 3 outputs/
  )
})

describe('weighting', () => {
  test('`weighting` changes what the policy learns, not what is visited and queried before', async () => {
    const weighted = await recordsOf(shorterProtocol('loss', { weighting: 'nearest', rate: 0.2 }))
    const plain = await recordsOf(shorterProtocol('loss', { rate: 0.2 }))
    // the first batch is labelled throughout: each state stands for itself alone
    expect(weighted[0]).toEqual(plain[0])
    // so the same states are visited and queried in the second
    expect(weighted[1].queries).toBe(plain[1].queries)
    expect(weighted[1].returns).not.toEqual(plain[1].returns)
  })

  test('`weighting` leaves all labelled states in the dataset', async () => {
    for await (const { data, visited, record } of imitateProtocol(
      shorterProtocol('dagger', { weighting: 'nearest' })
    )) {
      expect(record.queries).toBe(100 * record.iteration)
      expect(data.rows).toBe(visited.rows)
      expect(new Set(data.observations)).toEqual(new Set(visited.observations))
    }
  })
})
