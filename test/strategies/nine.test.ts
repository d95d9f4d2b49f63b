import { describe, expect, test } from 'vitest'
import {
  hyperparameters,
  type QueryStrategy,
  type Rule,
  strategiesFor,
  strategyNames,
  unaided
} from '../../lib/strategies'
import { drawn, rngs } from './small'

describe('the nine', () => {
  /** In which of these states each strategy asks, the coin and chance left out: where the expert surely, or never, is asked. */
  const asked = (environment: 'reacher' | 'hopper', scores: Record<string, number>) => {
    const rows = 4000
    const columns = Object.fromEntries(
      Object.entries(scores).map(([name, score]) => [name, new Float32Array(rows).fill(score)])
    )
    return Object.fromEntries(
      strategyNames.map((name) => {
        const bits = strategiesFor(hyperparameters[environment])[name].asks.decide(columns, rngs(rows, name))
        return [name, Math.round(20 * (bits.filter((b) => b > 0).length / rows)) / 20]
      })
    )
  }
  const chance = { supervised: 1, dagger: 1, random: 0.3 }

  test('are those of Table 2, with Table 1’s thresholds: below them all', () => {
    const below = { discrepancy: 0.0199, steepness: 0.0019, risk: 0.5 }
    expect(asked('reacher', below)).toEqual({
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
  ] as const)('on %s, with a gradient of %d', (environment, steepness, safety, loss) => {
    expect(asked(environment, { discrepancy: 0, risk: 0, steepness })).toEqual({
      ...chance,
      safedagger: 0,
      'safedagger-gradient': safety,
      'safedagger-gradient-random': safety ? 0.65 : 0.15,
      loss: 0,
      'loss-gradient': loss,
      'loss-gradient-random': loss ? 0.65 : 0.15
    })
  })

  test.each([
    ['reacher', 0.021, 0.51],
    ['hopper', 0.31, 0.51]
  ] as const)('on %s, with a predicted loss of %d and a risk of %d', (environment, discrepancy, risk) => {
    expect(asked(environment, { discrepancy, risk, steepness: 0 })).toEqual({
      ...chance,
      safedagger: 1,
      'safedagger-gradient': 1,
      'safedagger-gradient-random': 0.65,
      loss: 1,
      'loss-gradient': 1,
      'loss-gradient-random': 0.65
    })
  })

  test('learn the critic they ask by, and let the expert act just where it was asked', () => {
    for (const name of strategyNames) {
      const { title, actor, asks, critic } = { critic: undefined, ...strategiesFor(hyperparameters.reacher)[name] }
      const judged = asks.reasons.some((reason) => reason !== 'always' && reason !== 'random')
      expect(critic !== undefined, title).toBe(judged)
      if (judged) expect(actor).toBe('expert-when-asked')
    }
    expect(hyperparameters.reacher.safety.tau).toBe(0.04)
  })

  test('have none that is unaided: there the learner acts, and nobody is asked', () => {
    expect(strategyNames).not.toContain('unaided')
    expect(unaided.actor).toBe('learner')
    expect([...unaided.asks.decide({}, rngs(3))]).toEqual([0, 0, 0])
    expect(unaided.asks.calibrate).toBeUndefined()
  })

  describe('set to a rate', () => {
    const rate = 0.12
    const rated = strategiesFor(hyperparameters.reacher, undefined, rate)
    const rows = 4000
    const seen = Object.fromEntries(
      ['discrepancy', 'steepness', 'logit'].map((name) => [name, drawn(rows, name).map(Math.abs)])
    )
    const gated = strategyNames.filter((name) => 'critic' in rated[name])

    test('are calibrated where they have a critic, and ask of the same scores, of a risk by its logit', () => {
      const plain: Record<string, QueryStrategy> = strategiesFor(hyperparameters.reacher)
      expect(gated).toHaveLength(6)
      for (const [name, { asks, actor, title }] of Object.entries<QueryStrategy>(rated)) {
        expect(asks.calibrate !== undefined, name).toBe((gated as string[]).includes(name))
        const reasons = plain[name].asks.reasons.map((reason) => (reason === 'risk' ? 'logit' : reason))
        expect([asks.reasons, actor, title]).toEqual([reasons, plain[name].actor, plain[name].title])
        expect(plain[name].asks.calibrate).toBeUndefined()
      }
      const steep = [plain, rated].map(({ 'safedagger-gradient': { asks } }) => asks.reasons)
      expect(steep).toEqual([
        ['risk', 'steepness'],
        ['logit', 'steepness']
      ])
    })

    test('ask at it', () => {
      for (const name of [...gated, 'random'] as const) {
        const rule: Rule = rated[name].asks
        const bits = (rule.calibrate?.(seen) ?? rule).decide(seen, rngs(rows, name))
        const chance = rule.reasons.includes('random')
        const off = Math.abs(bits.filter(Boolean).length / rows - rate)
        expect(off, name).toBeLessThan(chance ? 4 * Math.sqrt((rate * (1 - rate)) / rows) : 1.5 / rows)
      }
    })

    test('do not, if they ask always', () => {
      for (const name of ['supervised', 'dagger'] as const)
        expect([...rated[name].asks.decide({}, rngs(2))]).toEqual([1, 1])
    })
  })
})
