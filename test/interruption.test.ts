/** Runs that are aborted: what was yielded last stays as it was then. */
import { expect, test } from 'vitest'
import { imitate, participantsOf } from '../lib/algorithm'
import type { Iteration } from '../lib/iteration'
import type { Network } from '../lib/networks'
import {
  above,
  type CriticSpec,
  combineCritics,
  expertWhenQueried,
  nearestNeighbourCritic,
  type QueryStrategy,
  riskCritic
} from '../lib/strategies'
import { noCritic } from '../lib/strategies/strategy'
import { hashOfNumbers } from './numbers'
import { imitateProtocol, shorterProtocol, shortProtocol } from './short-run'

const weights = (network: Network) => network.weights().map(({ values }) => values)

/** Hashes of all that an iteration holds and the next one changes in place: weights, the critic's states, and so its scores. */
function mutableParts({ policy, critic, visited: { rows, observations, actions } }: Iteration) {
  const scores = Object.values(critic.score(observations, actions, rows))
  return {
    policy: hashOfNumbers(weights(policy)),
    networks: critic.networks.map((network) => hashOfNumbers(weights(network))),
    states: (critic.states ?? []).map(hashOfNumbers),
    scores: scores.map((column) => hashOfNumbers(column()))
  }
}

/** Throws in the last of so many trainings, after the critics that were trained before it. */
const failingCritic = (trainings: number, fail: () => void): CriticSpec => ({
  name: 'failing',
  async create() {
    let left = trainings
    return {
      ...noCritic,
      async fit() {
        left--
        if (left === 0) fail()
        return []
      }
    }
  }
})

async function runAndFail(critic: CriticSpec, trainings: number, signal: AbortSignal, fail: () => void) {
  const protocol = shorterProtocol('dagger')
  let last: Iteration | undefined
  let changed: ReturnType<typeof mutableParts> | undefined
  const failing = failingCritic(trainings, () => {
    changed = last && mutableParts(last)
    fail()
  })
  const strategy: QueryStrategy = {
    ...{ title: 'interrupted', control: expertWhenQueried, rule: above('neighbourDistance', 0.5) },
    critic: combineCritics(critic, failing)
  }
  let before: ReturnType<typeof mutableParts> | undefined
  const running = async () => {
    for await (const iteration of imitate({ ...(await participantsOf(protocol)), strategy }, protocol, 1, signal)) {
      last = iteration
      before = mutableParts(iteration)
    }
  }
  await expect(running()).rejects.toThrow('enough')
  return { iteration: last!, before: before!, changed: changed!, after: mutableParts(last!) }
}

test.each([2, 3])(
  'a run aborted in iteration %d restores the policy, the critic’s networks and the critic’s states',
  async (iteration) => {
    const abort = new AbortController()
    const critic = combineCritics(riskCritic, nearestNeighbourCritic(1))
    const found = await runAndFail(critic, iteration, abort.signal, () => {
      abort.abort(new Error('enough'))
      abort.signal.throwIfAborted()
    })
    const { before, changed, after } = found
    expect(found.iteration.record.iteration).toBe(iteration - 1)
    expect(before.states).toHaveLength(2)
    expect(before.networks).toHaveLength(1)
    // all of it had changed by then
    expect(changed.policy).not.toEqual(before.policy)
    expect(changed.networks).not.toEqual(before.networks)
    for (const i of [0, 1]) expect(changed.states[i]).not.toEqual(before.states[i])
    expect(changed.scores).not.toEqual(before.scores)
    expect(after).toEqual(before)
  }
)

test('a run that ends with an error of any kind restores what it yielded last', async () => {
  const { before, changed, after } = await runAndFail(
    nearestNeighbourCritic(1),
    2,
    new AbortController().signal,
    () => {
      throw new TypeError('enough')
    }
  )
  expect(changed).not.toEqual(before)
  expect(after).toEqual(before)
})

test('an aborted run stops within the iteration, and the policy yielded last is as it was', async () => {
  const abort = new AbortController()
  const seen: number[] = []
  let last: { policy: Network; hash: string } | undefined
  const running = async () => {
    const protocol = shortProtocol('dagger', { iterations: 1000, trials: 50 })
    for await (const { record, policy } of imitateProtocol(protocol, 1, abort.signal)) {
      seen.push(record.iteration)
      last = { policy, hash: hashOfNumbers(weights(policy)) }
      if (seen.length === 2) setTimeout(() => abort.abort(new Error('enough')), 20)
    }
  }
  await expect(running()).rejects.toThrow('enough')
  expect(seen.slice(0, 2)).toEqual([1, 2])
  expect(seen.length).toBeLessThan(10)
  expect(hashOfNumbers(weights(last!.policy))).toBe(last!.hash)
})
