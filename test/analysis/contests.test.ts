import { describe, expect, test } from 'vitest'
import { contests, final } from '../../lib/analysis/contests'
import type { EnvironmentName } from '../../lib/environments'
import { type Protocol, protocolFor } from '../../lib/experiments/protocol'
import { numerics, type RecordedProtocol, type RunRecord } from '../../lib/experiments/record'
import { perceptron } from '../../lib/networks'
import { isRecord } from '../../lib/networks/topology'
import { type StrategyName, strategyNames } from '../../lib/strategies'
import { outcome, scattered } from './contest'

const expert = { topology: perceptron(11, [], 2), weights: [] }
const protocolOf = (
  strategy: StrategyName,
  changes: Partial<Protocol> = {},
  environment: EnvironmentName = 'reacher'
): RecordedProtocol => ({ ...protocolFor(environment, strategy, expert, changes), expert: 'the one' })

const recordOf = (protocol: RecordedProtocol, seed: number): RunRecord => ({
  format: 'radgrad record',
  numerics,
  protocol,
  seed,
  outcome: scattered(seed, 2).outcomes[protocol.strategy as StrategyName],
  made: { seconds: [], machine: 'none' },
  checksum: 'unread'
})

/** The nine records of a seed, with something about their protocols changed. */
const recordsOf = (seed: number, change: (strategy: StrategyName) => RecordedProtocol = protocolOf): RunRecord[] =>
  strategyNames.map((strategy) => recordOf(change(strategy), seed))

const seeds = async (records: Iterable<RunRecord>, protocol = protocolOf('dagger')) =>
  (await contests(records, protocol)).map(({ seed }) => seed)

describe('contests', () => {
  test('are what the nine came to, by seed in numbers’ order', async () => {
    const records = [...recordsOf(10), ...recordsOf(2), ...recordsOf(33)].reverse()
    expect(await contests(records, protocolOf('dagger'))).toEqual([2, 10, 33].map((seed) => scattered(seed, 2)))
  })

  test('are found by the protocol of any strategy', async () => {
    for (const strategy of strategyNames) expect(await seeds(recordsOf(1), protocolOf(strategy))).toEqual([1])
  })

  test('leave out a seed that a strategy has not run with', async () => {
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
  ])('leave out records %s', async (_, other) => {
    const wanted = recordsOf(1)
    expect(await contests([...recordsOf(1, other), ...wanted, ...recordsOf(2, other)], protocolOf('dagger'))).toEqual(
      await contests(wanted, protocolOf('dagger'))
    )
    expect(await seeds([...recordsOf(2, other), ...wanted], other('random'))).toEqual([2])
  })

  test('are not pieced together from different protocols', async () => {
    const records = recordsOf(1, (strategy) => protocolOf(strategy, strategy === 'loss' ? { trials: 3 } : {}))
    await expect(seeds(records)).rejects.toThrow(/no seed of reacher/)
  })

  test('do not ask for the fields of a protocol in any order', async () => {
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

test('the final iteration is the last', () => {
  const points = [
    { queries: 1, loss: 9 },
    { queries: 2, loss: 8 },
    { queries: 3, loss: 7 }
  ]
  expect(final(outcome(points))).toMatchObject({ iteration: 3, queries: 3, loss: 7 })
})
