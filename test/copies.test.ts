/** Parts may write into the arrays that they are given, and may give one array again and again: a run is then the same. */
import { describe, expect, test } from 'vitest'
import { imitate, type Participants, participantsOf } from '../lib/algorithm'
import { collect } from '../lib/collect'
import type { Environment } from '../lib/environments'
import { trials } from '../lib/evaluate'
import type { Policy } from '../lib/networks'
import {
  above,
  anyOf,
  type Control,
  type Critic,
  expertWhenQueried,
  hyperparameters,
  memoizeColumns,
  paperStrategies,
  type QueryStrategy
} from '../lib/strategies'
import { noCritic } from '../lib/strategies/strategy'
import { traceEpisode } from '../lib/trace'
import { generator } from '../lib/util/random'
import { expertAction, learnerAction, lengths, scriptedEnvironment, scriptedNetwork } from './scripted'
import { shorterProtocol } from './short-run'

const critic: Critic = {
  ...noCritic,
  score: (states, actions, rows) =>
    memoizeColumns({
      step: () => Float32Array.from({ length: rows }, (_, row) => states[2 * row + 1]),
      size: () => actions.map(Math.abs)
    })
}
const rule = anyOf(above('step', 9), above('size', 60))
const late: QueryStrategy = { title: 'Late', rule, control: expertWhenQueried }

async function batchOf(parts: Partial<Parameters<typeof collect>[0]>) {
  const { environment, moves } = scriptedEnvironment(lengths)
  const [expert, policy] = [scriptedNetwork(expertAction), scriptedNetwork(learnerAction)]
  const all = { environment, policy, expert, strategy: late, critic, ...parts }
  return { batch: await collect(all, lengths.length, [1, 1]), moves }
}

/** Sets all numbers to 7. */
const spoil = (...arrays: Float32Array[]): void => {
  for (const array of arrays) array.fill(7)
}
const spoiling = (action: typeof expertAction): Policy => {
  const { predict, ...network } = scriptedNetwork(action)
  return {
    ...network,
    predict(states, rows) {
      const actions = predict(states, rows)
      spoil(states)
      return actions
    }
  }
}
const editing: Control = ({ rows, states, learnerActions, expertActions }) => {
  spoil(states, learnerActions, expertActions)
  return new Uint8Array(rows).fill(1)
}

describe('a part that writes into the arrays that it is given', () => {
  test.each<[string, Partial<Parameters<typeof collect>[0]>]>([
    ['the policy', { policy: spoiling(learnerAction) }],
    ['the expert', { expert: spoiling(expertAction) }],
    ['control', { strategy: { ...late, control: editing } }],
    [
      'the critic',
      {
        critic: {
          ...critic,
          score(states, actions, rows) {
            const scores = critic.score(states.slice(), actions.slice(), rows)
            spoil(states, actions)
            return scores
          }
        }
      }
    ],
    [
      'the rule',
      {
        strategy: {
          ...late,
          rule: {
            ...rule,
            query(scores, rngs, step) {
              for (const column of Object.values(scores)) column().reverse()
              spoil(step.states, step.learnerActions)
              return rule.query(scores, rngs, step)
            }
          }
        }
      }
    ]
  ])('a batch is the same when %s does', async (_, parts) => {
    const [{ batch: plain, moves: made }, { batch, moves }] = [await batchOf({}), await batchOf(parts)]
    expect(plain.labelled.rows).toBeGreaterThan(20)
    expect(batch).toEqual(plain)
    expect(moves).toEqual(made)
  })

  test('a batch is the same when release does', async () => {
    const held = { ...late, release: () => new Uint8Array(0) }
    const releasing = (edit: Control): QueryStrategy => ({
      ...held,
      release: (queried) => Uint8Array.from({ length: edit(queried).length }, (_, row) => row % 2)
    })
    const [{ batch: plain }, { batch }] = [
      await batchOf({ strategy: releasing(expertWhenQueried) }),
      await batchOf({ strategy: releasing(editing) })
    ]
    expect(plain.labelled.reasons.flat()).toContain('expertControl')
    expect(batch).toEqual(plain)
  })

  test('a batch is the same when the task does, with actions and the list of episodes', async () => {
    const { environment, moves } = scriptedEnvironment(lengths)
    const spoilt: Environment = {
      ...environment,
      reset(rngs) {
        const episodes = environment.reset(rngs)
        const running: number[] = [...episodes.running]
        return {
          ...episodes,
          observations: episodes.observations,
          running,
          step(given, actions) {
            const step = episodes.step(given, actions)
            spoil(actions as Float32Array)
            running.splice(0, running.length, ...episodes.running)
            return step
          }
        }
      }
    }
    const [{ batch: plain, moves: made }, { batch }] = [await batchOf({}), await batchOf({ environment: spoilt })]
    expect(batch).toEqual(plain)
    expect(moves).toEqual(made)
  })

  test('a run is the same when `fit` of its critic does, and when its caller does with an iteration', async () => {
    const { loss } = paperStrategies(hyperparameters.reacher)
    const spoilt: QueryStrategy = {
      ...loss,
      critic: {
        ...loss.critic,
        async create(...given) {
          const critic = await loss.critic.create(...given)
          return {
            ...critic,
            async fit(experience, training) {
              const dead = await critic.fit(experience, training)
              const { labelled, visited } = experience
              spoil(labelled.observations, labelled.expertActions, visited.observations, visited.actions)
              labelled.validation.fill(1)
              return dead
            }
          }
        }
      }
    }
    const recordsOf = async (strategy: QueryStrategy, spoils: boolean) => {
      const protocol = shorterProtocol('loss')
      const participants: Participants = { ...(await participantsOf(protocol)), strategy }
      const records: unknown[] = []
      for await (const { record, data, visited, expertReturns } of imitate(participants, protocol, 1)) {
        records.push(structuredClone(record))
        if (!spoils) continue
        spoil(data.observations, data.expertActions, visited.observations)
        expertReturns.fill(7)
      }
      return records
    }
    expect(await recordsOf(spoilt, true)).toEqual(await recordsOf(loss, false))
  })

  test('an episode is traced with the same queries', async () => {
    const traced = async (spoils: boolean) => {
      const { environment } = scriptedEnvironment([13])
      const policy = spoils ? spoiling(learnerAction) : scriptedNetwork(learnerAction)
      const episode = environment.reset([generator(1)])
      return (await traceEpisode('it', environment, episode, policy, { strategy: late, critic })).queries
    }
    expect((await traced(false)).flat()).toContain('step')
    expect(await traced(true)).toEqual(await traced(false))
  })
})

describe('a policy that gives one array again and again', () => {
  const reusing = (action: typeof expertAction, shared = new Float32Array(100)): Policy => {
    const { predict, ...network } = scriptedNetwork(action)
    return {
      ...network,
      predict(states, rows) {
        shared.set(predict(states, rows))
        return shared.subarray(0, rows)
      }
    }
  }

  test('the learner and the expert may share it', async () => {
    const shared = new Float32Array(100)
    const parts = { policy: reusing(learnerAction, shared), expert: reusing(expertAction, shared) }
    const [{ batch: plain, moves: made }, { batch, moves }] = [await batchOf({}), await batchOf(parts)]
    expect(batch).toEqual(plain)
    expect(moves).toEqual(made)
  })

  test('the noise of trials does not add up in it', async () => {
    const constant = new Float32Array(lengths.length).fill(1)
    const policy: Policy = { inputs: 2, outputs: 1, predict: (_, rows) => constant.subarray(0, rows) }
    const { environment } = scriptedEnvironment(lengths)
    await trials(environment, policy, lengths.length, { noise: 0.5 })
    expect([...constant]).toEqual([1, 1, 1, 1])
  })
})
