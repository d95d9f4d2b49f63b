import { describe, expect, test } from 'vitest'
import { imitate, participantsOf } from '../lib/algorithm'
import type { Iteration } from '../lib/iteration'
import { networkOf } from '../lib/networks'
import {
  above,
  type CriticSpec,
  expertWhenQueried,
  memoizeColumns,
  type QueryStrategy,
  type Rule,
  type Scores
} from '../lib/strategies'
import { noCritic } from '../lib/strategies/strategy'
import { expert, shorterProtocol } from './short-run'

/** Scores an action by its first torque. */
const torqueCritic: CriticSpec = {
  name: 'torque',
  create: async () => ({
    ...noCritic,
    score: (_, actions, rows) =>
      memoizeColumns({ torque: () => Float32Array.from({ length: rows }, (_, row) => actions[2 * row]) })
  })
}

/** Runs a strategy that is calibrated to a known threshold; returns the scores that it was calibrated by, and the expert's queries. */
async function runCalibrated(threshold: number) {
  const seen: Scores[] = []
  let queried = 0
  const rule: Rule = {
    reasons: ['torque'],
    query() {
      throw new Error('not calibrated')
    },
    calibrate(scores) {
      seen.push(scores)
      return above('torque', threshold)
    }
  }
  const strategy: QueryStrategy = { title: 'calibrated', control: expertWhenQueried, rule, critic: torqueCritic }
  const teacher = await networkOf(expert)
  const counting = {
    inputs: 11,
    outputs: 2,
    predict(inputs: Float32Array, rows: number) {
      queried += rows
      return teacher.predict(inputs, rows)
    }
  }
  const protocol = shorterProtocol('dagger')
  const participants = { ...(await participantsOf(protocol)), strategy, expert: counting }
  const iterations: Iteration[] = []
  for await (const iteration of imitate(participants, protocol, 1)) iterations.push(iteration)
  return { seen, queried: queried - 2 * 50, iterations } // without the expert's own trials
}

describe('a rule to be calibrated', () => {
  test('a rule is calibrated in each iteration but the first, by the scores of twenty episodes of the learner', async () => {
    const { seen, iterations } = await runCalibrated(1e9)
    expect(seen.map(({ torque }) => torque().length)).toEqual([1000, 1000])
    expect(seen[0].torque()).not.toEqual(seen[1].torque())
    expect(iterations.map(({ record }) => record.rules.map(({ reason }) => reason))).toEqual([
      ['always'],
      ['torque'],
      ['torque']
    ])
  })

  test('a calibrated rule queries as it was calibrated', async () => {
    const { queried, iterations } = await runCalibrated(-1e9)
    expect(iterations.map(({ record }) => record.queries)).toEqual([100, 200, 300])
    expect(queried).toBe(300)
  })

  test('the episodes to calibrate by have no queries, and nothing is trained on them', async () => {
    const { queried, iterations } = await runCalibrated(1e9)
    expect(iterations.map(({ record, visited }) => [record.queries, visited.rows])).toEqual([
      [100, 100],
      [100, 200],
      [100, 300]
    ])
    expect(queried).toBe(100)
  })
})
