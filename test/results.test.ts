/** The records that are committed: all of them whole, and two of them computed again, one by another version of Node. */
import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { readResults } from '../lib/files/results'
import { environments, strategyNames } from '../lib/index'
import { outcome } from './cli/radgrad'

const folder = 'data/results'
/** The runs of the paper's whole table, with our experts. */
const cells = environments.flatMap((environment) =>
  strategyNames.map((strategy) => `${environment}-${strategy}-seed-1-`)
)

test('the committed records are whole, and there is one of each cell of Table 2', async () => {
  const { records, unusable } = await readResults(folder)
  expect([...unusable]).toEqual([])
  const names = [...records.keys()]
  for (const cell of cells) expect(names.filter((name) => name.startsWith(cell))).not.toEqual([])
})

const verify = ['lib/bin/radgrad.js', 'verify', '--results', folder, '--runs']
const same = /^reacher \S+ seed \d+: the same to the last bit\n/

test('two records are what this machine computes', async () => {
  const { code, stdout } = await outcome(spawn(process.execPath, [...verify, '2']))
  expect(stdout.match(new RegExp(same, 'gm'))).toHaveLength(2)
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
