import { expect, test } from 'vitest'
import { finalIteration } from '../lib/analysis/results-by-seed'
import { perceptron } from '../lib/networks'
import { type Protocol, protocolFor } from '../lib/protocol'
import { numericsVersion, type RecordedProtocol, type RunRecord } from '../lib/record'
import { type AnyStrategyName, type StrategyName, strategyFor, strategyNames } from '../lib/strategies'
import { nineAtOneRate } from '../tools/report/nine-at-one-rate.ts'
import { outcome } from './analysis/seed-results'

const expert = { topology: perceptron(11, [], 2), weights: [] }
const protocolOf = (strategy: AnyStrategyName, changes: Partial<Protocol> = {}): RecordedProtocol => ({
  ...protocolFor('reacher', strategy, expert, changes),
  expert: 'the one'
})

/** A run of seven iterations: in all trials but the first twenty its returns are far lower. */
const recordOf = (protocol: RecordedProtocol, losses: readonly number[]): RunRecord => {
  const { iterations, ...rest } = outcome(losses.map((loss) => ({ queries: 1, loss })))
  const trials = (first: number, others: number) =>
    Array.from({ length: protocol.trials }, (_, i) => (i < 20 ? first : others))
  const returns = iterations.map((one, i) => ({ ...one, returns: trials(10 - losses[i], -99) }))
  return {
    format: 'radgrad record',
    numerics: numericsVersion,
    protocol,
    seed: 3,
    outcome: { ...rest, expertReturns: trials(10, 99), iterations: returns },
    provenance: { seconds: [], machine: 'none' },
    checksum: 'unread'
  }
}

const isRule = (name: StrategyName): boolean => strategyFor(name, protocolOf(name).hyperparameters).critic !== undefined
const even = (name: StrategyName): RecordedProtocol => protocolOf(name, isRule(name) ? { trials: 20, rate: 0.3 } : {})

test('the nine at one rate are of records of any trials, by the first twenty, and the mean of the last five iterations', async () => {
  const wanted = strategyNames.map((name, k) =>
    recordOf(
      even(name),
      [9, 9, 1, 2, 3, 4, 5].map((loss) => loss + k)
    )
  )
  const others = [
    ...strategyNames.filter(isRule).map((name) => recordOf(protocolOf(name), [7])), // at Table 1's thresholds
    recordOf(protocolOf('loss', { trials: 20, rate: 0.2 }), [7]),
    recordOf(protocolOf('random', { trials: 20, rate: 0.3 }), [7]),
    recordOf(protocolOf('loss-gradient', { trials: 20, rate: 0.3, weighting: 'nearest' }), [7]),
    recordOf({ ...even('loss'), expert: 'another' }, [7]),
    recordOf(protocolOf('bagger', { trials: 20, rate: 0.3 }), [7])
  ]
  const [{ seed, outcomes }, ...more] = await nineAtOneRate([...others, ...wanted, ...others], protocolOf('dagger'))
  expect([seed, more]).toEqual([3, []])
  for (const [k, name] of strategyNames.entries()) {
    const { expertReturns, iterations } = outcomes[name]
    expect(expertReturns).toEqual(Array(20).fill(10))
    expect(iterations.map(({ loss }) => loss)).toEqual([9, 9, 1, 2, 3, 4, 3].map((loss) => loss + k))
    expect(finalIteration(outcomes[name]).queries).toBe(1)
  }
  await expect(nineAtOneRate(wanted.slice(1), protocolOf('dagger'))).rejects.toThrow(/no seed of reacher/)
})
