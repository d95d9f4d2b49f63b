/** The numbers of docs/beyond.md and docs/machines.md that come of the committed records, worked out again. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { chooseThresholds, choosingSeeds, resultSeeds } from '../lib/analysis/study'
import { means, type SweepPoint, sweepPoints, withSeeds } from '../lib/analysis/sweep'
import { berkeleyExperts } from '../lib/files/experts'
import type { RunRecord } from '../lib/record'
import { packedRecords } from './packs'

const folders = { results: packedRecords('data/results'), beyond: packedRecords('data/beyond/records') }
const elsewhere = packedRecords('data/tasks/records')
const tasks = ['reacher', 'hopper'] as const
const of = (records: readonly RunRecord[], task: string): RunRecord[] =>
  records.filter(({ protocol }) => protocol.environment === task)

/** Returns the cells of the rows of a page's tables whose first cell begins with some words. */
const row = (page: string, begin: string): string[] =>
  readFileSync(page, 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`| ${begin}`))!
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim())

/** Returns the mean loss of runs over the last five iterations, by the first twenty trials of each. */
function meanLoss(records: readonly RunRecord[]): number {
  const first = (returns: readonly number[]) => returns.slice(0, 20).reduce((sum, value) => sum + value, 0) / 20
  const losses = records.map(({ outcome: { expertReturns, iterations } }) =>
    iterations.slice(-5).reduce((sum, { returns }) => sum + (first(expertReturns) - first(returns)) / 5, 0)
  )
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length
}

test('docs/beyond.md gives the losses and costs of the best thresholds as the records have them', async () => {
  const best = async (task: string): Promise<SweepPoint[]> => {
    const points = await sweepPoints(of(folders.beyond, task))
    const chosen = chooseThresholds(withSeeds(points, (seed) => choosingSeeds.includes(seed)))
    return withSeeds(points, (seed) => resultSeeds.includes(seed)).filter(({ protocol }) =>
      chosen.some((point) => point.protocol === protocol)
    )
  }
  const page = 'docs/beyond.md'
  const costs: number[] = []
  for (const [i, task] of tasks.entries()) {
    const points = await best(task)
    const digits = task === 'reacher' ? 2 : 0
    const at = (name: string) => means(points.find(({ protocol }) => protocol.strategy === name)!)
    const text = (name: string): string => at(name).loss.toFixed(digits)
    const hybrids = ['safedagger-gradient-random', 'loss-gradient-random'] as const
    expect(row(page, 'Random')[i]).toBe(text('random'))
    expect(row(page, 'the two')[i]).toMatch(new RegExp(`^${hybrids.map(text).join(', ')}(,|$)`))
    const everywhere = ['supervised', 'dagger', 'dropoutdagger', 'ensembledagger-full']
    const others = points
      .map(({ protocol }) => protocol.strategy)
      .filter((name) => ![...everywhere, ...hybrids, 'random'].includes(name))
    const losses = others.map((name) => at(name).loss).sort((a, b) => a - b)
    const range = [losses[0], losses[losses.length - 1]].map((loss) => loss.toFixed(digits)).join(' to ')
    expect(row(page, 'all others')[i]).toMatch(new RegExp(`^${range}(;|$)`))
    costs.push(...[...others, ...hybrids].map((name) => at(name).queries / at('random').queries))
  }
  const [, least, most] = /costs ([\d.]+) to ([\d.]+) times as much/.exec(readFileSync(page, 'utf8')) ?? []
  expect([least, most]).toEqual([Math.min(...costs).toFixed(1), Math.max(...costs).toFixed(1)])
})

test('docs/beyond.md gives the losses at one rate as the records have them', async () => {
  for (const [i, task] of tasks.entries()) {
    const points = await sweepPoints(of(folders.beyond, task))
    const loss = (strategy: string): string => {
      const own = withSeeds(points, (seed) => resultSeeds.includes(seed)).find(
        ({ protocol: { rate, readings, weighting, ...rest } }) =>
          rest.strategy === strategy && rate === 0.3 && readings.loss === 'norm' && !weighting
      )
      return means(own!).loss.toFixed(task === 'reacher' ? 2 : 0)
    }
    expect(row('docs/beyond.md', 'Loss Gradient (RadGrad)')[i].split(' ')[0]).toBe(loss('loss-gradient'))
    expect(row('docs/beyond.md', 'Loss Gr. Random')[i].split(' ')[0]).toBe(loss('loss-gradient-random'))
    const random = of(folders.results, task).filter(
      ({ protocol: { strategy, expert } }) => strategy === 'random' && expert === points[0].protocol.expert
    )
    const mean = meanLoss(random)
    const cells = readFileSync('docs/beyond.md', 'utf8')
      .match(/^\| Random \| .*\(.*$/m)![0]
      .split('|')
      .slice(2)
    expect([random.length, cells[i].trim().split(' ')[0]]).toEqual([10, mean.toFixed(task === 'reacher' ? 2 : 0)])
  }
})

test('docs/beyond.md and the README give the losses on two more tasks as their records have them', () => {
  for (const [i, task] of ['halfcheetah', 'walker2d'].entries()) {
    const runs = (strategy: string) => of(elsewhere, task).filter(({ protocol }) => protocol.strategy === strategy)
    const loss = (strategy: string) => meanLoss(runs(strategy)).toFixed(0)
    expect(runs('loss-gradient')).toHaveLength(10)
    expect(row('docs/beyond.md', 'Loss Gradient (RadGrad)')[2 + i].split(' ')[0]).toBe(loss('loss-gradient'))
    expect(row('docs/beyond.md', 'Supervised')[2 + i].split(' ')[0]).toBe(loss('supervised'))
    const compared = row('README.md', 'RadGrad matches DAgger')[3 + i]
    expect(compared.split(':')[0]).toBe(`${loss('loss-gradient')}, ${loss('dagger')}`)
  }
})

test('docs/machines.md gives the time that the committed records took', () => {
  const page = 'docs/machines.md'
  const seconds = ({ provenance }: RunRecord): number =>
    provenance.seconds.reduce((sum, { collect, train, test }) => sum + collect + train + test, 0)
  const hours = (records: readonly RunRecord[]): number =>
    records.reduce((sum, record) => sum + seconds(record), 0) / 3600
  const seeds = 10
  const results = folders.results.filter(
    ({ protocol: { environment, expert } }) => expert === berkeleyExperts[environment]
  )
  for (const task of tasks) {
    const records = of(results, task)
    const all = records.map(seconds).sort((a, b) => a - b)
    const mean = (3600 * hours(records)) / records.length
    const [run, seed] = row(page, task === 'reacher' ? 'Reacher' : 'Hopper')
    expect(run).toBe(`${mean.toFixed(0)} (${all[0].toFixed(0)} to ${all[all.length - 1].toFixed(0)})`)
    expect(seed).toBe((hours(records) / seeds).toFixed(2))
  }
  const sweep = (begin: string): string[] => row(page, begin).slice(0, 2)
  const { beyond } = folders
  expect(sweep('the paper, one seed')).toEqual([String(results.length / seeds), (hours(results) / seeds).toFixed(1)])
  expect(sweep('ten seeds |')).toEqual([String(results.length), hours(results).toFixed(1)])
  expect(sweep('the rules beyond')).toEqual([String(beyond.length), hours(beyond).toFixed(1)])
})
