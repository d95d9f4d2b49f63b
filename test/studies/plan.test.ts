/** The plans of the studies: which runs are computed. */

import {
  loadExpert,
  paperEnvironments,
  protocolFor,
  resultSeeds,
  type SweepPoint,
  strategyNames,
  withExpertHash
} from 'radgrad'
import { recordFileName } from 'radgrad/dist/internal.js'
import { expect, test } from 'vitest'
import '../../tools/host/register.ts' // for the compiled library
import { best, even, rates, strategies, sweep, variants } from '../../tools/studies/beyond/plan.ts'
import { budgets, nine, spread, spreading } from '../../tools/studies/budget/plan.ts'
import type { Run } from '../../tools/studies/runs.ts'
import { otherTasks, nine as tasksNine } from '../../tools/studies/tasks/plan.ts'
import { distanceToTable2, runKey } from '../../tools/studies/tuning/distance.ts'
import { plan, protocolOfVariant, variants as tuningVariants } from '../../tools/studies/tuning/plan.ts'

const expert = await loadExpert('reacher')
const pointsOf = (only: (strategy: string) => boolean): SweepPoint[] =>
  sweep('reacher', expert)
    .filter(({ protocol, seed }) => seed === 101 && only(protocol.strategy))
    .map(({ protocol }) => ({
      protocol: { ...protocol, expert: 'a hash' },
      runs: [101, 102, 103].map((seed) => ({ seed, queries: 1000, loss: protocol.rate ?? 0 }))
    }))

test('the sweep has every strategy at four thresholds with three seeds', () => {
  const runs = sweep('reacher', expert)
  expect(runs).toHaveLength(21 * 4 * 3)
  expect(new Set(runs.map(({ protocol }) => protocol.strategy))).toEqual(new Set(strategies))
  const random = runs.filter(({ protocol, seed }) => protocol.strategy === 'random' && seed === 102)
  expect(random.map(({ protocol }) => protocol.rate)).toEqual(rates)
  const full = runs.filter(({ protocol, seed }) => protocol.strategy === 'ensembledagger-full' && seed === 102)
  expect(full.map(({ protocol }) => protocol.hyperparameters.loss.tau / 0.02)).toEqual([1, 4, 8, 16])
})

test('the variants are compared on ten seeds at a rate of 30 %', () => {
  const runs = even('reacher', expert)
  expect(runs).toHaveLength(10 * variants.length)
  expect(new Set(runs.map(({ protocol }) => protocol.rate))).toEqual(new Set([0.3]))
})

test('the best thresholds are run on ten seeds that had no part in the choice', () => {
  const runs = best(
    expert,
    pointsOf(() => true)
  )
  expect(runs).toHaveLength(21 * 10)
  expect(new Set(runs.map(({ seed }) => seed))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
  // all cost the same here, so the least loss decides
  expect(runs.find(({ protocol }) => protocol.strategy === 'loss')?.protocol.rate).toBe(0.03)
})

test('a strategy whose sweep is incomplete has no best threshold, and without Random’s sweep none has', () => {
  const complete = pointsOf((name) => name === 'random' || name === 'loss')
  const names = (points: SweepPoint[]) => new Set(best(expert, points).map(({ protocol }) => protocol.strategy))
  expect(names(complete)).toEqual(new Set(['random', 'loss']))
  expect(names(complete.slice(0, -1))).toEqual(new Set(['random']))
  expect(names(pointsOf((name) => name === 'loss'))).toEqual(new Set())
  expect(new Set(best(expert, complete, ['loss']).map(({ protocol }) => protocol.strategy))).toEqual(new Set(['loss']))
})

/** Counts the records of runs by their names. */
const recordsOf = async (runs: readonly Run[]): Promise<number> => {
  const names = runs.map(async ({ protocol, seed }) =>
    recordFileName({ protocol: await withExpertHash(protocol), seed })
  )
  return new Set(await Promise.all(names)).size
}

/** Returns how often each value of a field is in some runs. */
const counts = (values: readonly unknown[]): Record<string, number> => {
  const found: Record<string, number> = {}
  for (const value of values) found[String(value)] = (found[String(value)] ?? 0) + 1
  return found
}

test.each(paperEnvironments)('on %s a budget is spent in four ways by four strategies with ten seeds', async (task) => {
  const runs = spread(task, await loadExpert(task))
  expect(runs).toHaveLength(4 * 4 * 10)
  expect(await recordsOf(runs)).toBe(runs.length)
  expect(counts(runs.map(({ seed }) => seed))).toEqual(Object.fromEntries(resultSeeds.map((seed) => [seed, 16])))
  expect(counts(runs.map(({ protocol }) => protocol.strategy))).toEqual(
    Object.fromEntries(spreading.map((name) => [name, 40]))
  )
  const { budget, ways } = budgets[task]
  const paper = task === 'reacher' ? 5 : 10
  expect(new Set(runs.map(({ protocol }) => protocol.budget))).toEqual(new Set([budget]))
  expect(counts(runs.map(({ protocol: { episodes, rate } }) => `${episodes} ${rate}`))).toEqual(
    Object.fromEntries([1, 2, 4, 8].map((times, i) => [`${times * paper} ${ways[i].rate}`, 40]))
  )
  expect(spread(task, expert, ['random', 'dagger'])).toHaveLength(40)
})

test('on Reacher, whose episodes have 50 steps, the learner alone would spend the budget in each way within a fifteenth', () => {
  const { budget, ways } = budgets.reacher
  for (const { times, rate } of ways) {
    const states = times * 5 * 50
    expect(Math.abs((states + 14 * rate * states) / budget - 1)).toBeLessThan(1 / 15)
  }
})

test('the paper’s nine have a budget of 1000 labels on Reacher, by the paper’s protocol', async () => {
  const runs = nine('reacher', expert)
  expect(await recordsOf(runs)).toBe(9 * 10)
  expect(new Set(runs.map(({ protocol }) => protocol.strategy))).toEqual(new Set(strategyNames))
  for (const { protocol } of runs) {
    const { strategy } = protocol
    expect(protocol).toEqual(protocolFor('reacher', strategy, expert, { budget: 1000, trials: 20 }))
  }
  expect(nine('hopper', expert)).toEqual([])
})

test.each(otherTasks)(
  'on %s the paper’s nine are run with ten seeds, those with a critic at Random’s rate',
  async (task) => {
    const runs = tasksNine(task, expert)
    expect(await recordsOf(runs)).toBe(9 * 10)
    expect(new Set(runs.map(({ protocol }) => protocol.environment))).toEqual(new Set([task]))
    const rated = runs.filter(({ protocol }) => protocol.rate !== undefined)
    expect(counts(rated.map(({ protocol }) => protocol.strategy))).toEqual(
      Object.fromEntries(strategyNames.slice(3).map((name) => [name, 10]))
    )
    for (const { protocol } of rated) expect(protocol.rate).toBe(protocol.hyperparameters.query)
  }
)

test('a variant of the tuning study changes its reading alone, from the protocol that the study began with', () => {
  const base = protocolOfVariant('reacher', 'loss-gradient', expert, 'base')
  expect(base.fit.epochs).toBe(50)
  const jacobian = protocolOfVariant('reacher', 'loss-gradient', expert, 'reading-jacobian')
  expect(jacobian).toEqual({ ...base, readings: { ...base.readings, loss: 'jacobian' } })
  const kept = protocolOfVariant('reacher', 'loss-gradient', expert, 'optimizer-kept')
  expect(kept).toEqual({ ...base, fit: { ...base.fit, optimizer: 'kept' } })
  expect(plan.flatMap((part) => part.variants).every((name) => name in tuningVariants)).toBe(true)
})

test('the distance to Table 2 is the mean absolute log ratio of queries plus that of loss', () => {
  const paper = new Map(strategyNames.map((name) => [`reacher,${name}`, { queries: 100, loss: 1 }]))
  const runs = new Map(
    strategyNames.map((name) => [
      runKey('reacher', 'base', name, 101),
      { queries: name === 'loss-gradient' ? 100 * Math.E ** 2 : 100, loss: name === 'random' ? 1 / Math.E : 1 }
    ])
  )
  expect(distanceToTable2('reacher', 'base', 101, runs, paper)).toBeCloseTo(3 / 9, 12)
  // strategies that a variant does not affect count by their runs of the base
  expect(
    distanceToTable2(
      'reacher',
      'reading-sum',
      101,
      new Map([
        ...runs,
        ...['loss-gradient', 'loss-gradient-random'].map(
          (name) => [runKey('reacher', 'reading-sum', name, 101), { queries: 100, loss: 1 }] as const
        )
      ]),
      paper
    )
  ).toBeCloseTo(1 / 9, 12)
})
