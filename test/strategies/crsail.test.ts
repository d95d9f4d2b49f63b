import { expect, test } from 'vitest'
import { type CriticSpec, nearestNeighbourCritic } from '../../lib/strategies'
import { snapshot } from '../../lib/strategies/strategy'
import { experience, linear, training } from './small'

const task = { observationSize: 2, actionSize: 1 } as Parameters<CriticSpec['create']>[0]
const create = (k: number) => nearestNeighbourCritic(k).create(task, () => Promise.reject(new Error('no network')))
const policy = await linear([[0], [0]], [0])

/** Distances of some states from three labelled ones: their first entries 0, 2 and 4, the other always 7. */
async function distances(k: number, ...states: number[][]): Promise<number[]> {
  const critic = await create(k)
  expect(critic.networks).toEqual([])
  const labelled = { observations: Float32Array.of(0, 7, 2, 7, 4, 7), expertActions: new Float32Array(3) }
  expect(await critic.fit(experience(policy, labelled), training(1))).toEqual([])
  const scores = critic.score(Float32Array.from(states.flat()), new Float32Array(states.length), states.length)
  expect(scores.neighbourDistance()).toBe(scores.neighbourDistance())
  return [...scores.neighbourDistance()]
}

test('`neighbourDistance` is the distance to the k-th nearest labelled state, in standard deviations', async () => {
  // a standard deviation is 2
  expect(await distances(1, [8, 7], [2, 7], [1, 7])).toEqual([2, 0, 0.5])
  expect(await distances(2, [8, 7], [2, 7], [-2, 7])).toEqual([3, 1, 2])
  expect(await distances(3, [8, 7])).toEqual([4])
})

test('`neighbourDistance` is the distance to the furthest state where fewer than k are labelled', async () => {
  expect(await distances(5, [8, 7], [1, 7])).toEqual([4, 1.5])
})

test('an entry that is the same in all labelled states does not count in `neighbourDistance`', async () => {
  expect(await distances(1, [2, 1000])).toEqual([0])
})

test('a nearest-neighbour critic knows what was labelled last, and a snapshot restores what it knew', async () => {
  const critic = await create(1)
  const labelled = (...first: number[]) =>
    experience(policy, {
      observations: Float32Array.from(first.flatMap((x) => [x, 0])),
      expertActions: new Float32Array(first.length)
    })
  const distance = () => critic.score(Float32Array.of(9, 0), new Float32Array(1), 1).neighbourDistance()[0]
  await critic.fit(labelled(1, 3), training(1))
  expect(distance()).toBeCloseTo(6 / Math.SQRT2, 6)
  const restore = snapshot(policy, critic)
  await critic.fit(labelled(1, 3, 9), training(1))
  expect(distance()).toBe(0)
  restore()
  expect(distance()).toBeCloseTo(6 / Math.SQRT2, 6)
})
