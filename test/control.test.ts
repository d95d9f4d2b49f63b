import { describe, expect, test } from 'vitest'
import { imitate, participantsOf } from '../lib/algorithm'
import {
  above,
  always,
  type Control,
  expertWhenQueried,
  learnerThroughout,
  type QueryStrategy,
  type Release,
  type Rule,
  random,
  topFraction
} from '../lib/strategies'
import { acting, byEpisode, collectScripted, expertAction, learnerAction, lengths, stepCritic, steps } from './scripted'
import { shorterProtocol } from './short-run'

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

describe('a step', () => {
  test('a rule sees the states, the learner’s actions, the episodes, the labels so far and what it keeps of each episode', async () => {
    let labels = 0
    const rule: Rule = {
      reasons: ['third'],
      query(scores, rngs, { rows, states, learnerActions, episodes, memories, critic, ...step }) {
        expect([rngs.length, critic, step]).toEqual([rows, stepCritic, { labels }])
        expect([...scores.episode()]).toEqual(episodes)
        return [
          Uint8Array.from(memories, (memory, row) => {
            const [episode, step] = states.subarray(2 * row, 2 * row + 2)
            expect([episode, learnerActions[row]]).toEqual([episodes[row], learnerAction(episode, step)])
            expect(memory).toEqual(step === 0 ? {} : { steps: step })
            memory.steps = step + 1
            labels += Number(step % 3 === 0)
            return Number(step % 3 === 0)
          })
        ]
      }
    }
    await collectScripted({ title: 'Third', rule, control: expertWhenQueried })
    expect(labels).toBe(5 + 9 + 1 + 5)
  })

  test('the labels of earlier iterations count in what a rule sees', async () => {
    const seen: number[] = []
    const rule: Rule = {
      ...always,
      query(scores, rngs, step) {
        seen.push(step.labels)
        return always.query(scores, rngs, step)
      }
    }
    const strategy = { title: 'Counting', rule, control: learnerThroughout }
    const counts: number[] = []
    const participants = { ...(await participantsOf(shorterProtocol('dagger'))), strategy }
    for await (const { record } of imitate(participants, shorterProtocol('dagger', { iterations: 2 }), 1))
      counts.push(record.queries)
    // the first batch is labelled by another rule
    expect([counts, seen[0], seen[1], seen.at(-1)]).toEqual([[100, 200], 100, 102, 198])
  })

  test('a release sees the scores and the thresholds of the rule, and keeps what it counts of each episode', async () => {
    const rule: Rule = {
      reasons: ['then'],
      thresholds: { step: 3 },
      query: (scores) => [Uint8Array.from(scores.step(), (step) => Number(step === 3))]
    }
    /** Releases after three steps. */
    const release: Release = ({ rows, states, episodes, scores, thresholds, memories }) => {
      const steps = scores.step()
      expect([steps.length, thresholds]).toEqual([rows, { step: 3 }])
      return Uint8Array.from(memories, (memory, row) => {
        expect([episodes[row], steps[row]]).toEqual([...states.subarray(2 * row, 2 * row + 2)])
        memory.held = (memory.held ?? 0) + 1
        return Number(memory.held === 3)
      })
    }
    const { moves } = await collectScripted({ title: 'Held', rule, control: expertWhenQueried, release })
    expect(byEpisode(moves)).toEqual(acting((_, step) => step >= 3 && step <= 5))
  })

  test('a calibrated rule tells the release its thresholds', async () => {
    let told: unknown
    const strategy: QueryStrategy = {
      title: 'Told',
      rule: topFraction(0.5, 'step').calibrate!({ step: () => Float32Array.of(1, 2, 3, 4, 5) }),
      control: expertWhenQueried,
      release: ({ rows, thresholds }) => {
        told = thresholds
        return new Uint8Array(rows).fill(1)
      }
    }
    await collectScripted(strategy)
    expect(told).toEqual({ step: expect.closeTo(3, 0) })
  })

  test('`behaviour` acts where the expert does not, and D has what the learner proposed', async () => {
    const strategy: QueryStrategy = {
      title: 'Other',
      rule: above('step', 9),
      control: expertWhenQueried,
      behaviour: ({ learnerActions }) => learnerActions.map((action) => action - 1000)
    }
    const { moves, labelled, labels } = await collectScripted(strategy)
    expect(byEpisode(moves)).toEqual(
      lengths.map((length, e) =>
        Array.from({ length }, (_, step) => (step > 9 ? expertAction(e, step) : learnerAction(e, step) - 1000))
      )
    )
    labels.forEach(({ state: [e, step] }, row) => {
      expect(labelled.learnerActions[row]).toBe(learnerAction(e, step))
    })
  })

  test('an action of `behaviour` that is not finite is refused with the episode and the step', async () => {
    const behaviour: QueryStrategy['behaviour'] = ({ rows }) => new Float32Array(rows).fill(Number.NaN)
    await expect(
      collectScripted({ title: 'Odd', rule: always, control: learnerThroughout, behaviour })
    ).rejects.toThrow("the behaviour's action for episode 0 at its step 0 has NaN at entry 0: give finite numbers")
  })
})
