import { describe, expect, test } from 'vitest'
import { collect } from '../../lib/experiments/collect'
import { generator } from '../../lib/random'
import {
  above,
  type Critic,
  coin,
  hyperparameters,
  type QueryStrategy,
  random,
  strategiesFor
} from '../../lib/strategies'
import { scriptedEnvironment, scriptedNetwork } from './scripted'

const strategies = strategiesFor(hyperparameters.reacher)
const lengths = [13, 25, 1, 14]
const steps = 53
const expertAction = (episode: number, step: number) => 100 + 50 * episode + step
const learnerAction = (episode: number, step: number) => -(1 + 50 * episode + step)

async function run(strategy: QueryStrategy, key: [number, number] = [1, 1]) {
  const { environment, moves } = scriptedEnvironment(lengths)
  const expert = scriptedNetwork(expertAction)
  const learner = scriptedNetwork(learnerAction)
  const collection = await collect(environment, learner, expert, strategy, lengths.length, key, { critic: learner })
  const { rows, observations, actions } = collection.labelled
  const labels = Array.from({ length: rows }, (_, row) => ({
    state: [observations[2 * row], observations[2 * row + 1]],
    action: actions[row]
  }))
  return { ...collection, moves, labels, asked: expert.asked }
}

test.each(['supervised', 'dagger', 'random'] as const)(
  '%s: every label is the expert’s for its state, asked for once',
  async (name) => {
    const { labels, asked } = await run(strategies[name])
    for (const { state, action } of labels) expect(action).toBe(expertAction(state[0], state[1]))
    expect(labels.map(({ state }) => state)).toEqual(asked)
    expect(new Set(labels.map(({ state }) => state.join())).size).toBe(labels.length)
  }
)

test('supervised: the expert acts and every state is labelled', async () => {
  const { moves, labels, returns, lengths: taken } = await run(strategies.supervised)
  expect(labels).toHaveLength(steps)
  for (const { episode, step, action } of moves) expect(action).toBe(expertAction(episode, step))
  expect([...taken]).toEqual(lengths)
  expect(returns[2]).toBe(expertAction(2, 0))
  expect(returns[0]).toBe(13 * 100 + (12 * 13) / 2)
})

test('DAgger: the learner acts and every state is labelled', async () => {
  const { moves, labels, returns } = await run(strategies.dagger)
  expect(labels).toHaveLength(steps)
  for (const { episode, step, action } of moves) expect(action).toBe(learnerAction(episode, step))
  expect(returns[2]).toBe(learnerAction(2, 0))
})

describe('Random', () => {
  test('the expert acts just where it was asked', async () => {
    const { moves, labels } = await run(strategies.random)
    expect(labels.length).toBeGreaterThan(0)
    expect(labels.length).toBeLessThan(steps)
    const asked = new Set(labels.map(({ state }) => state.join()))
    for (const { episode, step, action } of moves)
      expect(action).toBe((asked.has([episode, step].join()) ? expertAction : learnerAction)(episode, step))
  })

  test('asks by the generators named for the run, the iteration and the episode', async () => {
    const states = async (key: [number, number]) =>
      (await run(strategies.random, key)).labels.map(({ state }) => state.join())
    expect(await states([1, 1])).toEqual(await states([1, 1]))
    expect(await states([1, 2])).not.toEqual(await states([1, 1]))
    expect(await states([2, 1])).not.toEqual(await states([1, 1]))
    const expected = lengths.flatMap((length, e) => {
      const rng = generator(1, 1, 'decisions', e)
      return Array.from({ length }, (_, step) => (rng() < 0.3 ? `${e},${step}` : '')).filter(Boolean)
    })
    expect((await states([1, 1])).sort()).toEqual(expected.sort())
  })
})

/** Scores a state by its step, and checks that it is shown with the learner's action there. */
const stepCritic: Critic = {
  name: 'scripted',
  topology: () => ({ class_name: 'Sequential', config: { name: 'scripted', layers: [] } }),
  loss: 'squared-error',
  targets: (expert) => expert,
  scores(_, inputs, rows) {
    const step = Float32Array.from({ length: rows }, (_, row) => {
      const [episode, step, proposal] = inputs.subarray(3 * row, 3 * row + 3)
      expect(proposal).toBe(learnerAction(episode, step))
      return step
    })
    return { step }
  }
}

test('an expert that acts acts everywhere, asked or not', async () => {
  const { moves, labels } = await run({ title: 'Watching', actor: 'expert', asks: random(0.3) })
  expect(labels.length).toBeLessThan(steps)
  for (const { episode, step, action } of moves) expect(action).toBe(expertAction(episode, step))
})

describe('a strategy with a critic', () => {
  const late: QueryStrategy = { title: 'Late', actor: 'expert-when-asked', critic: stepCritic, asks: above('step', 9) }

  test('asks, labels and lets the expert act in just the rows that its rule picks', async () => {
    const { moves, labels, labelled } = await run(late)
    expect(labels.map(({ state }) => state[1] > 9).every(Boolean)).toBe(true)
    expect(labels).toHaveLength(3 + 15 + 0 + 4)
    for (const { episode, step, action } of moves)
      expect(action).toBe((step > 9 ? expertAction : learnerAction)(episode, step))
    labels.forEach(({ state }, row) => {
      expect(labelled.proposals[row]).toBe(learnerAction(state[0], state[1]))
    })
  })

  test('tells for each reason how often it asked, how often alone, and its score’s quantiles', async () => {
    const both: QueryStrategy = { ...late, asks: { ...coin(late.asks, random(0.3)) } }
    const { rules, labelled } = await run(both)
    const count = (bit: number) => labelled.reasons.filter((bits) => bits & bit).length
    expect(rules.map(({ reason, asked, alone }) => [reason, asked, alone])).toEqual([
      ['step', count(1), count(1)],
      ['random', count(2), count(2)]
    ])
    expect(rules[0].quantiles[2]).toBe(8) // the median step of episodes of 13, 25, 1 and 14 steps
    expect(rules[1].quantiles).toEqual([])
  })
})
