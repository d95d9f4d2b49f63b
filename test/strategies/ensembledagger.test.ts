import { describe, expect, test } from 'vitest'
import { createNetwork, type Examples, type Network } from '../../lib/networks'
import { type CriticSpec, ensembleCritic } from '../../lib/strategies'
import { varianceScores } from '../../lib/strategies/related/ensembledagger'
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

describe('the variance of some networks', () => {
  test('`ensembleVariance` is the variance of the outputs, summed over entries', async () => {
    // at x = 1 they say (1, 0) and (3, 4): variances 2 and 8; at x = 0 both say (0, 0)
    const two = [await linear([[1, 0]], [0, 0]), await linear([[3, 4]], [0, 0])]
    expect([...varianceScores(two, Float32Array.of(1, 0), 2).ensembleVariance()]).toEqual([10, 0])
    // 0, 3 and 6: the deviations are -3, 0 and 3
    const three = await Promise.all([0, 3, 6].map((value) => linear([[0]], [value])))
    expect([...varianceScores(three, Float32Array.of(5), 1).ensembleVariance()]).toEqual([9])
  })

  test('`varianceGradient` is the norm of the gradient with respect to the state', async () => {
    // members 0, x + 2y and 2x + 4y: the variance is (x + 2y)^2, its gradient 2 (x + 2y) (1, 2)
    const members = await Promise.all([0, 1, 2].map((k) => linear([[k], [2 * k]], [0])))
    const scores = varianceScores(members, Float32Array.of(1, 1, -3, 0, 2, -1), 3)
    expect([...scores.ensembleVariance()]).toEqual([9, 9, 0])
    for (const [row, length] of [6, 6, 0].entries())
      expect(scores.varianceGradient()[row]).toBeCloseTo(length * Math.sqrt(5), 5)
  })

  test('`varianceGradient` agrees with finite differences', async () => {
    const members = await Promise.all([1, 2, 3, 4].map((seed) => smooth(5, 2, seed)))
    const states = drawn(5 * 6, 'states')
    const gradient = varianceScores(members, states, 6).varianceGradient()
    for (let row = 0; row < 6; row++) {
      const expected = gradientNormAt(
        (point) => varianceScores(members, point, 1).ensembleVariance()[0],
        states.slice(5 * row, 5 * row + 5)
      )
      expect(expected).toBeGreaterThan(0.02)
      expect(Math.abs(gradient[row] / expected - 1), `row ${row}`).toBeLessThan(5e-3)
    }
  })

  test('equal networks have no variance, and no gradient of it', async () => {
    const same = await smooth(3, 2, 1)
    const scores = varianceScores([same, same, same], drawn(6, 'states'), 2)
    for (const value of [...scores.ensembleVariance(), ...scores.varianceGradient()]) expect(value).toBeLessThan(1e-6)
  })

  test('a rule that looks at the variance alone computes no gradient, and each network’s output once', async () => {
    const calls: string[] = []
    const network = await linear([[1]], [0])
    const watched: Network = {
      ...network,
      predict(...batch) {
        calls.push('predict')
        return network.predict(...batch)
      },
      inputGradients(...batch) {
        calls.push('inputGradients')
        return network.inputGradients(...batch)
      }
    }
    const scores = varianceScores([watched, network], Float32Array.of(1), 1)
    expect(calls).toEqual([])
    expect(scores.ensembleVariance()).toBe(scores.ensembleVariance())
    expect(calls).toEqual(['predict'])
    expect(scores.varianceGradient()).toBe(scores.varianceGradient())
    expect(calls).toEqual(['predict', 'inputGradients'])
  })
})

describe('an ensemble', () => {
  const task = { observationSize: 1, actionSize: 1 } as Parameters<CriticSpec['create']>[0]
  const rows = 80
  const observations = drawn(rows, 'observations')
  const labelled = { observations, expertActions: observations.map((x) => 0.5 - x) }
  const named =
    (names: unknown[] = []): Parameters<CriticSpec['create']>[1] =>
    (topology, name) => {
      names.push(name)
      return createNetwork(topology, generator(1, String(name)))
    }
  const two = async (given: Examples[]) =>
    Promise.all([1, 2].map(async (seed) => listening(await smooth(1, 1, seed), given)))
  const error = (network: Network) =>
    network.predict(observations, rows).reduce((sum, said, i) => sum + (said - labelled.expertActions[i]) ** 2, 0) /
    rows

  test('an ensemble of one is refused: it has no variance', async () => {
    await expect(ensembleCritic(1).create(task, named())).rejects.toThrow(
      'an ensemble of 1 has no variance: give it two members or more'
    )
  })

  test('the members begin with weights of their own, learn the expert’s actions, and still differ', async () => {
    const names: unknown[] = []
    const critic = await ensembleCritic(3).create(task, named(names))
    expect(names).toEqual(['member 1', 'member 2', 'member 3'])
    const before = critic.networks.map(error)
    expect(new Set(before).size).toBe(3)
    expect(await critic.fit(experience(critic.networks[0], labelled), training(60))).toEqual([])
    const after = critic.networks.map(error)
    for (const [i, loss] of after.entries()) expect(loss).toBeLessThan(before[i] / 4)
    expect(new Set(after).size).toBe(3)
    // far from the labelled states the members differ most
    const variance = critic.score(Float32Array.of(0, 8), new Float32Array(2), 2).ensembleVariance()
    expect(variance[0]).toBeGreaterThan(0)
    expect(variance[1]).toBeGreaterThan(10 * variance[0])
  })

  test('an ensemble scores the state, whatever action the learner proposes there', async () => {
    const critic = await ensembleCritic(2).create(task, named())
    const [one, other] = [Float32Array.of(0), Float32Array.of(7)].map((actions) =>
      critic.score(Float32Array.of(0.3), actions, 1)
    )
    expect(one.ensembleVariance()).toEqual(other.ensembleVariance())
    expect(one.varianceGradient()).toEqual(other.varianceGradient())
    const expected = varianceScores(critic.networks, Float32Array.of(0.3), 1)
    expect(one.ensembleVariance()).toEqual(expected.ensembleVariance())
  })

  test('each member is trained on a bootstrap of its own, and holds out what the dataset holds out', async () => {
    const given: Examples[] = []
    const validation = Uint8Array.from({ length: rows }, (_, row) => Number(row % 4 === 0))
    const critic = await ensembleCritic(2).create(task, handOut(...(await two(given))))
    await critic.fit(experience(critic.networks[0], { ...labelled, validation }), training(1))
    expect(given).toHaveLength(2)
    const sides = ({ inputs }: Examples) =>
      [0, 1].map((side) => [...inputs].filter((_, row) => validation[row] === side))
    const [learned, held] = sides({ ...labelled, rows, inputs: observations, targets: observations })
    for (const examples of given) {
      expect(examples.validation).toEqual(validation)
      examples.inputs.forEach((state, row) => {
        expect(examples.targets[row]).toBe(labelled.expertActions[observations.indexOf(state)])
      })
      const [drawn, kept] = sides(examples)
      expect(kept).toEqual(held)
      expect(learned).toEqual(expect.arrayContaining(drawn))
      // of sixty drawn with replacement some thirty-eight are to be expected
      expect(Math.abs(new Set(drawn).size - 38)).toBeLessThan(13)
    }
    expect(given[0].inputs).not.toEqual(given[1].inputs)
  })

  test('a bootstrap is drawn for each row when it is newly labelled, from the newly labelled rows', async () => {
    const given: Examples[] = []
    const critic = await ensembleCritic(2).create(task, handOut(...(await two(given))))
    /** Trains on the first so many rows: in row i the label is -i, and rows 0, 3 and 6 are held out. */
    const fit = (rows: number, ...draws: number[][]) => {
      const observations = Float32Array.from({ length: rows }, (_, i) => i)
      const validation = Uint8Array.from({ length: rows }, (_, i) => Number(i % 3 === 0 && i < 9))
      const labelled = { observations, expertActions: observations.map((x) => -x), validation }
      const bootstrap = drawing('bootstrap', (_, member) => known(...draws[Number(member)]))
      return critic.fit(experience(critic.networks[0], labelled), bootstrap)
    }
    // of rows 1, 2 and 4
    await fit(5, [0, 0.4, 0.3], [0.9, 0.7, 0.9])
    const [first, second] = [
      [0, 1, 2, 3, 1],
      [0, 4, 4, 3, 4]
    ]
    expect(given.map(({ inputs }) => [...inputs])).toEqual([first, second])
    // of rows 5 and 7; then of none; then of row 8 alone
    await fit(8, [0.6, 0.1], [0.2, 0.3])
    await fit(8, [], [])
    await fit(9, [0.5], [0.9])
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

  test('a member keeps its bootstrap of earlier iterations', async () => {
    const given: Examples[] = []
    const critic = await ensembleCritic(2).create(task, handOut(...(await two(given))))
    const part = (rows: number) => ({
      observations: observations.slice(0, rows),
      expertActions: labelled.expertActions.slice(0, rows)
    })
    for (const [i, rows] of [40, 80].entries())
      await critic.fit(experience(critic.networks[0], part(rows)), training(1, i + 1))
    for (const member of [0, 1]) {
      const [early, late] = [given[member].inputs, given[2 + member].inputs]
      expect(late.slice(0, 40)).toEqual(early)
      const fresh = [...late.slice(40)]
      expect([...observations.slice(40)]).toEqual(expect.arrayContaining(fresh))
      // of forty some twenty-five
      expect(Math.abs(new Set(fresh).size - 25)).toBeLessThan(11)
    }
  })

  test('`fit` of an ensemble returns the names of dead members', async () => {
    const [alive, dead] = [await smooth(1, 1, 1), await smooth(1, 1, 2)]
    dead.setWeights(dead.weights().map(({ values }) => values.fill(0)))
    const critic = await ensembleCritic(2).create(task, handOut(alive, dead))
    expect(await critic.fit(experience(alive, labelled), training(2))).toEqual(['member 2 of the ensemble'])
  })
})
