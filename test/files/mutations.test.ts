/**
 * Every reader of files against 10,000 damaged ones: each is refused in the reader's own words, or read as just what it
 * says.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { createNetwork, type Model, modelOf, networkOf, perceptron } from '../../lib/networks'
import { decodeModel, encodeModel } from '../../lib/networks/format'
import { readTopology } from '../../lib/networks/topology'
import { protocolFor } from '../../lib/protocol'
import { decodeRecord, type RunRecord, withExpertHash } from '../../lib/record'
import { generator } from '../../lib/util/random'
import { berkeleyModel } from '../../tools/experts/berkeley.ts'
import { encodeRecord } from '../../tools/record.ts'
import { protocolOf } from '../../tools/sweep/recorded.ts'
import { runToRecord } from '../../tools/sweep/run-to-record.ts'
import berkeley from '../experts/fixtures/berkeley.json'
import { damagedCopies, damagedTexts, expectRefusedOrSound } from '../mutate'

// damaged networks that only TensorFlow computes are many, and each is told
beforeAll(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))

const modelFrom = async (...sizes: Parameters<typeof perceptron>): Promise<Model> =>
  modelOf(await createNetwork(perceptron(...sizes), generator(1, 'mutations')))

/** A network is made, and answers; or the engine says what it cannot make of it, in words of its own. */
async function expectRunsOrTold(model: Model): Promise<void> {
  expect(model.weights.every(({ values }) => values.every(Number.isFinite))).toBe(true)
  const network = await networkOf(model).catch((error: unknown) => error)
  if (network instanceof Error) {
    expect(network.message).not.toMatch(engineFailure)
    return
  }
  const { inputs, outputs, predict, dispose } = network as Awaited<ReturnType<typeof networkOf>>
  expect(predict(new Float32Array(inputs), 1)).toHaveLength(outputs)
  dispose()
}

/** The errors of JavaScript when memory or the stack is exhausted: too late for a check. */
const engineFailure = /call stack|allocation|out of memory|memory size|typed array length|array length/i

/** Berkeley's own files, which are not ours to hand on: in the folder that RADGRAD_BERKELEY_EXPERTS names, if any. */
const folder = process.env.RADGRAD_BERKELEY_EXPERTS
const published = folder ? ['Reacher-v2.pkl', 'Hopper-v2.pkl'] : []

describe('a record', () => {
  let whole: RunRecord
  beforeAll(async () => {
    const expert = await modelFrom(11, [2], 2)
    const least = { iterations: 1, episodes: 1, trials: 1, policy: perceptron(11, [2], 2) }
    whole = await runToRecord(protocolFor('reacher', 'loss-gradient-random', expert, least), 1, 'a machine')
  })

  test('a damaged record is refused, or read as the same record', async () => {
    const copies = damagedTexts(generator(1, 'records'), encodeRecord(whole))
    await expectRefusedOrSound(copies, decodeRecord, /^(damaged|foreign): ./, (found) => {
      expect(found).toStrictEqual(whole)
    })
  }, 300_000)

  test('a record with a zero that became negative is refused, or read as the same record', async () => {
    const text = encodeRecord(whole)
    const zeros = [...text.matchAll(/(?<=[[:,])0(?=[\],}])/g)]
    expect(zeros.length).toBeGreaterThan(0)
    for (const { index } of zeros) {
      const found = await decodeRecord(`${text.slice(0, index)}-${text.slice(index)}`).catch((error: Error) => error)
      if (found instanceof Error) expect(found.message).toMatch(/^damaged: /)
      else expect(found).toStrictEqual(whole)
    }
  })
})

test('a damaged protocol of a record is refused, or read with nothing left out or put in', async () => {
  const expert = await modelFrom(11, [2], 2)
  const text = JSON.stringify(
    await withExpertHash(protocolFor('hopper', 'random', expert, { policy: perceptron(11, [2], 3) }))
  )
  const copies = damagedTexts(generator(1, 'protocols'), text)
  const refusal =
    /JSON|must be (a|an|the) |^there is no | is missing: there are |a network is declared by |the topology of a model |^the expert is /
  await expectRefusedOrSound(
    copies,
    (copy) => protocolOf(JSON.parse(copy), expert),
    refusal,
    async (protocol, copy) => {
      expect(await withExpertHash(protocol)).toStrictEqual(JSON.parse(copy))
    }
  )
}, 60_000)

describe('a saved model', () => {
  const refusal = /^model\.json: .+; expected a layers model/s
  let whole: Model
  beforeAll(async () => {
    whole = await modelFrom(3, [64], 2, { dropout: 0.2 })
  })

  /** Nothing was left out or put in: what is read says what the file says. */
  const expectSame = (found: Model, json: string, weights: Uint8Array): void => {
    const again = encodeModel(found)
    expect(Buffer.compare(again.weights, weights)).toBe(0)
    const [said, read] = [JSON.parse(json), JSON.parse(again.json)]
    expect(read.modelTopology).toEqual(readTopology(said.modelTopology))
    const named = (weights: { name: string; shape: number[] }[]) => weights.map(({ name, shape }) => ({ name, shape }))
    expect(named(read.weightsManifest[0].weights)).toEqual(
      said.weightsManifest.flatMap((group: { weights: { name: string; shape: number[] }[] }) => named(group.weights))
    )
  }

  test('a saved model with a damaged model.json is refused, or read as it says and run', async () => {
    const { json, weights } = encodeModel(whole)
    await expectRefusedOrSound(
      damagedTexts(generator(1, 'model.json'), json),
      (copy) => decodeModel(copy, async () => weights),
      refusal,
      async (found, copy) => {
        expectSame(found, copy, weights)
        await expectRunsOrTold(found)
      }
    )
  }, 300_000)

  test.each(['relu', 'selu'] as const)(
    'a saved model whose %s layer became huge is refused before memory is allocated',
    async (activation) => {
      const huge = (field: string, value: unknown): Model => {
        const topology = structuredClone(whole.topology)
        Object.assign(topology.config.layers[0].config, { activation, [field]: value })
        return { ...whole, topology }
      }
      const told = /^dense_1(\/kernel)? has (the shape \[3,64\], and|size 6)/
      for (const size of [64e2, 64e4, 64e5, 64e6, 64e12]) {
        await expect(networkOf(huge('units', size)), `${size} units`).rejects.toThrow(told)
        await expect(networkOf(huge('batch_input_shape', [null, size])), `${size} inputs`).rejects.toThrow(told)
      }
    }
  )

  test('a saved model whose weights have other shapes is refused', async () => {
    const [kernel, ...others] = whole.weights
    const turned = { topology: whole.topology, weights: [{ ...kernel, shape: [64, 3] }, ...others] }
    await expect(networkOf(turned)).rejects.toThrow('dense_1/kernel has the shape [64,3], and its layer takes [3,64]')
  })

  test('a saved model whose class is no name is refused', async () => {
    const { json, weights } = encodeModel(whole)
    const other = json.replace('"Sequential"', '["Sequential"]')
    await expect(decodeModel(other, async () => weights)).rejects.toThrow(refusal)
  })

  test('a saved model with damaged weights is refused, or read as it says and run', async () => {
    const { json, weights } = encodeModel(whole)
    await expectRefusedOrSound(
      damagedCopies(generator(1, 'weights'), weights),
      (copy) => decodeModel(json, async () => copy),
      refusal,
      async (found, copy) => {
        expectSame(found, json, copy)
        await expectRunsOrTold(found)
      }
    )
  }, 300_000)
})

const made = async (): Promise<Uint8Array> => Buffer.from(berkeley.synthetic.pickles[2], 'base64')
describe.each<[string, number, () => Promise<Uint8Array>]>([
  ['an expert like Berkeley’s', 10_000, made],
  // a reading of these takes longer
  ...published.map((name) => [name, 2000, () => readFile(join(folder!, name))] as [string, number, typeof made])
])('%s', (name, count, read) => {
  test(`${name} is refused or runs when it is damaged in any of ${count} ways`, async () => {
    await expectRefusedOrSound(
      damagedCopies(generator(1, name), await read(), count),
      (copy) => berkeleyModel(copy, 'a file'),
      /^a file is not one of Berkeley's experts: .*found ./s,
      expectRunsOrTold
    )
  }, 300_000)
})
