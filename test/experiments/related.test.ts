/** The related strategies, rates and weights through Algorithm 1, on runs of three short iterations. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { loadEnvironment } from '../../lib/environments'
import { type Iteration, imitate, imitateWith } from '../../lib/experiments/imitate'
import { type Protocol, protocolFor } from '../../lib/experiments/protocol'
import { record } from '../../lib/experiments/record'
import { loadExpert } from '../../lib/files/experts'
import { networkOf } from '../../lib/networks'
import {
  type AnyName,
  above,
  always,
  hyperparameters,
  nobody,
  type QueryStrategy,
  type Rule,
  relatedNames,
  type Scores,
  strategyFor
} from '../../lib/strategies'

const expert = await loadExpert('reacher')
function protocol(strategy: AnyName, changes: Partial<Protocol> = {}): Protocol {
  const small = { iterations: 3, episodes: 2, trials: 2, ...changes }
  const whole = protocolFor('reacher', strategy, expert, small)
  return { ...whole, fit: { ...whole.fit, epochs: 5 } }
}

const outcome = async (protocol: Protocol) => (await record(protocol, 1, '')).outcome
const queries = async (protocol: Protocol) => (await outcome(protocol)).iterations.map(({ queries }) => queries)

async function run(iterations: AsyncIterable<Iteration>, told: (iteration: Iteration) => void): Promise<void> {
  for await (const iteration of iterations) told(iteration)
}

test.each(relatedNames)('%s comes to the same twice, and tells of what it asked for', async (name) => {
  const first = await outcome(protocol(name))
  expect(await outcome(protocol(name))).toStrictEqual(first)
  for (const rate of strategyFor(name, hyperparameters.reacher).asks === always ? [undefined] : [undefined, 0.2]) {
    const { asks, handsBack } = strategyFor(name, hyperparameters.reacher, undefined, rate)
    const { iterations } = rate === undefined ? first : await outcome(protocol(name, { rate }))
    const [begun, ...later] = iterations
    expect(begun.queries).toBe(100)
    for (const { rules } of later)
      expect(rules.map(({ reason }) => reason)).toEqual([...asks.reasons, ...(handsBack ? ['in control'] : [])])
  }
})

test.each(['dropoutdagger', 'ensembledagger-full'] as const)('%s asks in all states', async (name) => {
  expect(await queries(protocol(name))).toEqual([100, 200, 300])
})

test('set to a rate, who only watches asks in about that share', async () => {
  // neighbouring states are alike, so two hundred of a thousand is all that can be said
  const [first, , third] = await queries(protocol('crsail', { rate: 0.2, episodes: 10 }))
  expect(first).toBe(500)
  expect(Math.abs((third - first) / 1000 - 0.2)).toBeLessThan(0.1)
})

const atRate = { rate: 0.2 }
/** Wide, so that draws of the policy, and members, differ in whether they are near the expert. */
const atDistance = {
  hyperparameters: { ...hyperparameters.reacher, loss: { ...hyperparameters.reacher.loss, tau: 0.3 } }
}
test.each<[AnyName, Partial<Protocol>, string]>([
  ['dropoutdagger', atDistance, '2ad3f8697cfd8d27'],
  ['ensembledagger-full', atDistance, 'c34dd4e1e95ead12'],
  ['bagger-gradient', atRate, '45f345ddf1cd3235'],
  ['ensembledagger-gradient', atRate, '39970984f738c1b5'],
  ['lazydagger-gradient', atRate, 'ff667772a74509b7'],
  ['thriftydagger', atRate, '135134661be020bf'],
  ['thriftydagger-gradient', atRate, 'd612696022397308'],
  ['crsail', atRate, '95b07aca426ad5d6']
])('the records of %s are the bits that they were on x64', async (strategy, changes, hash) => {
  const { iterations } = await outcome(protocol(strategy, changes))
  const bits = createHash('sha256').update(JSON.stringify(iterations))
  expect(bits.digest('hex').slice(0, 16)).toBe(hash)
})

test('all states met so far are told in each iteration, and critics learn from them', async () => {
  const rows: number[] = []
  const learned: number[] = []
  const strategy: QueryStrategy = {
    title: 'told',
    actor: 'learner',
    asks: above('cosine', 0.5),
    critic: {
      name: 'scripted',
      begin: async () => ({
        ...nobody,
        async learn({ met, labelled }) {
          expect(labelled.rows).toBeLessThanOrEqual(met.rows)
          learned.push(met.rows)
          return ['a network of mine']
        },
        scores: (states, _, rows) => ({ cosine: Float32Array.from({ length: rows }, (_, row) => states[11 * row]) })
      })
    }
  }
  const parts = { environment: await loadEnvironment('reacher', { masses: 'legacy' }), expert: await networkOf(expert) }
  await run(imitateWith({ ...parts, strategy }, protocol('dagger'), 1), ({ met, data, record }) => {
    rows.push(met.rows)
    expect(met.lengths).toEqual(Array(2 * record.iteration).fill(50))
    expect(met.observations).toHaveLength(11 * met.rows)
    expect(met.actions).toHaveLength(2 * met.rows)
    // the first batch is labelled throughout
    expect(met.observations.slice(0, 1100).toSorted()).toEqual(data.observations.slice(0, 1100).toSorted())
    expect(record.constant).toContain('a network of mine')
  })
  expect(rows).toEqual([100, 200, 300])
  expect(learned).toEqual(rows)
})

describe('a rule that is to be calibrated', () => {
  /** Runs a strategy that then asks above a threshold found, and tells what it was calibrated by and what the expert was asked. */
  async function calibrated(threshold: number) {
    const seen: Scores[] = []
    let asked = 0
    const asks: Rule = {
      reasons: ['torque'],
      decide() {
        throw new Error('not calibrated')
      },
      calibrate(scores) {
        seen.push(scores)
        return above('torque', threshold)
      }
    }
    const teacher = await networkOf(expert)
    const parts = {
      environment: await loadEnvironment('reacher', { masses: 'legacy' }),
      expert: {
        inputs: 11,
        outputs: 2,
        predict(inputs: Float32Array, rows: number) {
          asked += rows
          return teacher.predict(inputs, rows)
        }
      },
      strategy: {
        title: 'calibrated',
        actor: 'expert-when-asked',
        asks,
        critic: {
          name: 'torque',
          begin: async () => ({
            ...nobody,
            scores: (_, proposals, rows) => ({
              torque: Float32Array.from({ length: rows }, (_, row) => proposals[2 * row])
            })
          })
        }
      } satisfies QueryStrategy
    }
    const iterations: Iteration[] = []
    await run(imitateWith(parts, protocol('dagger'), 1), (iteration) => iterations.push(iteration))
    return { seen, asked: asked - 2 * 50, iterations } // the expert's own trials
  }

  test('is, in each iteration but the first, by the scores of twenty episodes of the learner’s', async () => {
    const { seen, iterations } = await calibrated(1e9)
    expect(seen.map(({ torque }) => torque.length)).toEqual([1000, 1000])
    expect(seen[0].torque).not.toEqual(seen[1].torque)
    expect(iterations.map(({ record }) => record.rules.map(({ reason }) => reason))).toEqual([
      ['always'],
      ['torque'],
      ['torque']
    ])
  })

  test('decides as it was set; nobody is asked in the episodes that set it, and they are not learned from', async () => {
    const none = await calibrated(1e9)
    expect(none.iterations.map(({ record, met }) => [record.queries, met.rows])).toEqual([
      [100, 100],
      [100, 200],
      [100, 300]
    ])
    expect(none.asked).toBe(100)
    const all = await calibrated(-1e9)
    expect(all.iterations.map(({ record }) => record.queries)).toEqual([100, 200, 300])
    expect(all.asked).toBe(300)
  })
})

describe('weighting', () => {
  const of = (strategy: AnyName, changes: Partial<Protocol>) => outcome(protocol(strategy, changes))

  test('has the policy learn otherwise, and the same twice', async () => {
    const weighted = await of('loss', { weighting: 'nearest', rate: 0.2 })
    expect(await of('loss', { weighting: 'nearest', rate: 0.2 })).toStrictEqual(weighted)
    const { iterations: plain } = await of('loss', { rate: 0.2 })
    const { iterations } = weighted
    // the first batch is labelled throughout: each state stands for itself alone
    expect(iterations[0]).toEqual(plain[0])
    // so the same states are met, and asked about, in the second
    expect(iterations[1].queries).toBe(plain[1].queries)
    expect(iterations[1].returns).not.toEqual(plain[1].returns)
  })

  test('leaves out of the dataset nothing that was labelled', async () => {
    await run(imitate(protocol('dagger', { weighting: 'nearest' }), 1), ({ data, met, record }) => {
      expect(record.queries).toBe(100 * record.iteration)
      expect(data.rows).toBe(met.rows)
      expect(new Set(data.observations)).toEqual(new Set(met.observations))
    })
  })
})
