import { expect, test } from 'vitest'
import { chooseThresholds, commonRate, queryBudget } from '../../lib/analysis/study'
import type { SweepPoint } from '../../lib/analysis/sweep'
import { perceptron } from '../../lib/networks'
import { protocolFor } from '../../lib/protocol'
import type { AnyStrategyName } from '../../lib/strategies'

const expert = { topology: perceptron(11, [], 2), weights: [] }
function point(strategy: AnyStrategyName, rate: number, runs: readonly (readonly [number, number])[]): SweepPoint {
  const protocol = { ...protocolFor('reacher', strategy, expert, { rate }), expert: 'a hash' }
  return { protocol, runs: runs.map(([queries, loss], i) => ({ seed: 101 + i, queries, loss })) }
}

const random = point('random', commonRate, [
  [900, 1],
  [1100, 1]
])

test('the budget is 1.1 times the mean queries of Random at a rate of 30 %', () => {
  expect(queryBudget([point('random', 0.1, [[300, 2]]), point('loss', commonRate, [[5, 1]]), random])).toBeCloseTo(1100)
})

test('a sweep without Random at the common rate has no budget, and the error says so', () => {
  expect(() => queryBudget([point('random', 0.1, [[300, 2]])])).toThrow('Random at rate 0.3')
})

test('each strategy’s best threshold loses least among those within the budget', () => {
  const within = point('loss', 0.2, [[1100, 3]])
  const points = [random, point('loss', 0.1, [[400, 4]]), within, point('loss', 0.45, [[1101, 2]])]
  expect(chooseThresholds(points)).toEqual([random, within])
})

test('a strategy without a threshold within the budget is represented by the one that loses least of all', () => {
  const [dear, dearer] = [point('loss', 0.3, [[2000, 3]]), point('loss', 0.45, [[3000, 2]])]
  expect(chooseThresholds([random, dear, dearer])).toEqual([random, dearer])
})
