import { describe, expect, test } from 'vitest'
import { collect } from '../../lib/experiments/collect'
import {
  allNames,
  hyperparameters,
  type Judge,
  nobody,
  type QueryStrategy,
  type RelatedName,
  relatedFor,
  relatedNames,
  type Scores,
  strategyNames,
  titleOf
} from '../../lib/strategies'
import type { Gate } from '../../lib/strategies/strategy'
import { scriptedEnvironment, scriptedNetwork } from '../experiments/scripted'
import { drawn, rngs } from './small'

const on = {
  reacher: relatedFor(hyperparameters.reacher),
  hopper: relatedFor(hyperparameters.hopper)
} satisfies Record<string, Record<RelatedName, QueryStrategy>>
const all: Record<RelatedName, QueryStrategy> = on.reacher

/** In which states a strategy asks, and why. */
const asked = ({ asks }: QueryStrategy, scores: Record<string, number[]>) => {
  const columns = Object.fromEntries(Object.entries(scores).map(([name, values]) => [name, Float32Array.from(values)]))
  return [...asks.decide(columns, rngs(Object.values(scores)[0].length))]
}

/** What a gate says where the expert's action is so far from the learner's. */
const says = (gate: Gate, distances: readonly number[], scores: Scores = {}) => {
  const rows = distances.length
  const judge: Judge = { ...nobody, scores: () => scores }
  const answers = Float32Array.from(distances.flatMap((d) => [0.6 * d, -0.8 * d]))
  const states = new Float32Array(rows)
  return [...gate({ rows, states, proposals: new Float32Array(2 * rows), answers, judge })]
}
const column = (...values: number[]) => Float32Array.from(values)

test('have names and titles of their own', () => {
  expect(new Set(allNames).size).toBe(strategyNames.length + relatedNames.length)
  expect(new Set(allNames.map(titleOf)).size).toBe(allNames.length)
})

describe('ask above the paper’s thresholds for the task', () => {
  test.each([
    ['bagger', 'reacher', { percentile: [0.0199, 0.0201] }, [0, 1]],
    ['bagger', 'hopper', { percentile: [0.29, 0.31] }, [0, 1]],
    ['bagger-gradient', 'reacher', { percentile: [0, 0.1, 0], steepness: [0.0021, 0, 0.0019] }, [2, 1, 0]],
    // a variance is the square of a distance
    ['ensembledagger', 'reacher', { doubt: [0.00039, 0.00041] }, [0, 1]],
    ['ensembledagger', 'hopper', { doubt: [0.089, 0.091] }, [0, 1]],
    ['ensembledagger-gradient', 'hopper', { doubt: [0, 0.1, 0], steepness: [0.21, 0, 0.19] }, [2, 1, 0]],
    ['lazydagger', 'reacher', { risk: [0.5, 0.51] }, [0, 1]],
    ['lazydagger-gradient', 'reacher', { risk: [0.4, 0.6, 0.4], steepness: [1.1, 0, 0.9] }, [2, 1, 0]]
  ] as const)('%s on %s: %j', (name, task, scores, expected) => {
    expect(asked(on[task][name], scores as unknown as Record<string, number[]>)).toEqual(expected)
  })
})

describe('variants by the gradient', () => {
  test('are there of those whose score has one', () => {
    const variants = relatedNames.filter((name) => name.endsWith('-gradient'))
    expect(variants).toEqual(
      ['bagger', 'ensembledagger', 'lazydagger', 'thriftydagger'].map((name) => `${name}-gradient`)
    )
    for (const name of variants) {
      const [variant, plain] = [all[name], all[name.replace('-gradient', '') as RelatedName]]
      expect(variant.asks.reasons).toEqual([...plain.asks.reasons, 'steepness'])
      expect(variant.critic!.name).toBe(plain.critic!.name)
      expect(variant.actor).toBe(plain.actor)
      expect(variant.handsBack === undefined).toBe(plain.handsBack === undefined)
    }
  })
})

describe('LazyDAgger', () => {
  test('hands back within half of the distance at which it takes over', () => {
    for (const { handsBack } of [on.reacher.lazydagger, on.reacher['lazydagger-gradient']])
      expect(says(handsBack, [0, 0.0199, 0.0201, 0.04])).toEqual([1, 1, 0, 0])
    expect(says(on.hopper.lazydagger.handsBack, [0.149, 0.151])).toEqual([1, 0])
  })
})

describe('ThriftyDAgger', () => {
  test('hands back only where the learner errs less than it used to and is likely to succeed', () => {
    const scores = { usual: column(0.01, 0.01, 0.01, 0.01), promising: column(1, 1, 0, 0) }
    for (const { handsBack } of [all.thriftydagger, all['thriftydagger-gradient']])
      expect(says(handsBack!, [0.09, 0.11, 0.09, 0.11], scores)).toEqual([1, 0, 0, 0])
  })

  test('asks in a hundredth of the states that the learner meets, those of most doubt or danger', () => {
    const rows = 1000
    const seen = { doubt: drawn(rows, 'doubt'), danger: drawn(rows, 'danger') }
    const bits = all.thriftydagger.asks.calibrate!(seen).decide(seen, rngs(rows))
    expect(bits.filter(Boolean)).toHaveLength(10)
    expect(bits[seen.doubt.indexOf(Math.max(...seen.doubt))] & 1).toBe(1)
    expect(bits[seen.danger.indexOf(Math.max(...seen.danger))] & 2).toBe(2)
  })
})

describe('EnsembleDAgger in full', () => {
  test('lets the expert act unless the learner is near it and the members agree', () => {
    const actor = on.reacher['ensembledagger-full'].actor
    const doubt = column(0.00039, 0.00041, 0.00039, 0.00041)
    expect(says(actor, [0.0199, 0.0199, 0.0201, 0.0201], { doubt })).toEqual([0, 1, 1, 1])
    expect(says(on.hopper['ensembledagger-full'].actor, [0.29, 0.31], { doubt: column(0.089, 0.089) })).toEqual([0, 1])
  })
})

describe('who must hear the expert to know who acts', () => {
  /** Who acts in each step, when the draws of the policy are 1, 2, … 10 away from the expert. */
  async function dropoutDAgger(tau: number) {
    const { environment, moves } = scriptedEnvironment([3, 2])
    const strategy: QueryStrategy = relatedFor({ ...hyperparameters.reacher, loss: { tau, epsilon: 1 } }).dropoutdagger
    const networks = Array.from({ length: 10 }, (_, i) => scriptedNetwork(() => 101 + i))
    const { labelled } = await collect(
      environment,
      scriptedNetwork(() => -5),
      scriptedNetwork(() => 100),
      strategy,
      2,
      [1],
      { critic: { ...nobody, networks } }
    )
    expect(labelled.rows).toBe(5)
    expect([...labelled.actions]).toEqual(Array(5).fill(100))
    const actions = new Set(moves.map(({ action }) => action))
    expect(actions.size).toBe(1)
    return actions.has(100) ? 'expert' : 'learner'
  }

  test('DropoutDAgger: the learner, if nine of ten draws are near the expert; asked it is everywhere', async () => {
    expect(await dropoutDAgger(1e-6)).toBe('expert')
    expect(await dropoutDAgger(8.5)).toBe('expert')
    expect(await dropoutDAgger(9)).toBe('learner')
    expect(await dropoutDAgger(1e6)).toBe('learner')
  })

  test('pays for that in every state, and no rate can help it', () => {
    for (const rate of [undefined, 0.01]) {
      const rated: Record<RelatedName, QueryStrategy> = relatedFor(hyperparameters.reacher, undefined, rate)
      for (const name of ['dropoutdagger', 'ensembledagger-full'] as const) {
        expect(rated[name].asks.calibrate).toBeUndefined()
        expect(asked(rated[name], { doubt: [0, 0, 0] })).toEqual([1, 1, 1])
      }
    }
  })
})

describe('CRSAIL', () => {
  test('only watches, and asks in a twentieth of the states, the newest', () => {
    expect(all.crsail.actor).toBe('learner')
    expect(all.crsail.handsBack).toBeUndefined()
    const seen = { novelty: drawn(1000, 'novelty') }
    const bits = all.crsail.asks.calibrate!(seen).decide(seen, rngs(1000))
    const newest = seen.novelty.toSorted()[950]
    expect([...bits]).toEqual(Array.from(seen.novelty, (value) => Number(value >= newest)))
  })
})

test('set to a rate, all others ask in that share, of the same scores, of a risk by its logit', () => {
  const rows = 500
  const names = ['percentile', 'steepness', 'doubt', 'logit', 'danger', 'novelty']
  const seen = Object.fromEntries(names.map((name) => [name, drawn(rows, 'rate', name)]))
  const rated: Record<RelatedName, QueryStrategy> = relatedFor(hyperparameters.reacher, undefined, 0.2)
  for (const name of relatedNames) {
    const { asks } = rated[name]
    expect(asks.reasons).toEqual(all[name].asks.reasons.map((reason) => (reason === 'risk' ? 'logit' : reason)))
    if (name === 'dropoutdagger' || name === 'ensembledagger-full') continue
    const count = asks.calibrate!(seen).decide(seen, rngs(rows)).filter(Boolean).length
    // where two scores step over the share together, chance decides of the states between
    expect(Math.abs(count - 100), name).toBeLessThan(asks.reasons.length)
  }
})
