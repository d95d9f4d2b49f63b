/** Sweeps of settings, and strategies of one's own files. */
import { appendFile, cp, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readResults } from '../../lib/files/results'
import { describeWithRedis } from '../queue/redis'
import { stage, untilSaid } from '../queue/sweep'
import { expectTold, newFolder, radgrad, radgradHere } from './radgrad'

const patient = 120_000
const small = ['--set', 'iterations=2', '--set', 'trials=2', '--set', 'fit.epochs=5']
const sweep = (results: string, strategy: string, ...more: string[]): string[] => [
  ...['sweep', '--environment', 'reacher', '--strategy', strategy, '--results', results],
  ...[...small, ...more]
]

const code = `
import * as rg from 'radgrad'
import { probability } from './probability'
export default ({ rate = probability }: rg.Protocol): rg.QueryStrategy => ({
  title: 'Mine', rule: rg.random(rate), control: rg.expertWhenQueried
})
export const cost = ([x]: Float32Array): number => 1 + Math.abs(x)
`

/** Returns the file of a strategy that imports another. */
async function mine(text = code): Promise<string> {
  const folder = await newFolder()
  await writeFile(join(folder, 'mine.ts'), text)
  await writeFile(join(folder, 'probability.ts'), 'export const probability = 0.2\n')
  return join(folder, 'mine.ts')
}

describe('a sweep', () => {
  test(
    'a sweep records each combination of settings in a folder that tells what differs, and goes on where it was',
    async () => {
      const results = await newFolder()
      const args = sweep(results, 'safedagger', '--set', 'safety.tau=0.01,0.04', '--set', 'masses=legacy,current')
      const { code, stdout, stderr } = await radgrad(...args)
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(/^0 of 4 runs are recorded in .*, 4 to go\n/)
      expect(stdout).toMatch(/^reacher safedagger safety\.tau=0\.01,masses=current seed 1: \d+ queries, /m)
      const folders = (await readdir(results)).sort()
      expect(folders).toEqual(
        ['0.01', '0.04'].flatMap((tau) => ['current', 'legacy'].map((masses) => `safety.tau=${tau},masses=${masses}`))
      )
      const { records } = await readResults(join(results, folders[0]))
      const [{ protocol }] = records.values()
      expect([protocol.hyperparameters.safety, protocol.masses, protocol.fit.epochs]).toEqual([
        { tau: 0.01, epsilon: 1 },
        'current',
        5
      ])
      expect((await radgradHere(...args)).stdout).toBe(`4 of 4 runs are recorded in ${results}\n`)
      // the folder takes another sweep, and is verified as a whole
      const one = await radgrad(...sweep(results, 'dagger'))
      expect([one.code, one.stderr]).toEqual([0, ''])
      const verified = await radgrad('verify', '--results', results)
      expect(verified.stdout.match(/the same to the last bit/g)).toHaveLength(5)
    },
    patient
  )

  test.each([
    ['safety.tu=1', /^radgrad: there is no field hyperparameters\.safety\.tu: there are tau, epsilon/],
    ['safty.tau=1', /^radgrad: there is no field safty\.tau: there are environment, strategy, /],
    ['safety.tau=-1', /^radgrad: hyperparameters\.safety\.tau must be a number above 0, not -1/],
    ['labels=raw,cooked', /^radgrad: there is no labels 'cooked': choose one of raw, clipped/],
    ['safety.tau=0.02,,0.04', /It must be as safety\.tau=0\.02,0\.04\./],
    ['safety.tau=0.02,0.02', /^radgrad: safety\.tau has one value twice: 0\.02, 0\.02/],
    ['iterations=3', /iterations is set already: give all its values at once\./],
    ['strategy=dagger', /^radgrad: strategy is no setting of a sweep/],
    ['safety.tau', /--set <field=values>' argument 'safety\.tau' is invalid\. It must be as safety\.tau=0\.02,0\.04\./]
  ])('a sweep of %s is refused before a run begins', async (set, message) => {
    expectTold(await radgradHere(...sweep(await newFolder(), 'safedagger', '--set', set)), message)
  })
})

describe('a strategy of a file', () => {
  let file: string
  let results: string
  beforeAll(async () => {
    file = await mine()
    results = await newFolder()
    const { code, stdout, stderr } = await radgrad(...sweep(results, file, '--seeds', '2'))
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^reacher mine seed 2: /m)
  }, patient)

  test('a record of a file’s strategy has the file’s name and the hash of it and its imports, and the cost of its labels', async () => {
    const { records } = await readResults(results)
    expect([...records.keys()].every((name) => /^reacher-mine-seed-[12]-[0-9a-f]{8}\.json$/.test(name))).toBe(true)
    const [{ protocol, outcome }] = records.values()
    expect(protocol.strategy).toMatch(/^mine@[0-9a-f]{64}$/)
    expect(protocol.cost).toBe(protocol.strategy)
    const { cost, queries, rules } = outcome.iterations[1]
    expect(cost).toBeGreaterThan(queries)
    expect(cost).toBeLessThan(2 * queries)
    expect(rules.map(({ reason }) => reason)).toEqual(['random'])
  })

  test('a sweep of the same file goes on where it was, wherever the file stands, and a change of an import is another strategy', async () => {
    const elsewhere = await newFolder()
    await cp(join(file, '..'), elsewhere, { recursive: true })
    const copy = join(elsewhere, 'mine.ts')
    expect((await radgradHere(...sweep(results, copy, '--seeds', '2'))).stdout).toMatch(/^2 of 2 runs/)
    await appendFile(join(elsewhere, 'probability.ts'), '// changed\n')
    const told = await radgradHere('verify', '--results', results, '--strategies', copy)
    expect(told.stderr).toMatch(
      /^radgrad: 2 runs cannot be verified: its strategy is mine@[0-9a-f]{8}, and .*mine\.ts is mine@[0-9a-f]{8}: the file has changed/
    )
    expect(told.stderr).toMatch(/there is no record to verify in /)
    expect(told.code).toBe(1)
    expect((await radgradHere('verify', '--results', results)).stderr).toMatch(
      /^radgrad: 2 runs cannot be verified: its strategy mine@[0-9a-f]{8} is a file that is not here: give it, --strategies \.\/mine\.ts/
    )
  })

  test(
    'verify computes a file’s strategy again, given the file',
    async () => {
      const { code, stdout } = await radgrad('verify', '--results', results, '--strategies', file)
      // those that took least come first
      expect([code, ...stdout.split('\n').sort()]).toEqual([
        ...[0, ''],
        ...[1, 2].map((seed) => `reacher mine seed ${seed}: the same to the last bit`)
      ])
    },
    patient
  )

  test('a run of a file’s strategy prints the cost of its labels', async () => {
    const { stdout } = await radgradHere(
      ...['run', '--environment', 'reacher', '--strategy', file, '--iterations', '1', '--trials', '1', '--budget', '90']
    )
    expect(stdout).toMatch(/^iteration {2}1 {3}queries +\d\d {3}cost (8\d\.\d|90\.0) {3}loss /)
  })

  test.each<[string, string, RegExp]>([
    ['is not there', '', /none\.ts cannot be used as a strategy: .*\n.*Could not resolve/],
    [
      'is no TypeScript',
      'export default {',
      /mine\.ts cannot be used as a strategy: .*\nmine\.ts:1:16: ERROR: Expected identifier but found end of file/
    ],
    [
      'exports what means nothing',
      `${code}\nexport const costs = 1`,
      /mine\.ts cannot be .*: it exports costs: a file/
    ],
    ['has a function that throws', "export default () => { throw new Error('no luck') }", /its function: no luck/],
    ['has a function of nothing', 'export default () => {}', /mine\.ts .*: its function returned undefined, not a/],
    ['exports nothing', 'export const x = 1', /mine\.ts cannot be used as a strategy: it has no `export default`/],
    ['throws', "throw new Error('no luck')", /mine\.ts cannot be used as a strategy: no luck/],
    ['is no strategy', 'export default { title: 1 }', /strategy\.title must be text, not 1|strategy\.rule is missing/],
    ['imports what is not there', "import './no'", /Could not resolve ".\/no"/]
  ])('a file that %s is refused with its name and the reason', async (_, text, message) => {
    const path = text ? await mine(text) : 'none.ts'
    const { stderr, code } = await radgradHere(
      ...['run', '--environment', 'reacher', '--strategy', path, '--iterations', '1', '--trials', '1']
    )
    expect([stderr.match(message)?.length, code]).toEqual([1, 1])
  })

  test('a rate for a file that exports a strategy as it is is refused', async () => {
    const text =
      "import * as rg from 'radgrad'\nexport default { title: 'A', rule: rg.always, control: rg.expertWhenQueried }"
    expectTold(
      await radgradHere('run', '--environment', 'reacher', '--strategy', await mine(text), '--rate', '0.1'),
      /mine\.ts cannot be used as a strategy: a rate is of the strategies that take one: export default/
    )
  })

  describeWithRedis('a file’s strategy through a queue', { concurrent: false }, () => {
    test('a worker leaves a strategy whose file it does not have to one that has it', async () => {
      const { command, startRedis } = stage()
      const { url } = await startRedis()
      const folder = await newFolder()
      const submitted = () => command({}, ...sweep(folder, file, '--queue', url))
      const changed = join(await newFolder(), 'mine.ts')
      await cp(join(file, '..'), join(changed, '..'), { recursive: true })
      await appendFile(changed, '// changed\n')
      const worker = (...more: string[]) => command({}, 'worker', '--queue', url, '--concurrency', '1', ...more)
      const others = [worker(), worker('--strategies', changed)]
      const submission = submitted()
      await untilSaid(submission, /a worker on .* leaves runs to others: .* is a file that is not here: give it/)
      await untilSaid(submission, /leaves runs to others: .*mine\.ts is mine@[0-9a-f]{8}: the file has changed/)
      const given = worker('--strategies', file)
      expect(await submission.ended).toMatchObject({ code: 0 })
      await untilSaid(given, /reacher mine seed 1: done/)
      for (const other of others) expect(other.said()).toMatch(/leaves runs to others/)
      const again = await readResults(folder)
      const first = (await readResults(results)).records
      for (const [name, { outcome }] of again.records) expect(outcome).toEqual(first.get(name)!.outcome)
      expect(again.records.size).toBe(1)
    }, 240_000)
  })
})
