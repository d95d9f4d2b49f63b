import { describe, expect, test } from 'vitest'
import {
  above,
  always,
  type Control,
  expertWhenQueried,
  learnerThroughout,
  type QueryStrategy,
  type Release,
  type Rule,
  random
} from '../lib/strategies'
import { acting, byEpisode, collectScripted, expertAction, learnerAction, lengths, stepCritic, steps } from './scripted'

describe('`control`', () => {
  const onEvenSteps: Control = ({ rows, states, learnerActions, expertActions, critic }) => {
    expect(critic).toBe(stepCritic)
    return Uint8Array.from({ length: rows }, (_, row) => {
      const [episode, step] = states.subarray(2 * row, 2 * row + 2)
      expect(learnerActions[row]).toBe(learnerAction(episode, step))
      expect(expertActions[row]).toBe(expertAction(episode, step))
      return Number(step % 2 === 0)
    })
  }

  test('the expert acts where `control` says so, among the states that are queried', async () => {
    const { moves, labels } = await collectScripted({ title: 'Controlled', control: onEvenSteps, rule: always })
    expect(labels).toHaveLength(steps)
    for (const { state, action } of labels) expect(action).toBe(expertAction(state[0], state[1]))
    expect(byEpisode(moves)).toEqual(acting((_, step) => step % 2 === 0))
  })

  test('the learner acts where the expert is not queried, whatever `control` would say', async () => {
    const { moves, labels } = await collectScripted({
      title: 'Controlled',
      control: onEvenSteps,
      rule: above('step', 9)
    })
    expect(labels).toHaveLength(3 + 15 + 0 + 4)
    expect(byEpisode(moves)).toEqual(acting((_, step) => step > 9 && step % 2 === 0))
  })

  test('`learnerThroughout` has the learner act where the expert is queried, too', async () => {
    const { moves, labels } = await collectScripted({
      title: 'Watching',
      control: learnerThroughout,
      rule: random(0.3)
    })
    expect(labels.length).toBeGreaterThan(0)
    expect(byEpisode(moves)).toEqual(acting(() => false))
  })
})

describe('`release`', () => {
  const at = (step: number): Rule => ({
    reasons: ['then'],
    query: (scores) => [Uint8Array.from(scores.step(), (visited) => Number(visited === step))]
  })
  /** Releases at a step of each episode. */
  const releaseAt =
    (last: (episode: number) => number): Release =>
    ({ rows, states }) =>
      Uint8Array.from({ length: rows }, (_, row) => Number(states[2 * row + 1] === last(states[2 * row])))
  const holding = { title: 'Holding', control: expertWhenQueried, rule: at(3) }

  test('the expert acts and is queried until it releases control, in each episode on its own', async () => {
    const last = (episode: number) => 5 + 3 * episode // 5, 8, 11, 14: the last one is not visited
    const { moves, labels, labelled, rules, queried } = await collectScripted({ ...holding, release: releaseAt(last) })
    const inControl = (e: number, step: number) => step >= 3 && step <= last(e)
    expect(byEpisode(moves)).toEqual(acting(inControl))
    const expected = lengths.flatMap((length, e) =>
      Array.from({ length }, (_, step) => [e, step]).filter(([e, step]) => inControl(e, step))
    )
    expect(labels.map(({ state }) => state.join()).sort()).toEqual(expected.map((state) => state.join()).sort())
    expect(queried).toHaveLength(expected.length)
    labels.forEach(({ state: [e, step], action }, row) => {
      expect(action).toBe(expertAction(e, step))
      expect(labelled.reasons[row]).toEqual([step === 3 ? 'then' : 'expertControl'])
      expect(labelled.learnerActions[row]).toBe(learnerAction(e, step))
    })
    expect(rules.map(({ reason, queried, alone }) => [reason, queried, alone])).toEqual([
      ['then', 3, 3],
      ['expertControl', expected.length - 3, expected.length - 3]
    ])
    expect(rules[1].quantiles).toEqual([])
  })

  test('a state under the expert’s control has the rule’s reasons, too, where the rule would have queried', async () => {
    const { labels, labelled } = await collectScripted({
      ...holding,
      rule: above('step', 9),
      release: releaseAt(() => 11)
    })
    const reasons = new Map(labels.map(({ state }, row) => [state.join(), labelled.reasons[row].join(' ')]))
    expect([10, 11, 12, 13, 14].map((step) => reasons.get(`1,${step}`))).toEqual([
      'step',
      'step expertControl',
      'step',
      'step expertControl',
      'step expertControl'
    ])
  })

  test('an expert that never releases keeps control to the end of the episode, and begins the next without it', async () => {
    const strategy: QueryStrategy = { ...holding, release: ({ rows }) => new Uint8Array(rows) }
    for (let again = 0; again < 2; again++)
      expect(byEpisode((await collectScripted(strategy)).moves)).toEqual(acting((_, step) => step >= 3))
  })

  test('an expert that has not released is queried on where `control` has the learner act', async () => {
    const strategy: QueryStrategy = { ...holding, control: learnerThroughout, release: releaseAt(() => 6) }
    const { labels, moves } = await collectScripted(strategy)
    expect(labels.map(({ state }) => state[1]).sort()).toEqual([3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6])
    expect(byEpisode(moves)).toEqual(acting(() => false))
  })

  test('an expert that releases at once acts as one without `release`', async () => {
    const plain: QueryStrategy = { ...holding, rule: random(0.3) }
    const [released, without] = [
      await collectScripted({ ...plain, release: ({ rows }) => new Uint8Array(rows).fill(1) }),
      await collectScripted(plain)
    ]
    expect(released.moves).toEqual(without.moves)
    expect(released.labelled).toEqual(without.labelled)
    expect(released.rules.at(-1)).toEqual({ reason: 'expertControl', queried: 0, alone: 0, quantiles: [] })
  })
})
