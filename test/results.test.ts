/** The records that are committed: all of them whole, and some of them computed again, one by another version of Node. */
import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { resultsBySeed } from '../lib/analysis/results-by-seed'
import { choosingSeeds } from '../lib/analysis/study'
import { sweepPoints, withSeeds } from '../lib/analysis/sweep'
import { berkeleyExperts, loadExpert } from '../lib/files/experts'
import { readResults, recordFileName } from '../lib/files/results'
import { paperEnvironments } from '../lib/index'
import { protocolFor } from '../lib/protocol'
import { withExpertHash } from '../lib/record'
import { best, even, sweep } from '../tools/studies/beyond/plan.ts'
import { nine, spread } from '../tools/studies/budget/plan.ts'
import { nine as nineElsewhere, otherTasks } from '../tools/studies/tasks/plan.ts'
import { outcome } from './cli/radgrad'

const folder = 'data/results'
const beyond = 'data/beyond/records'

test('the committed records are whole: all nine strategies by the paper’s protocol, with ten seeds', async () => {
  const { records, unusable } = await readResults(folder)
  expect([...unusable]).toEqual([])
  let counted = 0
  for (const environment of paperEnvironments) {
    const of = async (folder?: string) =>
      withExpertHash(protocolFor(environment, 'dagger', await loadExpert(environment, folder)))
    const ours = await of()
    const fragile = environment === 'hopper' ? [await of('data/experts/hopper-fragile')] : []
    for (const protocol of [ours, ...fragile, { ...ours, expert: berkeleyExperts[environment] }]) {
      const seeds = (await resultsBySeed(records.values(), protocol)).map(({ seed }) => seed)
      expect(seeds).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      counted += 9 * seeds.length
    }
  }
  expect(records.size, 'records of nothing that is used').toBe(counted)
})

test('the records behind notebook 07 are whole: all runs of its plan, and no others', async () => {
  const { records, unusable } = await readResults(beyond)
  expect([...unusable]).toEqual([])
  const planned = new Set<string>()
  for (const task of paperEnvironments) {
    const expert = await loadExpert(task)
    const mine = [...records.values()].filter(({ protocol }) => protocol.environment === task)
    const swept = withSeeds(await sweepPoints(mine), (seed) => choosingSeeds.includes(seed))
    for (const { protocol, seed } of [...sweep(task, expert), ...even(task, expert), ...best(expert, swept)])
      planned.add(await recordFileName({ protocol: await withExpertHash(protocol), seed }))
  }
  expect([...records.keys()].sort()).toEqual([...planned].sort())
})

test('the records behind notebook 08 are whole: all runs of its plan, and no others', async () => {
  const { records, unusable } = await readResults('data/budget/records')
  expect([...unusable]).toEqual([])
  const planned = new Set<string>()
  for (const task of paperEnvironments) {
    const expert = await loadExpert(task)
    for (const { protocol, seed } of [...spread(task, expert), ...nine(task, expert)])
      planned.add(await recordFileName({ protocol: await withExpertHash(protocol), seed }))
  }
  expect([...records.keys()].sort()).toEqual([...planned].sort())
})

const elsewhere = 'data/tasks/records'
test('the records of two more tasks are whole: all runs of their plan, and no others', async () => {
  const { records, unusable } = await readResults(elsewhere)
  expect([...unusable]).toEqual([])
  const planned = new Set<string>()
  for (const task of otherTasks)
    for (const { protocol, seed } of nineElsewhere(task, await loadExpert(task)))
      planned.add(await recordFileName({ protocol: await withExpertHash(protocol), seed }))
  expect([...records.keys()].sort()).toEqual([...planned].sort())
})

const verify = ['tools/bin/radgrad.js', 'verify', '--results', folder, '--runs']
const same = /^reacher \S+ seed \d+: the same to the last bit\n/

test('this machine computes one of the committed records to the last bit', async () => {
  const { code, stdout } = await outcome(spawn(process.execPath, [...verify, '1']))
  expect(stdout).toMatch(same)
  expect(code).toBe(0)
}, 180_000)

test('this machine computes one of the records behind notebook 07 to the last bit', async () => {
  const { code, stdout } = await outcome(spawn(process.execPath, [...verify, '1', '--results', beyond]))
  expect(stdout).toMatch(same)
  expect(code).toBe(0)
}, 180_000)

test('this machine computes one of the records of two more tasks to the last bit', async () => {
  const { code, stdout } = await outcome(spawn(process.execPath, [...verify, '1', '--results', elsewhere]))
  expect(stdout).toMatch(/^walker2d \S+ seed \d+: the same to the last bit\n/)
  expect(code).toBe(0)
}, 180_000)

const other = process.versions.node.startsWith('24.') ? '22' : '24'
const onOther = (...args: string[]) =>
  outcome(spawn('npx', ['--yes', `--package=node@${other}`, '--', 'node', ...args]))
test.skipIf(!process.env.RADGRAD_CI)(
  `Node ${other} computes one of the committed records to the last bit (npm's package node, so in CI only)`,
  async () => {
    expect((await onOther('--print', 'process.version')).stdout).toMatch(new RegExp(`^v${other}\\.`))
    const { code, stdout } = await onOther(...verify, '1')
    expect(stdout).toMatch(same)
    expect(code).toBe(0)
  },
  180_000
)
