import { beforeAll, describe, expect, test } from 'vitest'
import type { Dataset } from '../../lib/experiments/dataset'
import { fingerprint, hash } from '../../lib/experiments/hash'
import { type Iteration, imitate } from '../../lib/experiments/imitate'
import { type Protocol, protocolFor } from '../../lib/experiments/protocol'
import { decodeRecord, encodeRecord, numerics, type RunRecord, record } from '../../lib/experiments/record'
import { loadExpert } from '../../lib/files/experts'
import { type Model, modelOf, networkOf } from '../../lib/networks'

const expert = await loadExpert('reacher')
const protocol = (changes: Partial<Protocol> = {}): Protocol =>
  protocolFor('reacher', 'loss-gradient-random', expert, { iterations: 3, episodes: 2, trials: 4, ...changes })

/** A run, and each iteration's policy as it was then. */
async function run(protocol: Protocol, seed = 1): Promise<{ iterations: Iteration[]; policies: Model[] }> {
  const iterations: Iteration[] = []
  const policies: Model[] = []
  for await (const iteration of imitate(protocol, seed)) {
    iterations.push(iteration)
    policies.push(modelOf(iteration.policy))
  }
  return { iterations, policies }
}

/** The mean squared error on the states held out, entry by entry, by a network of the policy's own. */
async function heldOutLoss(policy: Model, { rows, observations, actions, validation }: Dataset): Promise<number> {
  const network = await networkOf(policy)
  let [sum, count] = [0, 0]
  for (let row = 0; row < rows; row++) {
    if (!validation[row]) continue
    const proposed = network.predict(observations.slice(11 * row, 11 * (row + 1)), 1)
    for (const [i, value] of proposed.entries()) sum += (value - actions[2 * row + i]) ** 2
    count += proposed.length
  }
  return sum / count
}

describe('the outcome', () => {
  let found: RunRecord
  let again: Awaited<ReturnType<typeof run>>
  beforeAll(async () => {
    found = await record(protocol(), 1, 'a machine')
    again = await run(protocol())
  })

  test('has the iterations that the run yields', () => {
    expect(found.outcome.iterations).toStrictEqual(again.iterations.map(({ record }) => record))
    expect(found.outcome.iterations).toHaveLength(3)
  })

  test('has the expert’s returns', () => {
    expect(found.outcome.expertReturns).toEqual([...again.iterations[2].expertReturns])
    expect(found.outcome.expertReturns).toHaveLength(4)
  })

  test('has each policy’s loss on the states that the last iteration holds out, and the first of the least', async () => {
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

  test('has the hash of the last policy', async () => {
    expect(found.outcome.policy).toBe(await fingerprint(again.policies[2]))
    expect(found.outcome.policy).not.toBe(await fingerprint(again.policies[1]))
  })

  test('is the same again, whatever computed it, and another for another seed', async () => {
    const second = await record(protocol(), 1, 'another machine')
    expect(second.outcome).toStrictEqual(found.outcome)
    const rest = ({ made, checksum, ...rest }: RunRecord) => rest
    expect(rest(second)).toStrictEqual(rest(found))
    expect((await record(protocol(), 2, 'a machine')).outcome).not.toEqual(found.outcome)
  })

  test('is apart from how it was made', () => {
    const { seconds, machine } = found.made
    expect(machine).toBe('a machine')
    expect(seconds.map((each) => Object.keys(each))).toEqual(Array(3).fill(['collect', 'train', 'test']))
    expect(Object.keys(found.outcome)).toEqual(['iterations', 'expertReturns', 'validation', 'policy'])
  })

  test('names task, seed and numerics, and the expert by its hash', async () => {
    const { weights, ...others } = expert
    const turned = weights.map((weight) => ({ ...weight, values: weight.values.map((value) => -value) }))
    expect(found).toMatchObject({ seed: 1, numerics, protocol: { ...protocol(), expert: await fingerprint(expert) } })
    expect(found.protocol.expert).not.toBe(await fingerprint({ ...others, weights: turned }))
  })
})

test('a later policy that does worse on the states held out is not the best', async () => {
  // steps so large that training undoes what it learned
  const { fit } = protocol()
  const { outcome } = await record(protocol({ iterations: 6, fit: { ...fit, epochs: 1, learningRate: 0.03 } }), 1, '')
  const { losses, best } = outcome.validation
  expect(best).toBeLessThan(6)
  expect(losses[best - 1]).toBe(Math.min(...losses))
})

test('with nothing held out there are no losses, and the last iteration is the best', async () => {
  const { outcome } = await record(protocol({ validation: 0 }), 1, '')
  expect(outcome.validation).toEqual({ losses: [], best: 3 })
})

test('each iteration is told of as it ends', async () => {
  const told: number[] = []
  const found = await record(protocol(), 1, '', { told: ({ record }) => told.push(record.iteration) })
  expect(told).toEqual([1, 2, 3])
  expect(found.outcome.iterations).toHaveLength(3)
})

test('an aborted run is no record', async () => {
  const abort = new AbortController()
  const told = () => abort.abort(new Error('enough'))
  await expect(record(protocol(), 1, '', { told, signal: abort.signal })).rejects.toThrow('enough')
})

describe('a record as text', () => {
  let whole: RunRecord
  let text: string
  beforeAll(async () => {
    whole = await record(protocol({ iterations: 2, episodes: 1, trials: 2 }), 1, 'a “machine”')
    text = encodeRecord(whole)
  })

  test('is read back equal', async () => {
    expect(await decodeRecord(text)).toStrictEqual(whole)
  })

  test('has a line an iteration, and a last one that ends', () => {
    const lines = text.split('\n').filter((line) => line.startsWith('{"iteration":'))
    expect(lines.map((line) => JSON.parse(line.replace(/,$/, '')))).toEqual(whole.outcome.iterations)
    expect(text.endsWith('}\n')).toBe(true)
  })

  test('with any digit changed is damaged, wherever that is', async () => {
    const digits = [...text.matchAll(/\d/g)].map(({ index }) => index)
    expect(digits.length).toBeGreaterThan(500)
    const survivors: string[] = []
    let same = 0
    for (const at of digits) {
      const other = (Number(text[at]) + 1) % 10
      const changed = `${text.slice(0, at)}${other}${text.slice(at + 1)}`
      // the seventeenth digit may say nothing of a double
      if (sameNumbers(changed, text)) {
        same++
        continue
      }
      const found = await decodeRecord(changed).catch((error: Error) => error)
      if (!(found instanceof Error && /^damaged: ./.test(found.message)))
        survivors.push(changed.slice(at - 20, at + 20))
    }
    expect(survivors).toEqual([])
    expect(same).toBeLessThan(digits.length / 50)
  })

  test('with a field more, less or in the wrong place is damaged', async () => {
    const { outcome, made, ...rest } = whole
    const altered: object[] = [
      { ...whole, more: 1 },
      { ...rest, outcome },
      { ...rest, outcome: { ...outcome, machine: made.machine }, made },
      { ...whole, checksum: undefined },
      { ...whole, checksum: whole.checksum.toUpperCase() }
    ]
    for (const each of altered)
      await expect(decodeRecord(JSON.stringify(each)), Object.keys(each).join()).rejects.toThrow(
        /^damaged: its checksum /
      )
  })

  test('with its fields in another order is the same', async () => {
    const backwards = JSON.stringify(Object.fromEntries(Object.entries(whole).reverse()))
    expect(await decodeRecord(backwards)).toStrictEqual(whole)
  })

  test.each(['', '{', 'null', '[]', '"radgrad record"', '{}', '{"format":"radgrad model"}'])(
    '%j is no record',
    async (text) => {
      await expect(decodeRecord(text)).rejects.toThrow(/^(damaged: it is no JSON \(|foreign: it is no record of a run)/)
    }
  )
})

const sameNumbers = (a: string, b: string): boolean => {
  try {
    return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b))
  } catch {
    return false // a leading zero is no JSON
  }
}

describe('hashes', () => {
  test('depend on no order of fields, but on that of a list', async () => {
    expect(await hash({ a: 1, b: { c: [1, 2], d: 'x' } })).toBe(await hash({ b: { d: 'x', c: [1, 2] }, a: 1 }))
    expect(await hash([1, 2])).not.toBe(await hash([2, 1]))
  })

  test('are the SHA-256 of the JSON', async () => {
    // printf '{"a":1,"b":[true,null]}' | sha256sum
    expect(await hash({ b: [true, null], a: 1 })).toBe(
      '1cc69c7fa23616ca2ec3ee70d24390a6225c8832db8a4c814c7e0e7f942f8668'
    )
  })

  test('of a network are another with any weight or layer changed', async () => {
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
