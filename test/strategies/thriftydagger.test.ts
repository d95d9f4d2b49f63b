import { describe, expect, test } from 'vitest'
import { type Environment, loadEnvironment } from '../../lib/environments'
import { createNetwork, type Examples } from '../../lib/networks'
import { riskCritic, type VisitedStates } from '../../lib/strategies'
import { successes } from '../../lib/strategies/related/thriftydagger'
import { snapshot } from '../../lib/strategies/strategy'
import { generator } from '../../lib/util/random'
import {
  drawing,
  drawn,
  experience,
  gradientNormAt,
  handOut,
  known,
  linear,
  listening,
  smooth,
  training
} from './small'

const visited = (observations: number[], lengths: number[]): VisitedStates => {
  const rows = lengths.reduce((sum, length) => sum + length, 0)
  return { rows, observations: Float32Array.from(observations), actions: new Float32Array(rows), lengths }
}

const task = { observationSize: 1, actionSize: 1, horizon: 50 }
const aboveZero = { ...task, succeeds: (observation: ArrayLike<number>) => observation[0] > 0 } as Environment

describe('`successes`', () => {
  test('`successes` marks all states of an episode that ends in success, whatever came before', () => {
    expect([...successes(aboveZero, visited([5, -1, -1, -1, 2, 3], [2, 3, 1]))]).toEqual([0, 0, 1, 1, 1, 1])
    expect(successes(aboveZero, visited(Array(90).fill(-1), [90])).some(Boolean)).toBe(false)
  })

  test('`successes` marks all states of an episode of the full length, and of another those with more than 50 steps to go', () => {
    const lengths = [200, 60, 50, 51, 1]
    const good = [...successes({ ...task, horizon: 200 } as Environment, visited(Array(362).fill(0), lengths))]
    const ones = (count: number, of: number) => Array.from({ length: of }, (_, i) => Number(i < count))
    expect(good).toEqual([...ones(200, 200), ...ones(10, 60), ...ones(0, 50), ...ones(1, 51), 0])
  })

  test('an episode of Reacher succeeds with the tip within two centimetres of the target; Hopper’s only by its length', async () => {
    const { succeeds, observationSize } = await loadEnvironment('reacher', { masses: 'legacy' })
    const tip = (x: number, y: number) => {
      const observation = new Float32Array(observationSize).fill(1)
      observation.set([x, y], 8)
      return succeeds!(observation)
    }
    expect([tip(0.019, 0), tip(0, -0.019), tip(0.015, -0.015), tip(-0.021, 0)]).toEqual([true, true, false, false])
    expect((await loadEnvironment('hopper', { masses: 'legacy' })).succeeds).toBeUndefined()
  })
})

const policy = await linear([[0]], [0])

describe('Q_risk', () => {
  /** Distances of 1 and 3 between the expert’s actions and the learner’s. */
  const labelled = { observations: Float32Array.of(0, 1), expertActions: Float32Array.of(1, -3) }

  test('`failureLogit` and `failureGradient` are of the logit, which still tells states apart when the probability rounds to one', async () => {
    // the logit is log 3 + x - a
    const critic = await riskCritic.create(aboveZero, handOut(await linear([[1], [-1]], [Math.log(3)])))
    const scores = critic.score(Float32Array.of(2, 0), Float32Array.of(2, 1), 2)
    const failureLogit = scores.failureLogit()
    expect(failureLogit[0]).toBeCloseTo(-Math.log(3), 6)
    expect(failureLogit[1]).toBeCloseTo(1 - Math.log(3), 6)
    for (const value of scores.failureGradient()) expect(value).toBeCloseTo(Math.SQRT2, 6)
    // a probability would round to one in both, and its gradient to zero
    const doomed = critic.score(Float32Array.of(-40, -50), new Float32Array(2), 2)
    expect(doomed.failureLogit()[1] - doomed.failureLogit()[0]).toBeCloseTo(10, 4)
    for (const value of doomed.failureGradient()) expect(value).toBeCloseTo(Math.SQRT2, 6)
  })

  test('`failureGradient` agrees with finite differences', async () => {
    const wide = { ...aboveZero, observationSize: 4, actionSize: 2 }
    const critic = await riskCritic.create(wide, handOut(await smooth(6, 1, 3)))
    const at = (point: Float32Array) => critic.score(point.slice(0, 4), point.slice(4), 1)
    for (let row = 0; row < 6; row++) {
      const point = drawn(6, 'point', row)
      const expected = gradientNormAt((moved) => at(moved).failureLogit()[0], point)
      expect(Math.abs(at(point).failureGradient()[0] / expected - 1), `row ${row}`).toBeLessThan(5e-3)
    }
  })

  test('Q_risk learns from how episodes ended', async () => {
    const names: unknown[] = []
    const critic = await riskCritic.create(aboveZero, (topology, name) => {
      names.push(name)
      return createNetwork(topology, generator(1))
    })
    expect(names).toEqual(['prospects'])
    // episodes of two steps that stay on the side of zero on which they begin
    const states = [...drawn(60, 'episodes')].flatMap((x) => [x, x])
    const episodes = visited(states, Array(60).fill(2))
    expect(await critic.fit(experience(policy, labelled, episodes), training(40))).toEqual([])
    const failureLogit = critic.score(Float32Array.of(-0.8, 0.8), new Float32Array(2), 2).failureLogit()
    // probabilities of failure beyond 0.8, and below 0.2
    expect(failureLogit[0]).toBeGreaterThan(Math.log(4))
    expect(failureLogit[1]).toBeLessThan(-Math.log(4))
  })

  describe('the episodes that Q_risk holds out', () => {
    /** Returns the validation masks of a critic that is trained on episodes of these lengths, in turn. */
    const held = async (...turns: { lengths: number[]; draws: number[] }[]) => {
      const given: Examples[] = []
      const critic = await riskCritic.create(aboveZero, handOut(listening(await linear([[1], [0]], [0]), given)))
      for (const { lengths, draws } of turns) {
        const rows = lengths.reduce((sum, length) => sum + length, 0)
        const episodes = visited(Array(rows).fill(1), lengths)
        const options = drawing('held out', () => known(...draws))
        await critic.fit(experience(policy, labelled, episodes), options)
      }
      return given.map(({ validation }) => [...validation!])
    }

    test('Q_risk holds out a fifth of the episodes, whole ones, drawn once and for good', async () => {
      // the first is never held out, so nothing is drawn for it
      const first = [0, 0, 1, 1, 1, 0, 1, 1]
      expect(
        await held(
          { lengths: [2, 3, 1, 2], draws: [0.1, 0.2, 0.19] },
          { lengths: [2, 3, 1, 2, 1, 4], draws: [0.9, 0] },
          { lengths: [2, 3, 1, 2, 1, 4], draws: [] }
        )
      ).toEqual([first, [...first, 0, 1, 1, 1, 1], [...first, 0, 1, 1, 1, 1]])
    })

    test('Q_risk never holds out the first episode, so that there is always one to train on', async () => {
      expect(
        await held({ lengths: [3], draws: [] }, { lengths: [3, 1], draws: [0] }, { lengths: [3, 1, 2], draws: [0] })
      ).toEqual([
        [0, 0, 0],
        [0, 0, 0, 1],
        [0, 0, 0, 1, 1, 1]
      ])
    })
  })

  test('`aboveMedianSuccess` is 1 where success is as probable as in the median visited state', async () => {
    const critic = await riskCritic.create(aboveZero, handOut(await smooth(2, 1, 1)))
    const states = drawn(41, 'states')
    await critic.fit(experience(policy, labelled, visited([...states], [20, 21])), training(3))
    const scores = critic.score(states, new Float32Array(41), 41)
    const [failureLogit, aboveMedian] = [scores.failureLogit(), scores.aboveMedianSuccess()]
    const median = failureLogit.toSorted()[20]
    expect([...aboveMedian]).toEqual(Array.from(failureLogit, (value) => Number(value <= median)))
    expect(aboveMedian.filter(Boolean)).toHaveLength(21)
  })

  test('`aboveMedianSuccess` is 1 in every state where all have one probability', async () => {
    const critic = await riskCritic.create(aboveZero, handOut(await linear([[0], [0]], [-3])))
    await critic.fit(experience(policy, labelled, visited([1, 2, 3, 4], [4])), training(0))
    expect([...critic.score(Float32Array.of(0, 9), new Float32Array(2), 2).aboveMedianSuccess()]).toEqual([1, 1])
  })

  test('a snapshot restores the median and the mean squared distance of Q_risk', async () => {
    const critic = await riskCritic.create(aboveZero, handOut(await linear([[1], [-1]], [0])))
    /** Scores states 2, 3 and 8: 1 where success is as probable as in the median state; then the mean squared distance. */
    const now = () => {
      const scores = critic.score(Float32Array.of(2, 3, 8), new Float32Array(3), 3)
      return [...scores.aboveMedianSuccess(), scores.meanSquaredDistance()[0]]
    }
    await critic.fit(experience(policy, labelled, visited([1, 2, 3, 4, 5], [5])), training(0))
    expect(now()).toEqual([0, 1, 1, 5])
    const restore = snapshot(policy, critic)
    await critic.fit(experience(policy, labelled, visited([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [5, 6])), training(0, 2))
    expect(now()).toEqual([0, 0, 1, 5])
    restore()
    expect(now()).toEqual([0, 1, 1, 5])
  })

  test('`meanSquaredDistance` stays that of the first policy', async () => {
    const critic = await riskCritic.create(aboveZero, handOut(await smooth(2, 1, 1)))
    const distance = () => [...critic.score(new Float32Array(2), new Float32Array(2), 2).meanSquaredDistance()]
    const some = visited([1, 2, 3], [3])
    await critic.fit(experience(policy, labelled, some), training(1))
    expect(distance()).toEqual([5, 5]) // of 1 and 9
    await critic.fit(experience(policy, { ...labelled, learnerActions: labelled.expertActions }, some), training(1))
    expect(distance()).toEqual([5, 5])
  })
})
