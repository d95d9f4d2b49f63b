/** Equation 2's budget and costs. */
import { describe, expect, test } from 'vitest'
import { imitate, participantsOf } from '../lib/algorithm'
import { efficiency } from '../lib/analysis/claims'
import { collect } from '../lib/collect'
import type { Environment } from '../lib/environments'
import type { IterationRecord } from '../lib/iteration'
import type { Outcome } from '../lib/record'
import { always, expertWhenQueried, type QueryStrategy } from '../lib/strategies'
import {
  acting,
  byEpisode,
  expertAction,
  learnerAction,
  lengths,
  scriptedEnvironment,
  scriptedNetwork
} from './scripted'
import { recordsOf, shorterProtocol } from './short-run'

const supervised: QueryStrategy = { title: 'Supervised', rule: always, control: expertWhenQueried }

async function collectWithin(changes: object, strategy = supervised) {
  const { environment, moves } = scriptedEnvironment(lengths)
  const [expert, policy] = [scriptedNetwork(expertAction), scriptedNetwork(learnerAction)]
  return {
    batch: await collect({ environment, policy, expert, strategy, ...changes }, lengths.length, [1, 1]),
    moves,
    queried: expert.queried
  }
}

describe('a budget', () => {
  test('queries stop when the budget is spent, and the learner acts to the end of every episode', async () => {
    // four episodes in the first step, three in each of the next
    const { batch, moves, queried } = await collectWithin({ budget: 9 })
    expect([batch.labelled.rows, batch.cost, queried.length]).toEqual([9, 9, 9])
    expect([...batch.lengths]).toEqual(lengths)
    expect(byEpisode(moves)).toEqual(acting((episode, step) => step < 2 || (step === 2 && episode < 2)))
  })

  test('the labels of earlier iterations have been paid for', async () => {
    expect((await collectWithin({ budget: 9, labels: 5 })).batch.labelled.rows).toBe(4)
    expect((await collectWithin({ budget: 9, labels: 9 })).batch.labelled.rows).toBe(0)
  })

  test('a budget below the cost of the first label is refused, with its name', async () => {
    const run = async (budget: number, cost?: () => number) => {
      const protocol = shorterProtocol('dagger', { budget })
      return imitate({ ...(await participantsOf(protocol)), cost }, protocol, 1).next()
    }
    await expect(run(0.5, () => 2)).rejects.toThrow('the budget of 0.5 is below the cost of any first label')
    await expect(run(0.5)).rejects.toThrow('the budget of 0.5 is below the cost of any first label')
    let labels = 0
    expect((await run(9, () => (labels++ < 50 ? 10 : 1))).value?.record.cost).toBe(9)
  })

  test('an expert that keeps control loses it when the budget is spent', async () => {
    const holding = { ...supervised, release: ({ rows }: { rows: number }) => new Uint8Array(rows) }
    const { moves } = await collectWithin({ budget: 9 }, holding)
    expect(byEpisode(moves)).toEqual(acting((episode, step) => step < 2 || (step === 2 && episode < 2)))
  })

  test('a run within a budget is the run without it until that is spent, and then goes on training and testing', async () => {
    const [free, within] = [
      await recordsOf(shorterProtocol('dagger')),
      await recordsOf(shorterProtocol('dagger', { budget: 130 }))
    ]
    expect(free.map(({ queries }) => queries)).toEqual([100, 200, 300])
    expect(within.map(({ queries }) => queries)).toEqual([100, 130, 130])
    expect(within[0]).toEqual({ ...free[0], steps: 100 })
    expect(within[2].returns).not.toEqual(within[1].returns)
    expect(within[2].rules[0].queried).toBe(0)
  })

  test('the steps of the environment so far are in the records, with those of calibrations, and nowhere without a budget', async () => {
    const stepsOf = async (changes: object): Promise<(number | undefined)[][]> => {
      const protocol = shorterProtocol('loss', { rate: 0.3, ...changes })
      const { environment, ...others } = await participantsOf(protocol)
      let taken = 0
      const reset: Environment['reset'] = (rngs) => {
        const episodes = environment.reset(rngs)
        const step: typeof episodes.step = (running, actions) => {
          taken += running.length
          return episodes.step(running, actions)
        }
        return new Proxy(episodes, { get: (target, name) => (name === 'step' ? step : Reflect.get(target, name)) })
      }
      const counted: (number | undefined)[][] = []
      const counting = { ...others, environment: { ...environment, reset } }
      for await (const { record } of imitate(counting, protocol, 1)) {
        expect('steps' in record).toBe('budget' in changes)
        // two trials in each iteration, and the expert's
        counted.push([record.steps, taken - 2 * 50 * (record.iteration + 1)])
      }
      return counted
    }
    const [first, second, third] = [2 * 50, 2 * (2 * 50) + 20 * 50, 3 * (2 * 50) + 2 * (20 * 50)]
    expect(await stepsOf({ budget: 130 })).toEqual([first, second, third].map((steps) => [steps, steps]))
    expect((await stepsOf({})).map(([, taken]) => taken)).toEqual([first, second, third])
  })

  test.each([0, -1, Number.NaN, '5'])('a budget of %j is refused', (budget) => {
    expect(() => shorterProtocol('dagger', { budget: budget as number })).toThrow(
      'budget must be a number above 0, not'
    )
  })
})

describe('a cost', () => {
  const cost = ([episode, step]: Float32Array) => episode + step / 2

  test('the cost of a batch is the sum over its labelled states', async () => {
    const { batch } = await collectWithin({ cost })
    const expected = lengths.flatMap((length, e) => Array.from({ length }, (_, step) => e + step / 2))
    expect(batch.cost).toBeCloseTo(
      expected.reduce((sum, price) => sum + price, 0),
      9
    )
  })

  test('a budget is one of cost: what it cannot pay for is not queried, and what is cheaper is', async () => {
    const { batch, queried } = await collectWithin({ cost, budget: 1.5 })
    // 0 and 1 in the first step, then a half in episode 0, and nothing more
    expect(queried).toEqual([
      [0, 0],
      [1, 0],
      [0, 1]
    ])
    expect(batch.cost).toBe(1.5)
  })

  test('the cost so far is in the records, and nowhere without one', async () => {
    const protocol = shorterProtocol('dagger')
    const participants = await participantsOf(protocol)
    const costOf = async (given: object): Promise<IterationRecord[]> => {
      const records: IterationRecord[] = []
      for await (const { record } of imitate({ ...participants, ...given }, protocol, 1)) records.push(record)
      return records
    }
    const [with3, without] = [await costOf({ cost: () => 3 }), await costOf({})]
    expect(with3.map((record) => record.cost)).toEqual([300, 600, 900])
    expect(with3.map(({ cost, ...others }) => others)).toEqual(without)
    for (const record of without) expect(record).not.toHaveProperty('cost')
  })

  test.each([
    [-1, '-1'],
    [Number.NaN, 'NaN'],
    ['2', '2 as text']
  ])('a cost of %j is refused', async (given, shown) => {
    await expect(collectWithin({ cost: () => given })).rejects.toThrow(
      `the cost of a state must be a number from 0 on, not ${shown}`
    )
  })

  test('the efficiency of Equation 3 is per unit of cost', () => {
    const other = { iteration: 1, lossSd: 0, returns: [], rules: [], constant: [] }
    const outcome = (record: Pick<IterationRecord, 'queries' | 'cost' | 'loss'>): Outcome => ({
      ...{ expertReturns: [], validation: { losses: [], best: 1 }, policy: '' },
      iterations: [{ ...other, ...record }]
    })
    const free = outcome({ queries: 100, loss: 5 })
    expect(efficiency(free, outcome({ queries: 50, loss: 3 }))).toBeCloseTo(400, 9)
    expect(efficiency(free, outcome({ queries: 50, loss: 3, cost: 200 }))).toBeCloseTo(100, 9)
    // of what an experiment yields
    const [records, recordsOfSupervised] = [outcome({ queries: 50, loss: 3 }), free].map(({ iterations }) => iterations)
    expect(efficiency({ iterations: recordsOfSupervised }, { iterations: records })).toBeCloseTo(400, 9)
  })

  test('a run without labels, or whose labels cost nothing, has no efficiency', () => {
    const other = { iteration: 1, loss: 3, lossSd: 0, returns: [], rules: [], constant: [] }
    const [supervised, none] = [50, 0].map((queries) => ({ iterations: [{ ...other, queries }] }))
    expect(() => efficiency(supervised, none)).toThrow(
      new RangeError('a run of 0 labels at a cost of 0 has no efficiency')
    )
    const free = { iterations: [{ ...other, queries: 50, cost: 0 }] }
    expect(() => efficiency(supervised, free)).toThrow('a run of 50 labels at a cost of 0 has no efficiency')
  })
})
