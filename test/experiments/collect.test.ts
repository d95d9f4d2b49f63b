import { describe, expect, test } from 'vitest'
import { collect } from '../../lib/experiments/collect'
import { generator } from '../../lib/random'
import {
  above,
  always,
  coin,
  type Gate,
  hyperparameters,
  type Judge,
  nobody,
  type QueryStrategy,
  type Rule,
  random,
  strategiesFor
} from '../../lib/strategies'
import { type Move, scriptedEnvironment, scriptedNetwork } from './scripted'

const strategies = strategiesFor(hyperparameters.reacher)
const lengths = [13, 25, 1, 14]
const steps = 53
const expertAction = (episode: number, step: number) => 100 + 50 * episode + step
const learnerAction = (episode: number, step: number) => -(1 + 50 * episode + step)

/** Scores a state by its step, and checks that it is shown with the learner's action there. */
const stepJudge: Judge = {
  ...nobody,
  scores: (states, proposals, rows) => ({
    step: Float32Array.from({ length: rows }, (_, row) => {
      const [episode, step] = states.subarray(2 * row, 2 * row + 2)
      expect(proposals[row]).toBe(learnerAction(episode, step))
      return step
    })
  })
}

async function run(strategy: QueryStrategy, key: [number, number] = [1, 1]) {
  const { environment, moves } = scriptedEnvironment(lengths)
  const expert = scriptedNetwork(expertAction)
  const learner = scriptedNetwork(learnerAction)
  const collection = await collect(environment, learner, expert, strategy, lengths.length, key, { critic: stepJudge })
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

test('an expert that acts acts everywhere, asked or not', async () => {
  const { moves, labels } = await run({ title: 'Watching', actor: 'expert', asks: random(0.3) })
  expect(labels.length).toBeLessThan(steps)
  for (const { episode, step, action } of moves) expect(action).toBe(expertAction(episode, step))
})

describe('a strategy with a critic', () => {
  const late: QueryStrategy = { title: 'Late', actor: 'expert-when-asked', asks: above('step', 9) }

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

/** What was done in each step of each episode, in order. */
const byEpisode = (moves: readonly Move[]) =>
  lengths.map((_, e) => moves.filter(({ episode }) => episode === e).map(({ action }) => action))

/** What is done if the expert acts in some steps of an episode. */
const acting = (expertActs: (episode: number, step: number) => boolean) =>
  lengths.map((length, e) =>
    Array.from({ length }, (_, step) => (expertActs(e, step) ? expertAction : learnerAction)(e, step))
  )

describe('an expert that hands back when a gate says so', () => {
  const at = (step: number): Rule => ({
    reasons: ['then'],
    decide: (scores) => Uint8Array.from(scores.step, (met) => Number(met === step))
  })
  /** At a step of each episode. */
  const handsBackAt =
    (last: (episode: number) => number): Gate =>
    ({ rows, states }) =>
      Uint8Array.from({ length: rows }, (_, row) => Number(states[2 * row + 1] === last(states[2 * row])))
  const title = 'Holding'
  const actor = 'expert-when-asked'

  test('acts, and is asked, in every state until then, the last one included, in each episode on its own', async () => {
    const last = (episode: number) => 5 + 3 * episode // 5, 8, 11, 14: the last one is not met
    const { moves, labels, labelled, rules, asked } = await run({
      ...{ title, actor, asks: at(3), handsBack: handsBackAt(last) }
    })
    const inControl = (e: number, step: number) => step >= 3 && step <= last(e)
    expect(byEpisode(moves)).toEqual(acting(inControl))
    const expected = lengths.flatMap((length, e) =>
      Array.from({ length }, (_, step) => [e, step]).filter(([e, step]) => inControl(e, step))
    )
    expect(labels.map(({ state }) => state.join()).sort()).toEqual(expected.map((state) => state.join()).sort())
    expect(asked).toHaveLength(expected.length)
    for (const { state, action } of labels) expect(action).toBe(expertAction(state[0], state[1]))
    labels.forEach(({ state: [e, step] }, row) => {
      expect(labelled.reasons[row]).toBe(step === 3 ? 1 : 2)
      expect(labelled.proposals[row]).toBe(learnerAction(e, step))
    })
    expect(rules.map(({ reason, asked, alone }) => [reason, asked, alone])).toEqual([
      ['then', 3, 3],
      ['in control', expected.length - 3, expected.length - 3]
    ])
    expect(rules[1].quantiles).toEqual([])
  })

  test('is asked for both reasons where the rule would have asked as well', async () => {
    const { labels, labelled } = await run({
      ...{ title, actor, asks: above('step', 9), handsBack: handsBackAt(() => 11) }
    })
    const reasons = new Map(labels.map(({ state }, row) => [state.join(), labelled.reasons[row]]))
    expect([10, 11, 12, 13, 14].map((step) => reasons.get(`1,${step}`))).toEqual([1, 3, 1, 3, 3])
  })

  test('keeps control to the end of the episode if it never does, and begins the next without', async () => {
    const strategy: QueryStrategy = { title, actor, asks: at(3), handsBack: ({ rows }) => new Uint8Array(rows) }
    for (let again = 0; again < 2; again++)
      expect(byEpisode((await run(strategy)).moves)).toEqual(acting((_, step) => step >= 3))
  })

  test('goes on being asked where the learner acts, too', async () => {
    const { labels, moves } = await run({
      title,
      actor: 'learner',
      asks: at(3),
      handsBack: handsBackAt(() => 6)
    })
    expect(labels.map(({ state }) => state[1]).sort()).toEqual([3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6])
    for (const { episode, step, action } of moves) expect(action).toBe(learnerAction(episode, step))
  })

  test('has control for one step only where it hands back at once', async () => {
    const handsBack: Gate = ({ rows }) => new Uint8Array(rows).fill(1)
    const [held, plain] = [
      await run({ title, actor, asks: random(0.3), handsBack }),
      await run({ title, actor, asks: random(0.3) })
    ]
    expect(held.moves).toEqual(plain.moves)
    expect(held.labelled).toEqual(plain.labelled)
  })
})

describe('a gate that decides who acts', () => {
  const onEvenSteps: Gate = ({ rows, states, proposals, answers, judge }) => {
    expect(judge).toBe(stepJudge)
    return Uint8Array.from({ length: rows }, (_, row) => {
      const [episode, step] = states.subarray(2 * row, 2 * row + 2)
      expect(proposals[row]).toBe(learnerAction(episode, step))
      expect(answers[row]).toBe(expertAction(episode, step))
      return Number(step % 2 === 0)
    })
  }

  test('lets the expert act where it says so; asked it was everywhere', async () => {
    const { moves, labels } = await run({ title: 'Gated', actor: onEvenSteps, asks: always })
    expect(labels).toHaveLength(steps)
    for (const { state, action } of labels) expect(action).toBe(expertAction(state[0], state[1]))
    expect(byEpisode(moves)).toEqual(acting((_, step) => step % 2 === 0))
  })

  test('has no say where the expert was not asked', async () => {
    const { moves, labels } = await run({ title: 'Gated', actor: onEvenSteps, asks: above('step', 9) })
    expect(labels).toHaveLength(3 + 15 + 0 + 4)
    expect(byEpisode(moves)).toEqual(acting((_, step) => step > 9 && step % 2 === 0))
  })
})

test.each(['supervised', 'dagger', 'random'] as const)(
  '%s: all states met are told, in the order of episodes and steps, with what was done there',
  async (name) => {
    const { met, moves } = await run(strategies[name])
    expect(met.rows).toBe(steps)
    expect(met.lengths).toEqual(lengths)
    expect([...met.observations]).toEqual(
      lengths.flatMap((length, e) => Array.from({ length }, (_, step) => [e, step]).flat())
    )
    expect([...met.actions]).toEqual(byEpisode(moves).flat())
  }
)
