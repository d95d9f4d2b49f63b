import { describe, expect, test } from 'vitest'
import { collect } from '../lib/collect'
import {
  above,
  anyOf,
  type Critic,
  coin,
  expertWhenQueried,
  hyperparameters,
  learnerThroughout,
  memoizeColumns,
  paperStrategies,
  type Rule,
  random
} from '../lib/strategies'
import { noCritic } from '../lib/strategies/strategy'
import { generator } from '../lib/util/random'
import {
  acting,
  byEpisode,
  collectScripted,
  expertAction,
  learnerAction,
  lengths,
  scriptedEnvironment,
  scriptedNetwork,
  stepCritic,
  steps
} from './scripted'

const strategies = paperStrategies(hyperparameters.reacher)

describe('the paper’s strategies', () => {
  test.each(['supervised', 'dagger', 'random'] as const)(
    '%s labels a state with the expert’s action there, by one query',
    async (name) => {
      const { labels, queried } = await collectScripted(strategies[name])
      for (const { state, action } of labels) expect(action).toBe(expertAction(state[0], state[1]))
      expect(labels.map(({ state }) => state)).toEqual(queried)
      expect(new Set(labels.map(({ state }) => state.join())).size).toBe(labels.length)
    }
  )

  test.each(['supervised', 'dagger', 'random'] as const)(
    '%s returns all visited states, in the order of episodes and steps, with the actions executed there',
    async (name) => {
      const { visited, moves } = await collectScripted(strategies[name])
      expect([visited.rows, visited.lengths]).toEqual([steps, lengths])
      expect([...visited.observations]).toEqual(
        lengths.flatMap((length, e) => Array.from({ length }, (_, step) => [e, step]).flat())
      )
      expect([...visited.actions]).toEqual(byEpisode(moves).flat())
    }
  )

  test('the expert acts in Supervised, and every state is labelled', async () => {
    const { moves, labels, returns, lengths: taken } = await collectScripted(strategies.supervised)
    expect(labels).toHaveLength(steps)
    expect(byEpisode(moves)).toEqual(acting(() => true))
    expect([...taken]).toEqual(lengths)
    expect(returns[2]).toBe(expertAction(2, 0))
    expect(returns[0]).toBe(13 * 100 + (12 * 13) / 2)
  })

  test('the learner acts in DAgger, and every state is labelled', async () => {
    const { moves, labels, returns } = await collectScripted(strategies.dagger)
    expect(labels).toHaveLength(steps)
    expect(byEpisode(moves)).toEqual(acting(() => false))
    expect(returns[2]).toBe(learnerAction(2, 0))
  })

  test('the expert acts in Random just where it is queried', async () => {
    const { moves, labels } = await collectScripted(strategies.random)
    expect(labels.length).toBeGreaterThan(0)
    expect(labels.length).toBeLessThan(steps)
    const queried = new Set(labels.map(({ state }) => state.join()))
    expect(byEpisode(moves)).toEqual(acting((e, step) => queried.has(`${e},${step}`)))
  })

  test('Random queries by the generators named for the run, the iteration and the episode', async () => {
    const states = async (key: [number, number]) =>
      (await collectScripted(strategies.random, key)).labels.map(({ state }) => state.join())
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

describe('a strategy with a critic', () => {
  const late = { title: 'Late', control: expertWhenQueried, rule: above('step', 9) }

  test('the states are queried and labelled that the rule picks, and the expert acts in those', async () => {
    const { moves, labels, labelled } = await collectScripted(late)
    expect(labels.every(({ state }) => state[1] > 9)).toBe(true)
    expect(labels).toHaveLength(3 + 15 + 0 + 4)
    expect(byEpisode(moves)).toEqual(acting((_, step) => step > 9))
    labels.forEach(({ state }, row) => {
      expect(labelled.learnerActions[row]).toBe(learnerAction(state[0], state[1]))
    })
  })

  test('a rule’s record counts the queries for each reason, those for it alone, and has its score’s quantiles', async () => {
    const { rules, labelled } = await collectScripted({ ...late, rule: coin(late.rule, random(0.3)) })
    const count = (reason: string) => labelled.reasons.filter((reasons) => reasons.includes(reason)).length
    expect(count('step')).toBeGreaterThan(0)
    expect(rules.map(({ reason, queried, alone }) => [reason, queried, alone])).toEqual([
      ['step', count('step'), count('step')],
      ['random', count('random'), count('random')]
    ])
    expect(rules[0].quantiles[2]).toBe(8) // the median step of episodes of 13, 25, 1 and 14 steps
    expect(rules[1].quantiles).toEqual([])
  })

  test('a rule of ten reasons labels states for each of them, and its record counts them all', async () => {
    // reason i holds from step i on
    const ten = Array.from({ length: 10 }, (_, i): Rule => ({ ...above('step', i - 1), reasons: [`from ${i}`] }))
    const { rules, labels, labelled } = await collectScripted({ ...late, rule: ten.reduce(anyOf) })
    expect(labels).toHaveLength(steps)
    labels.forEach(({ state: [, step] }, row) => {
      expect(labelled.reasons[row]).toHaveLength(Math.min(step + 1, 10))
    })
    const atLeast = (step: number) => lengths.reduce((sum, length) => sum + Math.max(0, length - step), 0)
    expect(rules.map(({ reason, queried, alone }) => [reason, queried, alone])).toEqual(
      Array.from({ length: 10 }, (_, i) => [`from ${i}`, atLeast(i), i === 0 ? 4 : 0])
    )
  })

  test('a score is computed once a step, however often it is looked at, and not at all if it is not', async () => {
    const computed = { step: 0, episode: 0 }
    const critic: Critic = {
      ...noCritic,
      score(...batch) {
        const { step, episode } = stepCritic.score(...batch)
        const counting = (name: 'step' | 'episode', column: () => Float32Array) => () => {
          computed[name]++
          return column()
        }
        return memoizeColumns({ step: counting('step', step), episode: counting('episode', episode) })
      }
    }
    const { rules } = await collectScripted(
      { ...late, rule: anyOf(late.rule, { ...above('step', 3), reasons: ['from 4'] }) },
      [1, 1],
      critic
    )
    expect(rules).toHaveLength(2)
    expect(computed).toEqual({ step: Math.max(...lengths), episode: 0 })
  })

  test('a rule on a score that the critic does not give is an error that names the scores', async () => {
    await expect(collectScripted({ ...late, rule: above('risk', 0.5) })).rejects.toThrow(
      "the critic gives episode, step; the rule queries by 'risk'"
    )
    await expect(collectScripted({ ...late, rule: above('risk', 0.5) }, [1, 1], noCritic)).rejects.toThrow(
      "the critic gives no scores; the rule queries by 'risk'"
    )
  })
})

test('`collect` rejects with the signal’s reason when it is aborted', async () => {
  const { environment } = scriptedEnvironment([1e7])
  const policy = scriptedNetwork(() => 0)
  const stop = new AbortController()
  setTimeout(() => stop.abort(new Error('enough')), 1)
  const all = { environment, policy: { ...policy, predict: () => new Float32Array(1) }, expert: policy }
  const strategy = { title: 'Alone', control: learnerThroughout, rule: random(0) }
  await expect(collect({ ...all, strategy }, 1, [1], stop.signal)).rejects.toThrow('enough')
})
