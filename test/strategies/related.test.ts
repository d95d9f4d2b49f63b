import { describe, expect, test } from 'vitest'
import {
  allStrategyNames,
  type Control,
  type Critic,
  expertWhenQueried,
  hyperparameters,
  learnerThroughout,
  type QueryStrategy,
  type RelatedName,
  relatedNames,
  relatedStrategies,
  type Scores,
  strategyNames,
  titleOf
} from '../../lib/strategies'
import { noCritic } from '../../lib/strategies/strategy'
import { drawn, linear, queriedBy, reasonsOf, rngs, scoresOf, stepOf } from './small'

type Strategies = Readonly<Record<RelatedName, QueryStrategy>>
const on: Readonly<Record<'reacher' | 'hopper', Strategies>> = {
  reacher: relatedStrategies(hyperparameters.reacher),
  hopper: relatedStrategies(hyperparameters.hopper)
}
const all = on.reacher

/** Returns the decisions of a control or a release at the given distances of the expert's action from the learner's. */
const saysAt = (decide: Control | undefined, distances: readonly number[], scores: Scores = {}) => {
  const rows = distances.length
  const critic: Critic = { ...noCritic, score: () => scores }
  const expertActions = Float32Array.from(distances.flatMap((d) => [0.6 * d, -0.8 * d]))
  return [
    ...decide!({
      ...stepOf(rows),
      learnerActions: new Float32Array(2 * rows),
      expertActions,
      critic
    })
  ]
}

test('all strategies have names and titles of their own', () => {
  expect(new Set(allStrategyNames).size).toBe(strategyNames.length + relatedNames.length)
  expect(new Set(allStrategyNames.map(titleOf)).size).toBe(allStrategyNames.length)
})

test.each<[RelatedName, 'reacher' | 'hopper', Record<string, number[]>, string[]]>([
  ['bagger', 'reacher', { lossPercentile: [0.0199, 0.0201] }, ['', 'lossPercentile']],
  ['bagger', 'hopper', { lossPercentile: [0.29, 0.31] }, ['', 'lossPercentile']],
  [
    'bagger-gradient',
    'reacher',
    { lossPercentile: [0, 0.1, 0], lossGradient: [0.0021, 0, 0.0019] },
    ['lossGradient', 'lossPercentile', '']
  ],
  // a variance is the square of a distance
  ['ensembledagger', 'reacher', { ensembleVariance: [0.00039, 0.00041] }, ['', 'ensembleVariance']],
  ['ensembledagger', 'hopper', { ensembleVariance: [0.089, 0.091] }, ['', 'ensembleVariance']],
  [
    'ensembledagger-gradient',
    'hopper',
    { ensembleVariance: [0, 0.1, 0], varianceGradient: [0.21, 0, 0.19] },
    ['varianceGradient', 'ensembleVariance', '']
  ],
  ['lazydagger', 'reacher', { risk: [0.5, 0.51] }, ['', 'risk']],
  [
    'lazydagger-gradient',
    'reacher',
    { risk: [0.4, 0.6, 0.4], riskGradient: [1.1, 0, 0.9] },
    ['riskGradient', 'risk', '']
  ]
])('%s on %s queries above the thresholds of Table 1: %j', (name, task, scores, expected) => {
  expect(reasonsOf(on[task][name].rule, scoresOf(scores), rngs(expected.length))).toEqual(expected)
})

test('a gradient variant adds the gradient of the score to the reasons, and differs in nothing else', () => {
  const gradients: Partial<Record<RelatedName, string>> = {
    bagger: 'lossGradient',
    ensembledagger: 'varianceGradient',
    lazydagger: 'riskGradient',
    thriftydagger: 'failureGradient',
    rnddagger: 'distillationGradient'
  }
  const variants = Object.keys(gradients).map((name) => `${name}-gradient`)
  expect(relatedNames.filter((name) => name.endsWith('-gradient'))).toEqual(variants)
  for (const [name, gradient] of Object.entries(gradients)) {
    const [variant, plain] = [all[`${name}-gradient` as RelatedName], all[name as RelatedName]]
    expect(variant.rule.reasons).toEqual([...plain.rule.reasons, gradient])
    expect([variant.critic, variant.control, variant.release]).toEqual([plain.critic, plain.control, plain.release])
  }
})

describe('LazyDAgger', () => {
  test('the expert of LazyDAgger acts where it is queried, and releases control within half of tau', () => {
    for (const { control, release } of [on.reacher.lazydagger, on.reacher['lazydagger-gradient']]) {
      expect(control).toBe(expertWhenQueried)
      expect(saysAt(release, [0, 0.0199, 0.0201, 0.04])).toEqual([1, 1, 0, 0])
    }
    expect(saysAt(on.hopper.lazydagger.release, [0.149, 0.151])).toEqual([1, 0])
  })
})

describe('ThriftyDAgger', () => {
  test('the expert of ThriftyDAgger releases control where the learner errs less than it used to and is likely to succeed', () => {
    const scores = scoresOf({ meanSquaredDistance: Array(4).fill(0.01), aboveMedianSuccess: [1, 1, 0, 0] })
    for (const { control, release } of [all.thriftydagger, all['thriftydagger-gradient']]) {
      expect(control).toBe(expertWhenQueried)
      expect(saysAt(release, [0.09, 0.11, 0.09, 0.11], scores)).toEqual([1, 0, 0, 0])
    }
  })

  test('a release by a score that the critic does not give is an error that names it', () => {
    expect(() => saysAt(all.thriftydagger.release, [0.1], scoresOf({ failureLogit: [0] }))).toThrow(
      "the critic gives failureLogit; the rule queries by 'meanSquaredDistance'"
    )
  })

  test('ThriftyDAgger queries in a hundredth of the learner’s states, those of most variance or failure', () => {
    const rows = 1000
    const columns = { ensembleVariance: drawn(rows, 'doubt'), failureLogit: drawn(rows, 'danger') }
    const visited = scoresOf(columns)
    const reasons = reasonsOf(all.thriftydagger.rule.calibrate!(visited), visited, rngs(rows))
    expect(reasons.filter(Boolean)).toHaveLength(10)
    for (const [name, values] of Object.entries(columns))
      expect(reasons[values.indexOf(Math.max(...values))]).toContain(name)
  })
})

describe('EnsembleDAgger, full', () => {
  test('the expert acts unless the learner is within tau of it and the variance within tau’s square', () => {
    const variances = scoresOf({ ensembleVariance: [0.00039, 0.00041, 0.00039, 0.00041] })
    const { control, release } = on.reacher['ensembledagger-full']
    expect(saysAt(control, [0.0199, 0.0199, 0.0201, 0.0201], variances)).toEqual([0, 1, 1, 1])
    expect(release).toBeUndefined()
    const low = scoresOf({ ensembleVariance: [0.089, 0.089] })
    expect(saysAt(on.hopper['ensembledagger-full'].control, [0.29, 0.31], low)).toEqual([0, 1])
  })
})

describe('RND-DAgger', () => {
  test('RND-DAgger queries in a twentieth of the states, those in which the distilled network errs most', () => {
    const distillationError = drawn(1000, 'new')
    const visited = scoresOf({ distillationError })
    const rule = all.rnddagger.rule.calibrate!(visited)
    const highest = distillationError.toSorted()[950]
    expect(queriedBy(rule, visited, rngs(1000))).toEqual(
      Array.from(distillationError, (value) => Number(value >= highest))
    )
    expect(rule.thresholds!.distillationError).toBeLessThan(highest)
    expect(rule.thresholds!.distillationError).toBeGreaterThanOrEqual(distillationError.toSorted()[949])
  })

  test('the expert of RND-DAgger releases control after five steps in a row in which no score exceeds its threshold', () => {
    const { control, release } = all['rnddagger-gradient']
    expect(control).toBe(expertWhenQueried)
    const thresholds = { distillationError: 1, distillationGradient: 2 }
    const memories = [{}, {}]
    const releases = (errors: number[], gradients: number[]) => [
      ...release!({
        ...stepOf(2),
        memories,
        thresholds,
        scores: scoresOf({ distillationError: errors, distillationGradient: gradients })
      })
    ]
    // the first episode is new by its gradient at the third step
    const released = [0, 0, 1, 0, 0, 0, 0, 0].map((isNew, i) => releases([1, i === 0 ? 1.1 : 0], [2 + isNew, 0]))
    expect(released.map(([first]) => first)).toEqual([0, 0, 0, 0, 0, 0, 0, 1])
    expect(released.map(([, second]) => second)).toEqual([0, 0, 0, 0, 0, 1, 1, 1])
  })
})

test('Bootstrap-DAgger labels a twentieth of the states at random, while a random member acts in each', async () => {
  const { rule, control, behaviour } = all.bootstrapdagger
  expect(control).toBe(learnerThroughout)
  const rows = 4000
  const count = queriedBy(rule, {}, rngs(rows)).filter(Boolean).length
  expect(Math.abs(count / rows - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / rows))
  // member k moves by (k, 10 k) times the state
  const networks = await Promise.all([1, 2, 3].map((k) => linear([[k, 10 * k]], [0, 0])))
  const states = Float32Array.from({ length: rows }, () => 2)
  const actions = behaviour!({ ...stepOf(rows), states, critic: { ...noCritic, networks } }, rngs(rows))
  const drawnMembers = Array.from({ length: rows }, (_, row) => actions[2 * row] / 2)
  drawnMembers.forEach((k, row) => {
    expect(actions[2 * row + 1]).toBe(20 * k)
  })
  for (const k of [1, 2, 3]) {
    const share = drawnMembers.filter((drawn) => drawn === k).length / rows
    expect(Math.abs(share - 1 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / rows))
  }
})

test('DropoutDAgger and the full EnsembleDAgger query in every state, whatever the rate', () => {
  for (const rate of [undefined, 0.01]) {
    const rated: Strategies = relatedStrategies(hyperparameters.reacher, undefined, rate)
    for (const name of ['dropoutdagger', 'ensembledagger-full'] as const) {
      expect(rated[name].rule.calibrate).toBeUndefined()
      expect(queriedBy(rated[name].rule, {}, rngs(3))).toEqual([1, 1, 1])
    }
  }
})

test('CRSAIL queries in a twentieth of the states, the furthest from labelled ones, while the learner acts', () => {
  expect(all.crsail.control).toBe(learnerThroughout)
  expect(all.crsail.release).toBeUndefined()
  const neighbourDistance = drawn(1000, 'novelty')
  const visited = scoresOf({ neighbourDistance })
  const furthest = neighbourDistance.toSorted()[950]
  expect(queriedBy(all.crsail.rule.calibrate!(visited), visited, rngs(1000))).toEqual(
    Array.from(neighbourDistance, (value) => Number(value >= furthest))
  )
})

test('a related strategy set to a rate queries in that fraction of states by the same scores, by the logit for the risk', () => {
  const rows = 500
  const names = [
    ...['lossPercentile', 'lossGradient', 'ensembleVariance', 'varianceGradient', 'riskLogit', 'riskGradient'],
    ...['failureLogit', 'failureGradient', 'neighbourDistance', 'distillationError', 'distillationGradient']
  ]
  const visited = scoresOf(Object.fromEntries(names.map((name) => [name, drawn(rows, 'rate', name)])))
  const rated: Strategies = relatedStrategies(hyperparameters.reacher, undefined, 0.2)
  for (const name of relatedNames) {
    const { rule } = rated[name]
    expect(rule.reasons).toEqual(all[name].rule.reasons.map((reason) => (reason === 'risk' ? 'riskLogit' : reason)))
    if (['dropoutdagger', 'ensembledagger-full', 'bootstrapdagger'].includes(name)) continue
    const count = queriedBy(rule.calibrate!(visited), visited, rngs(rows)).filter(Boolean).length
    // where two scores step over the fraction together, chance decides of the states between
    expect(Math.abs(count - 100), name).toBeLessThan(rule.reasons.length)
  }
})
