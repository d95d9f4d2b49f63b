/** The related strategies through Algorithm 1, on runs of three short iterations; `golden` tests that they give the same each time. */
import { expect, test } from 'vitest'
import { type AnyStrategyName, always, hyperparameters, relatedNames, strategyFor } from '../../lib/strategies'
import { hashOfNumbers } from '../numbers'
import { recordsOf, shorterProtocol } from '../short-run'

const hasRate = (name: AnyStrategyName) => strategyFor(name, hyperparameters.reacher).rule !== always
const runs = relatedNames.flatMap((name) => [
  [name, 'thresholds', undefined] as const,
  ...(hasRate(name) ? [[name, 'a rate', 0.2] as const] : [])
])

test.each(runs)(
  '%s by %s records each reason of its rule, after a first batch labelled throughout',
  async (name, _, rate) => {
    const { rule, release } = strategyFor(name, hyperparameters.reacher, undefined, rate)
    const [begun, ...later] = await recordsOf(shorterProtocol(name, rate === undefined ? {} : { rate }))
    expect(begun.queries).toBe(100)
    for (const { rules } of later)
      expect(rules.map(({ reason }) => reason)).toEqual([...rule.reasons, ...(release ? ['expertControl'] : [])])
  }
)

test.each(['dropoutdagger', 'ensembledagger-full'] as const)('%s queries in all states of a run', async (name) => {
  expect((await recordsOf(shorterProtocol(name))).map(({ queries }) => queries)).toEqual([100, 200, 300])
})

test('CRSAIL set to a rate queries in about that fraction of the states of a run', async () => {
  // neighbouring states are alike, so two hundred of a thousand is all that can be said
  const [first, , third] = await recordsOf(shorterProtocol('crsail', { rate: 0.2, episodes: 10 }))
  expect(first.queries).toBe(500)
  expect(Math.abs((third.queries - first.queries) / 1000 - 0.2)).toBeLessThan(0.1)
})

/** So wide that samples of the policy, and members, differ in their distance from the expert; the golden hashes have Table 1's. */
const wide = { hyperparameters: { ...hyperparameters.reacher, loss: { ...hyperparameters.reacher.loss, tau: 0.3 } } }
test.each<[AnyStrategyName, string]>([
  ['dropoutdagger', '2062815c743f1fa9'],
  ['ensembledagger-full', '311bf6403b75e6fb']
])('the numbers of %s within a wide tau are those of the committed records’ code', async (name, hash) => {
  expect(hashOfNumbers(await recordsOf(shorterProtocol(name, wide)))).toBe(hash)
})
