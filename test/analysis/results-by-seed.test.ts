import { describe, expect, test } from 'vitest'
import { finalIteration, resultsBySeed } from '../../lib/analysis/results-by-seed'
import type { EnvironmentName } from '../../lib/environments'
import { perceptron } from '../../lib/networks'
import { type Protocol, protocolFor } from '../../lib/protocol'
import { numericsVersion, type RecordedProtocol, type RunRecord } from '../../lib/record'
import { type StrategyName, strategyNames } from '../../lib/strategies'
import { isRecord } from '../../lib/util/json'
import { outcome, scattered } from './seed-results'

const expert = { topology: perceptron(11, [], 2), weights: [] }
const protocolOf = (
  strategy: StrategyName,
  changes: Partial<Protocol> = {},
  environment: EnvironmentName = 'reacher'
): RecordedProtocol => ({ ...protocolFor(environment, strategy, expert, changes), expert: 'the one' })

const recordOf = (protocol: RecordedProtocol, seed: number): RunRecord => ({
  format: 'radgrad record',
  numerics: numericsVersion,
  protocol,
  seed,
  outcome: scattered(seed, 2).outcomes[protocol.strategy as StrategyName],
  provenance: { seconds: [], machine: 'none' },
  checksum: 'unread'
})

/** Returns the nine records of a seed, with a change of their protocols. */
const recordsOf = (seed: number, change: (strategy: StrategyName) => RecordedProtocol = protocolOf): RunRecord[] =>
  strategyNames.map((strategy) => recordOf(change(strategy), seed))

const seeds = async (records: Iterable<RunRecord>, protocol = protocolOf('dagger')) =>
  (await resultsBySeed(records, protocol)).map(({ seed }) => seed)

describe('results by seed', () => {
  test('the results of a seed are the outcomes of the nine strategies, by ascending seed', async () => {
    const records = [...recordsOf(10), ...recordsOf(2), ...recordsOf(33)].reverse()
    expect(await resultsBySeed(records, protocolOf('dagger'))).toEqual([2, 10, 33].map((seed) => scattered(seed, 2)))
  })

  test('results are found by the protocol of any strategy', async () => {
    for (const strategy of strategyNames) expect(await seeds(recordsOf(1), protocolOf(strategy))).toEqual([1])
  })

  test('a seed that lacks a strategy is left out', async () => {
    for (const missing of strategyNames) {
      const incomplete = recordsOf(1).filter(({ protocol }) => protocol.strategy !== missing)
      expect(await seeds([...incomplete, ...recordsOf(2)])).toEqual([2])
    }
    await expect(seeds(recordsOf(1).slice(1))).rejects.toThrow(/no seed of reacher has records of all 9 strategies/)
  })

  test.each<[string, (strategy: StrategyName) => RecordedProtocol]>([
    ['with another choice', (strategy) => protocolOf(strategy, { labels: 'clipped' })],
    [
      'with another number deep inside',
      (strategy) => {
        const protocol = protocolOf(strategy)
        return { ...protocol, fit: { ...protocol.fit, epochs: protocol.fit.epochs + 1 } }
      }
    ],
    ['of another expert', (strategy) => ({ ...protocolOf(strategy), expert: 'another' })],
    ['in another environment', (strategy) => protocolOf(strategy, {}, 'hopper')],
    ['in another environment, else the same', (strategy) => ({ ...protocolOf(strategy), environment: 'hopper' })]
  ])('results leave out records %s', async (_, other) => {
    const wanted = recordsOf(1)
    expect(
      await resultsBySeed([...recordsOf(1, other), ...wanted, ...recordsOf(2, other)], protocolOf('dagger'))
    ).toEqual(await resultsBySeed(wanted, protocolOf('dagger')))
    expect(await seeds([...recordsOf(2, other), ...wanted], other('random'))).toEqual([2])
  })

  test('results are not pieced together from different protocols', async () => {
    const records = recordsOf(1, (strategy) => protocolOf(strategy, strategy === 'loss' ? { trials: 3 } : {}))
    await expect(seeds(records)).rejects.toThrow(/no seed of reacher/)
  })

  test('the order of a protocol’s fields does not matter', async () => {
    const reversed = (value: unknown): unknown =>
      isRecord(value)
        ? Object.fromEntries(
            Object.entries(value)
              .map(([key, inner]) => [key, reversed(inner)])
              .reverse()
          )
        : value
    const other = (strategy: StrategyName) => reversed(protocolOf(strategy)) as RecordedProtocol
    expect(JSON.stringify(other('loss'))).not.toBe(JSON.stringify(protocolOf('loss')))
    expect(await seeds([...recordsOf(1, other), ...recordsOf(2)])).toEqual([1, 2])
    expect(await seeds(recordsOf(1), other('loss'))).toEqual([1])
  })
})

test('the final iteration is the last one', () => {
  const points = [
    { queries: 1, loss: 9 },
    { queries: 2, loss: 8 },
    { queries: 3, loss: 7 }
  ]
  expect(finalIteration(outcome(points))).toMatchObject({ iteration: 3, queries: 3, loss: 7 })
})
