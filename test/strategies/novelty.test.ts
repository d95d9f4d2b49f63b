import { expect, test } from 'vitest'
import { type Critic, labelledStates } from '../../lib/strategies'
import { experience, linear, training } from './small'

const task = { observationSize: 2, actionSize: 1 } as Parameters<Critic['begin']>[0]

/** How new some states are to who has had three labelled: their first entries 0, 2 and 4, the other always 7. */
async function novelty(k: number, ...states: number[][]): Promise<number[]> {
  const judge = await labelledStates(k).begin(task, () => Promise.reject(new Error('no network')))
  expect(judge.networks).toEqual([])
  const labelled = { observations: Float32Array.of(0, 7, 2, 7, 4, 7), actions: new Float32Array(3) }
  expect(await judge.learn(experience(await linear([[0], [0]], [0]), labelled), training(1))).toEqual([])
  const { novelty } = judge.scores(Float32Array.from(states.flat()), new Float32Array(states.length), states.length)
  return [...novelty]
}

test('a state is as new as the k-th nearest of those labelled is far, in standard deviations', async () => {
  // a standard deviation is 2
  expect(await novelty(1, [8, 7], [2, 7], [1, 7])).toEqual([2, 0, 0.5])
  expect(await novelty(2, [8, 7], [2, 7], [-2, 7])).toEqual([3, 1, 2])
  expect(await novelty(3, [8, 7])).toEqual([4])
})

test('the furthest counts where fewer are labelled', async () => {
  expect(await novelty(5, [8, 7], [1, 7])).toEqual([4, 1.5])
})

test('an entry that was always the same says nothing', async () => {
  expect(await novelty(1, [2, 1000])).toEqual([0])
})

test('what was labelled last is known from then on', async () => {
  const judge = await labelledStates(1).begin(task, () => Promise.reject(new Error('no network')))
  const policy = await linear([[0], [0]], [0])
  const at = (...first: number[]) => ({
    observations: Float32Array.from(first.flatMap((x) => [x, 0])),
    actions: new Float32Array(first.length)
  })
  const novelty = () => judge.scores(Float32Array.of(9, 0), new Float32Array(1), 1).novelty[0]
  await judge.learn(experience(policy, at(1, 3)), training(1))
  expect(novelty()).toBeCloseTo(6 / Math.SQRT2, 6)
  const back = judge.keep?.()
  await judge.learn(experience(policy, at(1, 3, 9)), training(1))
  expect(novelty()).toBe(0)
  back?.()
  expect(novelty(), 'put back as it was').toBeCloseTo(6 / Math.SQRT2, 6)
})
