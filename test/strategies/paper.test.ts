import { describe, expect, test } from 'vitest'
import {
  hyperparameters,
  learnerAlone,
  learnerThroughout,
  paperStrategies,
  type QueryStrategy,
  type Rule,
  strategyNames
} from '../../lib/strategies'
import { firstBatch } from '../../lib/strategies/paper'
import { drawn, queriedBy, rngs, scoresOf, stepOf } from './small'

/** Returns the decisions of `control` in three queried states: 1 where the expert acts. */
const controls = ({ control }: QueryStrategy) => {
  return [...control(stepOf(3))]
}

const rows = 4000
/** One generator a row: to make four thousand for each strategy would take seconds. */
const generators = rngs(rows)

describe('the paper’s nine strategies', () => {
  /** The fraction of states in which each strategy queries when all have these scores, to the nearest twentieth. */
  const fractions = (environment: 'reacher' | 'hopper', scores: Record<string, number>) => {
    const columns = Object.entries(scores).map(([name, score]) => [name, new Float32Array(rows).fill(score)])
    return Object.fromEntries(
      strategyNames.map((name) => {
        const { rule } = paperStrategies(hyperparameters[environment])[name]
        const queried = queriedBy(rule, scoresOf(Object.fromEntries(columns)), generators)
        return [name, Math.round(20 * (queried.filter(Boolean).length / rows)) / 20]
      })
    )
  }
  const chance = { supervised: 1, dagger: 1, random: 0.3 }

  test('a strategy of the paper does not query where its scores are below Table 1’s thresholds, but by chance', () => {
    const below = { predictedLoss: 0.0199, lossGradient: 0.0019, risk: 0.5, riskGradient: 0.999 }
    expect(fractions('reacher', below)).toEqual({
      ...chance,
      safedagger: 0,
      'safedagger-gradient': 0,
      'safedagger-gradient-random': 0.15,
      loss: 0,
      'loss-gradient': 0,
      'loss-gradient-random': 0.15
    })
  })

  test.each([
    ['reacher', 0.0021, 0, 1],
    ['reacher', 1.01, 1, 1],
    ['hopper', 0.21, 0, 1],
    ['hopper', 201, 1, 1],
    ['hopper', 0.19, 0, 0]
  ] as const)(
    'on %s a gradient of %d makes those query whose threshold epsilon it exceeds',
    (environment, gradient, safety, loss) => {
      const scores = { predictedLoss: 0, risk: 0, lossGradient: gradient, riskGradient: gradient }
      expect(fractions(environment, scores)).toEqual({
        ...chance,
        safedagger: 0,
        'safedagger-gradient': safety,
        'safedagger-gradient-random': safety ? 0.65 : 0.15,
        loss: 0,
        'loss-gradient': loss,
        'loss-gradient-random': loss ? 0.65 : 0.15
      })
    }
  )

  test.each([
    ['reacher', 0.021, 0.51],
    ['hopper', 0.31, 0.51]
  ] as const)('on %s a predicted loss of %d and a risk of %d make all query', (environment, predictedLoss, risk) => {
    expect(fractions(environment, { predictedLoss, risk, lossGradient: 0, riskGradient: 0 })).toEqual({
      ...chance,
      safedagger: 1,
      'safedagger-gradient': 1,
      'safedagger-gradient-random': 0.65,
      loss: 1,
      'loss-gradient': 1,
      'loss-gradient-random': 0.65
    })
  })

  test('a strategy of the paper has a critic if it queries by a score', () => {
    const strategies: Record<string, QueryStrategy> = paperStrategies(hyperparameters.reacher)
    for (const { title, rule, critic } of Object.values(strategies)) {
      const scored = rule.reasons.filter((reason) => reason !== 'always' && reason !== 'random')
      expect(critic !== undefined, title).toBe(scored.length > 0)
    }
    expect(hyperparameters.reacher.safety.tau).toBe(0.04)
  })

  test('the expert acts where it is queried, but in DAgger, and releases control at once', () => {
    const strategies: Record<string, QueryStrategy> = paperStrategies(hyperparameters.reacher)
    for (const [name, strategy] of Object.entries(strategies)) {
      expect(controls(strategy), name).toEqual(name === 'dagger' ? [0, 0, 0] : [1, 1, 1])
      expect(strategy.release, name).toBeUndefined()
    }
  })

  test('the learner alone is none of them: it acts throughout, without a query', () => {
    expect(strategyNames).toHaveLength(9)
    expect(learnerAlone.control).toBe(learnerThroughout)
    expect(queriedBy(learnerAlone.rule, {}, rngs(3))).toEqual([0, 0, 0])
    expect(learnerAlone.rule.calibrate).toBeUndefined()
  })

  test('the first batch is labelled throughout, while the learner acts or the expert', () => {
    for (const actor of ['learner', 'expert'] as const) {
      expect(queriedBy(firstBatch(actor).rule, {}, rngs(3))).toEqual([1, 1, 1])
      expect(controls(firstBatch(actor))).toEqual(actor === 'expert' ? [1, 1, 1] : [0, 0, 0])
    }
  })

  describe('set to a rate', () => {
    const rate = 0.12
    const rated: Record<string, QueryStrategy> = paperStrategies(hyperparameters.reacher, undefined, rate)
    const names = ['predictedLoss', 'lossGradient', 'riskLogit', 'riskGradient']
    const visited = scoresOf(Object.fromEntries(names.map((name) => [name, drawn(rows, name).map(Math.abs)])))
    const scored = strategyNames.filter((name) => rated[name].critic)

    test('a strategy with a critic is calibrated to a rate by the scores of its rule, by the logit for the risk', () => {
      const plain: Record<string, QueryStrategy> = paperStrategies(hyperparameters.reacher)
      expect(scored).toHaveLength(6)
      for (const [name, { rule, control, title }] of Object.entries(rated)) {
        expect(rule.calibrate !== undefined, name).toBe((scored as string[]).includes(name))
        const reasons = plain[name].rule.reasons.map((reason) => (reason === 'risk' ? 'riskLogit' : reason))
        expect([rule.reasons, control, title]).toEqual([reasons, plain[name].control, plain[name].title])
        expect(plain[name].rule.calibrate).toBeUndefined()
      }
      const reasons = [plain, rated].map((strategies) => strategies['safedagger-gradient'].rule.reasons)
      expect(reasons).toEqual([
        ['risk', 'riskGradient'],
        ['riskLogit', 'riskGradient']
      ])
    })

    test('a strategy set to a rate queries in that fraction of the states', () => {
      for (const name of [...scored, 'random'] as const) {
        const rule: Rule = rated[name].rule
        const queried = queriedBy(rule.calibrate?.(visited) ?? rule, visited, generators)
        const chance = rule.reasons.includes('random')
        const off = Math.abs(queried.filter(Boolean).length / rows - rate)
        expect(off, name).toBeLessThan(chance ? 4 * Math.sqrt((rate * (1 - rate)) / rows) : 1.5 / rows)
      }
    })

    test('Supervised and DAgger query in every state, whatever the rate', () => {
      for (const name of ['supervised', 'dagger']) expect(queriedBy(rated[name].rule, {}, rngs(2))).toEqual([1, 1])
    })
  })
})
