import { describe, expect, test } from 'vitest'
import { createNetwork, type Examples, type Network } from '../../lib/networks'
import { generator } from '../../lib/random'
import { type Critic, ensemble } from '../../lib/strategies'
import { disagreement } from '../../lib/strategies/ensemble'
import { drawing, drawn, experience, handOut, known, linear, listening, smooth, steepnessAt, training } from './small'

describe('disagreement', () => {
  test('doubts by the members’ variance, summed over entries', async () => {
    // at x = 1 they say (1, 0) and (3, 4): variances 2 and 8; at x = 0 both say (0, 0)
    const two = [await linear([[1, 0]], [0, 0]), await linear([[3, 4]], [0, 0])]
    expect([...disagreement(two, Float32Array.of(1, 0), 2).doubt]).toEqual([10, 0])
    // 0, 3 and 6: the deviations are -3, 0 and 3
    const three = await Promise.all([0, 3, 6].map((value) => linear([[0]], [value])))
    expect([...disagreement(three, Float32Array.of(5), 1).doubt]).toEqual([9])
  })

  test('is as steep as its gradient by the state is long', async () => {
    // members 0, x + 2y and 2x + 4y: the variance is (x + 2y)^2, its gradient 2 (x + 2y) (1, 2)
    const members = await Promise.all([0, 1, 2].map((k) => linear([[k], [2 * k]], [0])))
    const { doubt, steepness } = disagreement(members, Float32Array.of(1, 1, -3, 0, 2, -1), 3)
    expect([...doubt]).toEqual([9, 9, 0])
    for (const [row, length] of [6, 6, 0].entries()) expect(steepness[row]).toBeCloseTo(length * Math.sqrt(5), 5)
  })

  test('is as steep as finite differences say', async () => {
    const members = await Promise.all([1, 2, 3, 4].map((seed) => smooth(5, 2, seed)))
    const states = drawn(5 * 6, 'states')
    const { steepness } = disagreement(members, states, 6)
    for (let row = 0; row < 6; row++) {
      const expected = steepnessAt(
        (point) => disagreement(members, point, 1).doubt[0],
        states.slice(5 * row, 5 * row + 5)
      )
      expect(expected).toBeGreaterThan(0.02)
      expect(Math.abs(steepness[row] / expected - 1), `row ${row}`).toBeLessThan(5e-3)
    }
  })

  test('is none among equals', async () => {
    const same = await smooth(3, 2, 1)
    const { doubt, steepness } = disagreement([same, same, same], drawn(6, 'states'), 2)
    for (const value of [...doubt, ...steepness]) expect(value).toBeLessThan(1e-6)
  })
})

describe('an ensemble', () => {
  const task = { observationSize: 1, actionSize: 1 } as Parameters<Critic['begin']>[0]
  const rows = 80
  const observations = drawn(rows, 'observations')
  const labelled = { observations, actions: observations.map((x) => 0.5 - x) }
  const named =
    (names: unknown[] = []): Parameters<Critic['begin']>[1] =>
    (topology, name) => {
      names.push(name)
      return createNetwork(topology, generator(1, String(name)))
    }
  const two = async (given: Examples[]) =>
    Promise.all([1, 2].map(async (seed) => listening(await smooth(1, 1, seed), given)))
  const error = (network: Network) =>
    network.predict(observations, rows).reduce((sum, said, i) => sum + (said - labelled.actions[i]) ** 2, 0) / rows

  test('of one cannot disagree, and is refused', async () => {
    await expect(ensemble(1).begin(task, named())).rejects.toThrow('an ensemble of 1 cannot disagree')
  })

  test('begins as members of different weights, that come to say what the expert does, and not quite the same', async () => {
    const names: unknown[] = []
    const judge = await ensemble(3).begin(task, named(names))
    expect(names).toEqual(['member 1', 'member 2', 'member 3'])
    const before = judge.networks.map(error)
    expect(new Set(before).size).toBe(3)
    expect(await judge.learn(experience(judge.networks[0], labelled), training(60))).toEqual([])
    const after = judge.networks.map(error)
    for (const [i, loss] of after.entries()) expect(loss).toBeLessThan(before[i] / 4)
    expect(new Set(after).size).toBe(3)
    // what none has seen, each makes up on its own
    const { doubt } = judge.scores(Float32Array.of(0, 8), new Float32Array(2), 2)
    expect(doubt[0]).toBeGreaterThan(0)
    expect(doubt[1]).toBeGreaterThan(10 * doubt[0])
  })

  test('judges the state, whatever is proposed there', async () => {
    const judge = await ensemble(2).begin(task, named())
    const [one, other] = [Float32Array.of(0), Float32Array.of(7)].map((proposals) =>
      judge.scores(Float32Array.of(0.3), proposals, 1)
    )
    expect(one.doubt).toEqual(other.doubt)
    expect(one.steepness).toEqual(other.steepness)
    expect([...one.doubt]).toEqual([...disagreement(judge.networks, Float32Array.of(0.3), 1).doubt])
  })

  test('has each member learn from a bootstrap of its own, and hold out what is held out', async () => {
    const given: Examples[] = []
    const validation = Uint8Array.from({ length: rows }, (_, row) => Number(row % 4 === 0))
    const judge = await ensemble(2).begin(task, handOut(...(await two(given))))
    await judge.learn(experience(judge.networks[0], { ...labelled, validation }), training(1))
    expect(given).toHaveLength(2)
    const sides = ({ inputs }: Examples) =>
      [0, 1].map((side) => [...inputs].filter((_, row) => validation[row] === side))
    const [learned, held] = sides({ ...labelled, rows, inputs: observations, targets: observations })
    for (const examples of given) {
      expect(examples.validation).toEqual(validation)
      examples.inputs.forEach((state, row) => {
        expect(examples.targets[row]).toBe(labelled.actions[observations.indexOf(state)])
      })
      const [drawn, kept] = sides(examples)
      expect(kept).toEqual(held)
      expect(learned).toEqual(expect.arrayContaining(drawn))
      // of sixty drawn with replacement some thirty-eight are to be expected
      expect(Math.abs(new Set(drawn).size - 38)).toBeLessThan(13)
    }
    expect(given[0].inputs).not.toEqual(given[1].inputs)
  })

  test('draws for each row when it is newly labelled, from the newly labelled ones', async () => {
    const given: Examples[] = []
    const judge = await ensemble(2).begin(task, handOut(...(await two(given))))
    /** Learns from the first so many rows: in row i the expert answers -i, and rows 0, 3 and 6 are held out. */
    const learn = (rows: number, ...draws: number[][]) => {
      const observations = Float32Array.from({ length: rows }, (_, i) => i)
      const validation = Uint8Array.from({ length: rows }, (_, i) => Number(i % 3 === 0 && i < 9))
      const labelled = { observations, actions: observations.map((x) => -x), validation }
      const bootstrap = drawing('bootstrap', (_, member) => known(...draws[Number(member)]))
      return judge.learn(experience(judge.networks[0], labelled), bootstrap)
    }
    // of rows 1, 2 and 4
    await learn(5, [0, 0.4, 0.3], [0.9, 0.7, 0.9])
    const [first, second] = [
      [0, 1, 2, 3, 1],
      [0, 4, 4, 3, 4]
    ]
    expect(given.map(({ inputs }) => [...inputs])).toEqual([first, second])
    // of rows 5 and 7; then of none; then of row 8 alone
    await learn(8, [0.6, 0.1], [0.2, 0.3])
    await learn(8, [], [])
    await learn(9, [0.5], [0.9])
    const [later, other] = [
      [...first, 7, 6, 5],
      [...second, 5, 6, 5]
    ]
    expect(given.slice(2).map(({ inputs }) => [...inputs])).toEqual([
      later,
      other,
      later,
      other,
      [...later, 8],
      [...other, 8]
    ])
    for (const { inputs, targets } of given) expect(targets).toEqual(inputs.map((x) => -x))
  })

  test('keeps what each member drew, whatever later iterations draw by', async () => {
    const given: Examples[] = []
    const judge = await ensemble(2).begin(task, handOut(...(await two(given))))
    const part = (rows: number) => ({
      observations: observations.slice(0, rows),
      actions: labelled.actions.slice(0, rows)
    })
    for (const [i, rows] of [40, 80].entries())
      await judge.learn(experience(judge.networks[0], part(rows)), training(1, i + 1))
    for (const member of [0, 1]) {
      const [early, late] = [given[member].inputs, given[2 + member].inputs]
      expect(late.slice(0, 40)).toEqual(early)
      const fresh = [...late.slice(40)]
      expect([...observations.slice(40)]).toEqual(expect.arrayContaining(fresh))
      // of forty some twenty-five
      expect(Math.abs(new Set(fresh).size - 25)).toBeLessThan(11)
    }
  })

  test('tells which members have died', async () => {
    const [alive, dead] = [await smooth(1, 1, 1), await smooth(1, 1, 2)]
    dead.setWeights(dead.weights().map(({ values }) => values.fill(0)))
    const judge = await ensemble(2).begin(task, handOut(alive, dead))
    expect(await judge.learn(experience(alive, labelled), training(2))).toEqual(['member 2 of the ensemble'])
  })
})
