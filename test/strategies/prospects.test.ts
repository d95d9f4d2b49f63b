import { describe, expect, test } from 'vitest'
import { type Environment, loadEnvironment } from '../../lib/environments'
import { createNetwork, type Examples } from '../../lib/networks'
import { generator } from '../../lib/random'
import { type Met, prospects } from '../../lib/strategies'
import { successes } from '../../lib/strategies/prospects'
import { drawing, drawn, experience, handOut, known, linear, listening, smooth, steepnessAt, training } from './small'

const met = (observations: number[], lengths: number[]): Met => {
  const rows = lengths.reduce((sum, length) => sum + length, 0)
  return { rows, observations: Float32Array.from(observations), actions: new Float32Array(rows), lengths }
}

const task = { observationSize: 1, actionSize: 1, horizon: 50 }
const aboveZero = { ...task, succeeds: (observation: ArrayLike<number>) => observation[0] > 0 } as Environment

describe('it went well', () => {
  test('in all states of an episode that ends in success, whatever it showed before', () => {
    expect([...successes(aboveZero, met([5, -1, -1, -1, 2, 3], [2, 3, 1]))]).toEqual([0, 0, 1, 1, 1, 1])
    expect(successes(aboveZero, met(Array(90).fill(-1), [90])).some(Boolean)).toBe(false)
  })

  test('in all states of an episode of the full length, else in those with more than 50 steps to go', () => {
    const lengths = [200, 60, 50, 51, 1]
    const good = [...successes({ ...task, horizon: 200 } as Environment, met(Array(362).fill(0), lengths))]
    const ones = (count: number, of: number) => Array.from({ length: of }, (_, i) => Number(i < count))
    expect(good).toEqual([...ones(200, 200), ...ones(10, 60), ...ones(0, 50), ...ones(1, 51), 0])
  })

  test('on Reacher with the tip within two centimetres of the target; on Hopper if it stays up', async () => {
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

describe('prospects', () => {
  /** Distances of 1 and 3 between what the expert does and what is proposed. */
  const labelled = { observations: Float32Array.of(0, 1), actions: Float32Array.of(1, -3) }

  test('are a danger, the logit of failure', async () => {
    // the logit is log 3 + x - a
    const judge = await prospects.begin(aboveZero, handOut(await linear([[1], [-1]], [Math.log(3)])))
    const { danger, steepness } = judge.scores(Float32Array.of(2, 0), Float32Array.of(2, 1), 2)
    expect(danger[0]).toBeCloseTo(-Math.log(3), 6)
    expect(danger[1]).toBeCloseTo(1 - Math.log(3), 6)
    for (const value of steepness) expect(value).toBeCloseTo(Math.SQRT2, 6)
    // a probability would round both to one, and be flat
    const doomed = judge.scores(Float32Array.of(-40, -50), new Float32Array(2), 2)
    expect(doomed.danger[1] - doomed.danger[0]).toBeCloseTo(10, 4)
    for (const value of doomed.steepness) expect(value).toBeCloseTo(Math.SQRT2, 6)
  })

  test('are as steep as finite differences say', async () => {
    const wide = { ...aboveZero, observationSize: 4, actionSize: 2 }
    const judge = await prospects.begin(wide, handOut(await smooth(6, 1, 3)))
    const at = (point: Float32Array) => judge.scores(point.slice(0, 4), point.slice(4), 1)
    for (let row = 0; row < 6; row++) {
      const point = drawn(6, 'point', row)
      const expected = steepnessAt((moved) => at(moved).danger[0], point)
      expect(Math.abs(at(point).steepness[0] / expected - 1), `row ${row}`).toBeLessThan(5e-3)
    }
  })

  test('are learned from how episodes ended', async () => {
    const names: unknown[] = []
    const judge = await prospects.begin(aboveZero, (topology, name) => {
      names.push(name)
      return createNetwork(topology, generator(1))
    })
    expect(names).toEqual(['prospects'])
    // episodes of two steps that stay on the side of zero on which they begin
    const states = [...drawn(60, 'episodes')].flatMap((x) => [x, x])
    const episodes = met(states, Array(60).fill(2))
    expect(await judge.learn(experience(policy, labelled, episodes), training(40))).toEqual([])
    const { danger } = judge.scores(Float32Array.of(-0.8, 0.8), new Float32Array(2), 2)
    // probabilities of failure beyond 0.8, and below 0.2
    expect(danger[0]).toBeGreaterThan(Math.log(4))
    expect(danger[1]).toBeLessThan(-Math.log(4))
  })

  describe('hold out whole episodes', () => {
    /** What a judge holds out when it learns from episodes of such lengths, in turn. */
    const held = async (...turns: { lengths: number[]; draws: number[] }[]) => {
      const given: Examples[] = []
      const judge = await prospects.begin(aboveZero, handOut(listening(await linear([[1], [0]], [0]), given)))
      for (const { lengths, draws } of turns) {
        const rows = lengths.reduce((sum, length) => sum + length, 0)
        const episodes = met(Array(rows).fill(1), lengths)
        const options = drawing('held out', () => known(...draws))
        await judge.learn(experience(policy, labelled, episodes), options)
      }
      return given.map(({ validation }) => [...validation!])
    }

    test('a fifth of them, drawn once each, and for good', async () => {
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

    test('but never the first, so that there is always something to learn from', async () => {
      expect(
        await held({ lengths: [3], draws: [] }, { lengths: [3, 1], draws: [0] }, { lengths: [3, 1, 2], draws: [0] })
      ).toEqual([
        [0, 0, 0],
        [0, 0, 0, 1],
        [0, 0, 0, 1, 1, 1]
      ])
    })
  })

  test('are promising from the median of all that was done', async () => {
    const judge = await prospects.begin(aboveZero, handOut(await smooth(2, 1, 1)))
    const states = drawn(41, 'states')
    await judge.learn(experience(policy, labelled, met([...states], [20, 21])), training(3))
    const { danger, promising } = judge.scores(states, new Float32Array(41), 41)
    const median = danger.toSorted()[20]
    expect([...promising]).toEqual(Array.from(danger, (value) => Number(value <= median)))
    expect(promising.filter(Boolean)).toHaveLength(21)
  })

  test('are promising everywhere where they are the same everywhere', async () => {
    const judge = await prospects.begin(aboveZero, handOut(await linear([[0], [0]], [-3])))
    await judge.learn(experience(policy, labelled, met([1, 2, 3, 4], [4])), training(0))
    expect([...judge.scores(Float32Array.of(0, 9), new Float32Array(2), 2).promising]).toEqual([1, 1])
  })

  test('can be put back as they were', async () => {
    const judge = await prospects.begin(aboveZero, handOut(await linear([[1], [-1]], [0])))
    /** Of states 2, 3 and 8: whether they are promising, and what was usual. */
    const now = () => {
      const { promising, usual } = judge.scores(Float32Array.of(2, 3, 8), new Float32Array(3), 3)
      return [...promising, usual[0]]
    }
    await judge.learn(experience(policy, labelled, met([1, 2, 3, 4, 5], [5])), training(0))
    expect(now()).toEqual([0, 1, 1, 5])
    const back = judge.keep!()
    await judge.learn(experience(policy, labelled, met([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [5, 6])), training(0, 2))
    expect(now()).toEqual([0, 0, 1, 5])
    back()
    expect(now()).toEqual([0, 1, 1, 5])
  })

  test('come with the squared distance that was usual in the beginning', async () => {
    const judge = await prospects.begin(aboveZero, handOut(await smooth(2, 1, 1)))
    const usual = () => [...judge.scores(new Float32Array(2), new Float32Array(2), 2).usual]
    const some = met([1, 2, 3], [3])
    await judge.learn(experience(policy, labelled, some), training(1))
    expect(usual()).toEqual([5, 5]) // of 1 and 9
    await judge.learn(experience(policy, { ...labelled, proposals: labelled.actions }, some), training(1))
    expect(usual()).toEqual([5, 5])
  })
})
