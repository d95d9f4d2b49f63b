import { describe, expect, test } from 'vitest'
import { paperEnvironments } from '../lib/environments'
import { loadExpert } from '../lib/files/experts'
import { readResults, recordFileName } from '../lib/files/results'
import { type Protocol, protocolFor } from '../lib/protocol'
import { withExpertHash } from '../lib/record'
import { type AnyStrategyName, relatedNames, strategyNames } from '../lib/strategies'
import { expert, shortProtocol } from './short-run'

const { fit } = shortProtocol('dagger')

describe('`protocolFor`', () => {
  test.each<[Partial<Protocol>, RegExp]>([
    [{ iterations: 0 }, /iterations must be a whole number from 1 on, not 0/],
    [{ trials: 1.5 }, /trials must be a whole number from 1 on, not 1.5/],
    [{ validation: 1 }, /^validation .* from 0 to below 1, not 1/],
    [{ fit: { ...fit, loss: 'mse' as 'logistic' } }, /no fit.loss 'mse': choose one of squared-error, logistic/],
    [{ fit: { ...fit, learningRate: Number.NaN } }, /fit.learningRate must be a number above 0, not NaN/],
    [{ masses: 'old' as 'legacy' }, /no masses 'old'/],
    [{ engine: 'jax' as 'fused' }, /no engine 'jax': choose one of fused, tensorflow/],
    [{ rate: 1 }, /^rate .* from 0 to below 1, not 1/],
    [{ rate: -0.1 }, /^rate .* not -0.1/],
    [{ rate: 'x' as unknown as number }, /^rate .* not x/],
    [{ weighting: 'density' as 'nearest' }, /no weighting 'density': choose one of nearest/]
  ])('`protocolFor` refuses %j, and names the field, the value and what is allowed', (changes, message) => {
    expect(() => shortProtocol('dagger', changes)).toThrow(message)
  })

  test('`protocolFor` refuses an unknown environment or strategy, and lists the known ones', () => {
    expect(() => protocolFor('walker' as 'reacher', 'dagger', expert)).toThrow(
      /no environment 'walker': choose one of reacher, hopper/
    )
    expect(() => shortProtocol('dager' as 'dagger')).toThrow(
      /no strategy 'dager': choose one of supervised, dagger, random, safedagger,/
    )
  })

  test.each(['supervised', 'dagger', 'dropoutdagger', 'ensembledagger-full'] as const)(
    '`protocolFor` refuses a rate for %s, which queries in every state',
    (strategy) => {
      expect(() => shortProtocol(strategy, { rate: 0.2 })).toThrow(/^\S+ \S+ in every state: it has no rate/)
      expect(() => shortProtocol(strategy, { rate: 0.2 })).toThrow(strategy)
    }
  )
})

test('the paper’s protocol, and no other, has the hashes that name the committed records', async () => {
  const committed = [...(await readResults('data/results')).records.keys()]
  for (const environment of paperEnvironments) {
    const expert = await loadExpert(environment)
    const named = async (strategy: AnyStrategyName, changes: Partial<Protocol> = {}) =>
      recordFileName({ protocol: await withExpertHash(protocolFor(environment, strategy, expert, changes)), seed: 1 })
    for (const strategy of strategyNames) {
      expect(committed).toContain(await named(strategy))
      expect(committed).not.toContain(await named(strategy, { weighting: 'nearest' }))
    }
    expect(committed).not.toContain(await named('random', { rate: 0.3 }))
    for (const strategy of relatedNames) expect(committed).not.toContain(await named(strategy))
  }
})
