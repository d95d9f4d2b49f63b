/** The records that are committed: all of them whole, and some of them computed again, one by another version of Node. */
import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { contests } from '../lib/analysis/contests'
import { ofSeeds, samples } from '../lib/analysis/samples'
import { protocolFor } from '../lib/experiments/protocol'
import { recorded } from '../lib/experiments/record'
import { berkeleyExperts } from '../lib/experts/berkeley'
import { loadExpert } from '../lib/files/experts'
import { readResults, recordName } from '../lib/files/results'
import { environments } from '../lib/index'
import { best, evenly, isForChoosing, sweep } from '../scripts/beyond/plan.mjs'
import { outcome } from './cli/radgrad'

const folder = 'data/results'
const beyond = 'data/beyond/records'

test('the committed records are whole: all nine strategies by the paper’s protocol, with ten seeds', async () => {
  const { records, unusable } = await readResults(folder)
  expect([...unusable]).toEqual([])
  let counted = 0
  for (const environment of environments) {
    const ours = await recorded(protocolFor(environment, 'dagger', await loadExpert(environment)))
    for (const protocol of [ours, { ...ours, expert: berkeleyExperts[environment] }]) {
      const seeds = (await contests(records.values(), protocol)).map(({ seed }) => seed)
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
  for (const task of environments) {
    const expert = await loadExpert(task)
    const mine = [...records.values()].filter(({ protocol }) => protocol.environment === task)
    const swept = ofSeeds(await samples(mine), isForChoosing)
    for (const { protocol, seed } of [...sweep(task, expert), ...evenly(task, expert), ...best(expert, swept)])
      planned.add(await recordName({ protocol: await recorded(protocol), seed }))
  }
  expect([...records.keys()].sort()).toEqual([...planned].sort())
})

const verify = ['lib/bin/radgrad.js', 'verify', '--results', folder, '--runs']
const same = /^reacher \S+ seed \d+: the same to the last bit\n/

test('two records are what this machine computes', async () => {
  const { code, stdout } = await outcome(spawn(process.execPath, [...verify, '2']))
  expect(stdout.match(new RegExp(same, 'gm'))).toHaveLength(2)
  expect(code).toBe(0)
}, 180_000)

test('and one of those behind notebook 07', async () => {
  const { code, stdout } = await outcome(
    spawn(process.execPath, ['lib/bin/radgrad.js', 'verify', '--results', beyond, '--runs', '1'])
  )
  expect(stdout).toMatch(same)
  expect(code).toBe(0)
}, 180_000)

const other = process.versions.node.startsWith('24.') ? '22' : '24'
const onOther = (...args: string[]) =>
  outcome(spawn('npx', ['--yes', `--package=node@${other}`, '--', 'node', ...args]))
test.skipIf(!process.env.RADGRAD_CI)(
  `and what Node ${other} computes (npm's package node, so in CI only)`,
  async () => {
    expect((await onOther('--print', 'process.version')).stdout).toMatch(new RegExp(`^v${other}\\.`))
    const { code, stdout } = await onOther(...verify, '1')
    expect(stdout).toMatch(same)
    expect(code).toBe(0)
  },
  180_000
)
