/** The trainer of experts, on a point that is to be moved to 0. */
import {
  createNetwork,
  type Environment,
  type Episodes,
  generator,
  mean,
  type Network,
  perceptron,
  uniform
} from 'radgrad'
import { beforeAll, describe, expect, it } from 'vitest'
import { estimate, sample } from '../../tools/studies/experts/sample.ts'
import { type Saved, startTraining } from '../../tools/studies/experts/trpo.ts'
import {
  type Batch,
  compare,
  conjugateGradients,
  fisherProduct,
  improve,
  surrogateGradient
} from '../../tools/studies/experts/trust-region.ts'

const horizon = 8

/** A point moves by half the action and pays its squared distance to 0. The task ends an episode that leaves [-3, 3]. */
const point: Environment = {
  ...{ name: 'point', observationSize: 1, actionSize: 1, horizon, shapes: [], ground: undefined },
  reset: (rngs) => begin(rngs.map((rng) => uniform(rng, -1, 1))),
  resetTo: (starts) => begin(starts.map(({ qpos }) => qpos[0]))
}

function begin(starts: readonly number[]): Episodes {
  const observations = Float64Array.from(starts)
  let running: readonly number[] = starts.map((_, e) => e)
  let step = 0
  return {
    observations,
    get running() {
      return running
    },
    step(episodes, actions) {
      episodes.forEach((e, row) => {
        observations[e] += actions[row] / 2
      })
      step += 1
      const rewards = Float64Array.from(episodes, (e) => -observations[e] * observations[e])
      const terminated = Uint8Array.from(episodes, (e) => Number(Math.abs(observations[e]) > 3))
      const truncated = Uint8Array.from(episodes, () => Number(step === horizon))
      running = running.filter((e) => step < horizon && Math.abs(observations[e]) <= 3)
      return { rewards, terms: {}, terminated, truncated }
    },
    pose: () => new Float64Array(0)
  }
}

const settings = { seed: 1, floor: 0.3, discount: 0.9, batch: 400 }

describe('training on the point', () => {
  it('training on the point raises the return, and keeps every deviation at the floor or above it', async () => {
    const training = await startTraining(point, settings)
    const returns: number[] = []
    const deviations: number[] = []
    for (let i = 0; i < 20; i++) {
      returns.push((await training.iterate()).noisyReturn)
      deviations.push(...training.progress.deviations)
    }
    expect(mean(returns.slice(-3))).toBeGreaterThan(mean(returns.slice(0, 3)) / 2)
    expect(Math.min(...deviations)).toBe(settings.floor)
    const policy = await training.policy()
    const [left, right] = policy.predict(Float32Array.of(-1, 1), 2)
    expect(left).toBeGreaterThan(0.5)
    expect(right).toBeLessThan(-0.5)
  })

  it('training gives the same bits when it is interrupted, saved as JSON and resumed', async () => {
    const whole = await startTraining(point, settings)
    for (let i = 0; i < 4; i++) await whole.iterate()
    const first = await startTraining(point, settings)
    for (let i = 0; i < 2; i++) await first.iterate()
    const saved = JSON.parse(JSON.stringify(first.save())) as Saved
    const second = await startTraining(point, settings, saved)
    for (let i = 0; i < 2; i++) await second.iterate()
    expect(second.save()).toEqual(whole.save())
    expect((await second.policy()).weights()).toEqual((await whole.policy()).weights())
  })

  it('training refuses to go on under another floor', async () => {
    const saved = (await startTraining(point, settings)).save()
    await expect(startTraining(point, { ...settings, floor: 0.1 }, saved)).rejects.toThrow('floor 0.3, not 0.1')
  })

  it('training folds the normaliser into the policy: its actions are those of the network on standardised observations', async () => {
    const training = await startTraining(point, settings)
    await training.iterate()
    const { policy: weights, progress } = training.save()
    const network = await createNetwork((await training.policy()).topology, generator(0))
    network.setWeights(weights.map((values) => Float32Array.from(values)))
    const spread = Math.sqrt(progress.square[0] - progress.centre[0] * progress.centre[0])
    const [expected] = network.predict(Float32Array.of((0.7 - progress.centre[0]) / spread), 1)
    expect((await training.policy()).predict(Float32Array.of(0.7), 1)[0]).toBeCloseTo(expected, 5)
  })
})

describe('a step of the trust region', () => {
  const deviations = [0.5, 0.8]
  const rows = 40
  let network: Network
  let batch: Batch
  let weights: Float32Array[]

  beforeAll(async () => {
    network = await createNetwork(perceptron(2, [6], 2, { activation: 'tanh' }), generator(1, 'network'))
    weights = network.weights().map(({ values }) => values)
    const rng = generator(1, 'batch')
    const draws = (count: number) => Float32Array.from({ length: count }, () => uniform(rng, -1, 1))
    batch = { rows, inputs: draws(2 * rows), actions: draws(2 * rows), gains: draws(rows) }
  })

  /** Compares the policy moved along a direction with the one that acted. */
  function moved(direction: Float64Array, step: number) {
    const means = network.predict(batch.inputs, rows)
    let at = 0
    network.setWeights(weights.map((values) => values.map((value) => value + step * direction[at++])))
    const now = network.predict(batch.inputs, rows)
    network.setWeights(weights)
    return compare(
      deviations,
      means,
      direction.subarray(at).map((value) => step * value),
      now,
      batch
    )
  }

  const directions = (size: number) =>
    [1, 2, 3].map((key) => {
      const rng = generator(key, 'direction')
      return Float64Array.from({ length: size }, () => uniform(rng, -1, 1))
    })
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0)

  it('a step of the trust region takes the surrogate’s gradient as finite differences do', () => {
    const gradient = surrogateGradient(network, deviations, batch)
    for (const direction of directions(gradient.length)) {
      const difference = (moved(direction, 1e-2).surrogate - moved(direction, -1e-2).surrogate) / 2e-2
      expect(difference).toBeCloseTo(dot(gradient, direction), 3)
    }
  })

  it('a step of the trust region takes the Fisher matrix as the curvature of the divergence', () => {
    const product = fisherProduct(network, deviations, batch.inputs, rows)
    for (const direction of directions(surrogateGradient(network, deviations, batch).length)) {
      const curvature = (moved(direction, 1e-2).divergence + moved(direction, -1e-2).divergence) / 1e-4
      expect(curvature / dot(direction, product(direction))).toBeCloseTo(1, 1)
    }
  })

  it('a step of the trust region solves a symmetric system by conjugate gradients', () => {
    const product = ([x, y]: Float64Array) => Float64Array.of(4 * x + y, x + 3 * y)
    const [x, y] = conjugateGradients(product, Float64Array.of(1, 2))
    expect([x, y]).toEqual([expect.closeTo(1 / 11, 8), expect.closeTo(7 / 11, 8)])
  })

  it('a step of the trust region improves the surrogate within the divergence allowed, and clamps the deviations at the floor', () => {
    const result = improve(network, deviations, batch, 0.6)
    network.setWeights(weights)
    expect(result.surrogate).toBeGreaterThan(0)
    expect(result.divergence).toBeLessThan(0.015)
    expect(result.deviations[0]).toBe(0.6)
  })
})

describe('advantages', () => {
  const values = (observations: readonly number[], rows: number) => observations.slice(0, rows).map((x) => 10 * x)
  const episode = { observations: [0.1, 0.2], actions: [0, 0], rewards: [1, 2] }

  it('advantages go on in the critic’s value where the horizon cut an episode off, and not where the task ended it', () => {
    const weights = { discount: 0.5, lambda: 1 }
    const cut = estimate([{ ...episode, end: [0.4] }], values, weights)
    const ended = estimate([{ ...episode, end: undefined }], values, weights)
    expect([...cut.targets]).toEqual([1 + 0.5 * (2 + 0.5 * 4), 2 + 0.5 * 4])
    expect([...ended.targets]).toEqual([1 + 0.5 * 2, 2])
    expect([...ended.advantages]).toEqual([2 - 1, 2 - 2])
  })

  it('each episode is sampled under noise of a stream of its own', () => {
    const policy = { predict: (_: Float32Array, rows: number) => new Float32Array(rows).fill(20) }
    const draw = { seed: 1, iteration: 0 }
    const [first, second] = sample(point, policy, (x) => Float32Array.from(x), [0.5], 2, draw)
    expect(first.rewards).toHaveLength(1)
    expect(first.end).toBeUndefined()
    expect(first.actions[0]).not.toBe(second.actions[0])
    const [alone] = sample(point, policy, (x) => Float32Array.from(x), [0.5], 1, draw)
    expect(alone.actions).toEqual(first.actions)
  })
})
