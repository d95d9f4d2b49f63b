import { beforeAll, describe, expect, test } from 'vitest'
import { imitate, participantsOf } from '../lib/algorithm'
import type { Dataset } from '../lib/dataset'
import type { Iteration } from '../lib/iteration'
import { type Model, modelOf, networkOf } from '../lib/networks'
import { fingerprint } from '../lib/networks/format'
import type { Protocol } from '../lib/protocol'
import { numericsVersion, type RunRecord } from '../lib/record'
import { hash } from '../lib/util/hash'
import { runToRecord } from '../tools/sweep/run-to-record.ts'
import { expert, shorterProtocol } from './short-run'

const protocol = (changes: Partial<Protocol> = {}): Protocol =>
  shorterProtocol('loss-gradient-random', { trials: 4, ...changes })

/** A run, and each iteration's policy as it was then. */
async function run(protocol: Protocol, seed = 1): Promise<{ iterations: Iteration[]; policies: Model[] }> {
  const iterations: Iteration[] = []
  const policies: Model[] = []
  for await (const iteration of imitate(await participantsOf(protocol), protocol, seed)) {
    iterations.push(iteration)
    policies.push(modelOf(iteration.policy))
  }
  return { iterations, policies }
}

/** Computes the mean squared error on the states held out, entry by entry. */
async function heldOutLoss(policy: Model, { rows, observations, expertActions, validation }: Dataset): Promise<number> {
  const network = await networkOf(policy)
  let [sum, count] = [0, 0]
  for (let row = 0; row < rows; row++) {
    if (!validation[row]) continue
    const proposed = network.predict(observations.slice(11 * row, 11 * (row + 1)), 1)
    for (const [i, value] of proposed.entries()) sum += (value - expertActions[2 * row + i]) ** 2
    count += proposed.length
  }
  return sum / count
}

describe('the outcome', () => {
  let found: RunRecord
  let again: Awaited<ReturnType<typeof run>>
  beforeAll(async () => {
    found = await runToRecord(protocol(), 1, 'a machine')
    again = await run(protocol())
  })

  test('the outcome has the records of the iterations that the run yields', () => {
    expect(found.outcome.iterations).toStrictEqual(again.iterations.map(({ record }) => record))
    expect(found.outcome.iterations).toHaveLength(3)
  })

  test('a second run in the same process has the same record', async () => {
    expect((await runToRecord(protocol(), 1, 'a machine')).outcome).toEqual(found.outcome)
  })

  test('the outcome has the expert’s return in each trial', () => {
    expect(found.outcome.expertReturns).toEqual([...again.iterations[2].expertReturns])
    expect(found.outcome.expertReturns).toHaveLength(4)
  })

  test('the outcome has each policy’s loss on the states that the last iteration holds out, and the iteration of the least', async () => {
    const { data } = again.iterations[2]
    expect(data.validation).toContain(1)
    const { losses, best } = found.outcome.validation
    const expected = await Promise.all(again.policies.map((policy) => heldOutLoss(policy, data)))
    expect(losses).toHaveLength(3)
    // predictions and their errors are float32, whose last bits weigh most where a loss is small
    for (const [i, loss] of losses.entries()) expect(Math.abs(loss / expected[i] - 1)).toBeLessThan(1e-5)
    expect(new Set(losses).size).toBe(3)
    expect(best).toBe(expected.indexOf(Math.min(...expected)) + 1)
  })

  test('the outcome has the hash of the last policy', async () => {
    expect(found.outcome.policy).toBe(await fingerprint(again.policies[2]))
    expect(found.outcome.policy).not.toBe(await fingerprint(again.policies[1]))
  })

  test('the outcome is the same on any machine, and another for another seed', async () => {
    const second = await runToRecord(protocol(), 1, 'another machine')
    expect(second.outcome).toStrictEqual(found.outcome)
    const rest = ({ provenance, checksum, ...rest }: RunRecord) => rest
    expect(rest(second)).toStrictEqual(rest(found))
    expect((await runToRecord(protocol(), 2, 'a machine')).outcome).not.toEqual(found.outcome)
  })

  test('the outcome is apart from the provenance, which has durations and the machine', () => {
    const { seconds, machine } = found.provenance
    expect(machine).toBe('a machine')
    expect(seconds.map((each) => Object.keys(each))).toEqual(Array(3).fill(['collect', 'train', 'test']))
    expect(Object.keys(found.outcome)).toEqual(['iterations', 'expertReturns', 'validation', 'policy'])
  })

  test('a record names its protocol, seed and numerics, and the expert by its hash', async () => {
    const { weights, ...others } = expert
    const turned = weights.map((weight) => ({ ...weight, values: weight.values.map((value) => -value) }))
    expect(found).toMatchObject({
      seed: 1,
      numerics: numericsVersion,
      protocol: { ...protocol(), expert: await fingerprint(expert) }
    })
    expect(found.protocol.expert).not.toBe(await fingerprint({ ...others, weights: turned }))
  })
})

test('the best policy is not the last where that does worse on the states held out', async () => {
  // steps so large that training undoes what it learned
  const { fit } = protocol()
  const { outcome } = await runToRecord(
    protocol({ iterations: 6, fit: { ...fit, epochs: 1, learningRate: 0.05 } }),
    2,
    ''
  )
  const { losses, best } = outcome.validation
  expect(best).toBeLessThan(6)
  expect(losses[best - 1]).toBe(Math.min(...losses))
})

test('the last policy is the best where no states are held out', async () => {
  const { outcome } = await runToRecord(protocol({ validation: 0 }), 1, '')
  expect(outcome.validation).toEqual({ losses: [], best: 3 })
})

test('`runToRecord` tells of each iteration as it ends', async () => {
  const told: number[] = []
  const found = await runToRecord(protocol(), 1, '', { told: ({ record }) => told.push(record.iteration) })
  expect(told).toEqual([1, 2, 3])
  expect(found.outcome.iterations).toHaveLength(3)
})

test('`runToRecord` rejects with the signal’s reason when it is aborted', async () => {
  const abort = new AbortController()
  const told = () => abort.abort(new Error('enough'))
  await expect(runToRecord(protocol(), 1, '', { told, signal: abort.signal })).rejects.toThrow('enough')
})

describe('hashes', () => {
  test('`hash` does not depend on the order of fields, but on the order of a list', async () => {
    expect(await hash({ a: 1, b: { c: [1, 2], d: 'x' } })).toBe(await hash({ b: { d: 'x', c: [1, 2] }, a: 1 }))
    expect(await hash([1, 2])).not.toBe(await hash([2, 1]))
  })

  test('`hash` is the SHA-256 of the JSON with sorted fields', async () => {
    // printf '{"a":1,"b":[true,null]}' | sha256sum
    expect(await hash({ b: [true, null], a: 1 })).toBe(
      '1cc69c7fa23616ca2ec3ee70d24390a6225c8832db8a4c814c7e0e7f942f8668'
    )
  })

  test('`fingerprint` of a network is another with any weight or layer changed', async () => {
    const { topology, weights } = expert
    const known = await fingerprint(expert)
    expect(await fingerprint(structuredClone(expert))).toBe(known)
    for (const i of weights.keys()) {
      const changed = structuredClone(expert)
      const [bits] = new Uint32Array(changed.weights[i].values.buffer, 0, 1)
      new Uint32Array(changed.weights[i].values.buffer)[0] = bits ^ 1
      expect(await fingerprint(changed), weights[i].name).not.toBe(known)
    }
    for (const i of topology.config.layers.keys()) {
      const changed = structuredClone(expert)
      Object.assign(changed.topology.config.layers[i].config, { activation: 'relu' })
      expect(await fingerprint(changed), `layer ${i}`).not.toBe(known)
    }
  })
})
