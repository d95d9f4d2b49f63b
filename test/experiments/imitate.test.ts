import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { loadEnvironment } from '../../lib/environments'
import { evaluate } from '../../lib/experiments/evaluate'
import { type Iteration, imitate } from '../../lib/experiments/imitate'
import { type Protocol, protocolFor } from '../../lib/experiments/protocol'
import { loadExpert } from '../../lib/files/experts'
import { networkOf, perceptron } from '../../lib/networks'
import type { StrategyName } from '../../lib/strategies'

const expert = await loadExpert('reacher')
const small: Partial<Protocol> = { iterations: 3, episodes: 2, trials: 4 }
const protocol = (strategy: StrategyName, changes: Partial<Protocol> = {}) =>
  protocolFor('reacher', strategy, expert, { ...small, ...changes })

async function run(protocol: Protocol, seed = 1): Promise<Iteration[]> {
  const iterations: Iteration[] = []
  for await (const iteration of imitate(protocol, seed)) iterations.push(iteration)
  return iterations
}
const records = async (protocol: Protocol, seed = 1) => (await run(protocol, seed)).map(({ record }) => record)

test('records are the same for the same protocol and seed, and others for another', async () => {
  const first = await records(protocol('random'))
  expect(await records(protocol('random'))).toEqual(first)
  expect(await records(protocol('random'), 2)).not.toEqual(first)
  expect(await records(protocol('random', { masses: 'current' }))).not.toEqual(first)
})

test.each<[StrategyName, string]>([
  ['random', '116b0a899579b22b'],
  ['loss-gradient-random', '1e3b3b4e9328e30c'],
  ['safedagger-gradient', '3eb7011ef775529d']
])('the records of %s are the bits that they were on x64 with Node 20 and 24', async (strategy, hash) => {
  const bits = createHash('sha256').update(JSON.stringify(await records(protocol(strategy))))
  expect(bits.digest('hex').slice(0, 16)).toBe(hash)
})

test('more trials, or more iterations, leave what came before as it was', async () => {
  const [few, many] = [
    await records(protocol('random')),
    await records(protocol('random', { trials: 9, iterations: 4 }))
  ]
  expect(many.slice(0, 3).map(({ queries, returns }) => [queries, returns.slice(0, 4)])).toEqual(
    few.map(({ queries, returns }) => [queries, returns])
  )
})

test('the loss is the expert’s return less the policy’s, trial by trial from the same starts', async () => {
  const environment = await loadEnvironment('reacher', { masses: 'legacy' })
  const expertReturns = await evaluate(environment, await networkOf(expert), 4)
  for await (const { record, policy, expertReturns: told } of imitate(protocol('dagger'), 1)) {
    const returns = await evaluate(environment, policy, 4)
    expect(record.returns).toEqual([...returns])
    expect(told).toEqual(expertReturns)
    const losses = [...expertReturns].map((best, trial) => best - returns[trial])
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / 4
    expect(record.loss).toBeCloseTo(mean, 12)
    expect(record.lossSd).toBeCloseTo(Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / 3), 12)
  }
})

test('an expert imitated by itself loses nothing', async () => {
  const environment = await loadEnvironment('reacher', { masses: 'legacy' })
  const [a, b] = [
    await evaluate(environment, await networkOf(expert), 6),
    await evaluate(environment, await networkOf(expert), 6)
  ]
  expect(a).toEqual(b)
})

describe('queries', () => {
  test('are all states for supervised learning and DAgger', async () => {
    for (const strategy of ['supervised', 'dagger'] as const)
      expect((await records(protocol(strategy))).map(({ queries }) => queries)).toEqual([100, 200, 300])
  })

  test('of Random are all states first, then some three in ten', async () => {
    const [first, , third] = await records(protocol('random', { episodes: 10 }))
    expect(first.queries).toBe(500)
    expect(Math.abs(third.queries - 500 - 0.3 * 1000)).toBeLessThan(4 * Math.sqrt(0.3 * 0.7 * 1000))
  })

  test('are the rows of the dataset, each labelled in its iteration and drawn once to learn from or to be held out', async () => {
    const iterations = await run(protocol('dagger', { episodes: 10 }))
    iterations.forEach(({ record, data }, i) => {
      expect(data.rows).toBe(record.queries)
      expect(data.observations).toHaveLength(11 * data.rows)
      expect(data.actions).toHaveLength(2 * data.rows)
      expect([...data.iterations]).toEqual(Array.from({ length: data.rows }, (_, row) => Math.floor(row / 500) + 1))
      const before = iterations[i - 1]?.data.validation ?? []
      expect([...data.validation.slice(0, before.length)]).toEqual([...before])
    })
    const { validation, rows } = iterations[2].data
    const held = validation.reduce((sum, side) => sum + side, 0)
    expect(Math.abs(held - 0.2 * rows)).toBeLessThan(4 * Math.sqrt(0.2 * 0.8 * rows))
  })
})

test('in the first iteration the untrained policy acts, whatever the strategy', async () => {
  const firsts = await Promise.all(
    (['supervised', 'dagger', 'random'] as const).map(
      async (strategy) => (await run(protocol(strategy, { iterations: 1 })))[0]
    )
  )
  for (const { record, data } of firsts) {
    expect(data.observations).toEqual(firsts[0].data.observations)
    expect(record).toEqual(firsts[0].record)
  }
})

test('DAgger at the paper’s scale comes to lose far less than at first', async () => {
  const losses = (await records(protocol('dagger', { iterations: 8, episodes: 5, trials: 30 }))).map(({ loss }) => loss)
  expect(losses[7]).toBeLessThan(losses[0] / 2)
}, 120_000)

test('stops within the iteration when aborted; what was yielded stays', async () => {
  const abort = new AbortController()
  const seen: number[] = []
  const running = async () => {
    for await (const { record } of imitate(protocol('dagger', { iterations: 1000, trials: 50 }), 1, abort.signal)) {
      seen.push(record.iteration)
      if (seen.length === 2) setTimeout(() => abort.abort(new Error('enough')), 20)
    }
  }
  await expect(running()).rejects.toThrow('enough')
  expect(seen.slice(0, 2)).toEqual([1, 2])
  expect(seen.length).toBeLessThan(10)
})

describe('a wrong protocol is told', () => {
  test.each<[Partial<Protocol>, RegExp]>([
    [{ iterations: 0 }, /iterations must be a whole number from 1 on, not 0/],
    [{ trials: 1.5 }, /trials must be a whole number from 1 on, not 1.5/],
    [{ validation: 1 }, /validation is the share .* from 0 to below 1, not 1/],
    [
      { fit: { ...protocol('dagger').fit, loss: 'mse' as 'logistic' } },
      /no fit.loss 'mse': choose one of squared-error, logistic/
    ],
    [
      { fit: { ...protocol('dagger').fit, learningRate: Number.NaN } },
      /fit.learningRate must be a number above 0, not NaN/
    ],
    [{ masses: 'old' as 'legacy' }, /no masses 'old'/],
    [{ engine: 'jax' as 'fused' }, /no engine 'jax': choose one of fused, tensorflow/],
    [{ rate: 1 }, /^rate is the share of states to ask in, from 0 to below 1, not 1/],
    [{ rate: -0.1 }, /^rate is the share .* not -0.1/],
    [{ rate: 'x' as unknown as number }, /^rate is the share .* not x/],
    [{ weighting: 'density' as 'nearest' }, /no weighting 'density': choose one of nearest/]
  ])('%j', (changes, message) => {
    expect(() => protocol('dagger', changes)).toThrow(message)
  })

  test('names', () => {
    expect(() => protocolFor('walker' as 'reacher', 'dagger', expert)).toThrow(
      /no environment 'walker': choose one of reacher, hopper/
    )
    expect(() => protocol('dager' as 'dagger')).toThrow(
      /no strategy 'dager': choose one of supervised, dagger, random, safedagger,/
    )
  })

  test('networks that do not fit the task', async () => {
    await expect(run(protocol('dagger', { policy: perceptron(11, [8], 3) }))).rejects.toThrow(
      /reacher shows 11 numbers and takes 2, but the policy has 11 inputs and 3 outputs/
    )
  })
})
