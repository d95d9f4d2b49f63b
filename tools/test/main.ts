/**
 * Lint, types and tests. `npm test` leaves out the tests of processes, pages and installations, which take minutes; `npm run test:all` runs
 * everything. Further arguments go to Vitest: npm test -- test/networks
 */
import { spawnSync } from 'node:child_process'
import { inRoot, root } from '../setup/root.mjs'

const slow = [
  'test/{cli,queue,setup}/**',
  'test/notebooks/!(quick).test.ts',
  'test/{lab,live,machines,report,reproduce,results,site}.test.ts'
]

const given = process.argv.slice(2)
const all = given.includes('--all')
const others = given.filter((argument) => argument !== '--all')
const named = others.some((argument) => !argument.startsWith('-'))
// of all tests, that of the command executes the same notebook
const left = named ? [] : all ? ['test/notebooks/quick.test.ts'] : slow

const tsc = 'node_modules/typescript/bin/tsc'
const types = ['lib', 'tools', 'tools/setup', 'test', 'notebooks'].map((folder): [string, string, string[]] => [
  `types of ${folder}/`,
  tsc,
  ['-p', folder === 'test' ? '.' : folder]
])
const reporters = ['--reporter=default', '--reporter=./tools/test/slowest.ts']
const checks: [string, string, string[]][] = [
  ['lint', 'node_modules/@biomejs/biome/bin/biome', ['check', '.']],
  ...types,
  [
    'tests',
    'node_modules/vitest/vitest.mjs',
    ['run', ...reporters, ...left.map((pattern) => `--exclude=${pattern}`), ...others]
  ]
]

const failed = checks.filter(([name, script, args]) => {
  console.log(`\n${name}`)
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' }
  return spawnSync(process.execPath, [inRoot(script), ...args], { cwd: root, env, stdio: 'inherit' }).status !== 0
})
if (left === slow)
  console.log('\nTests of processes, pages and installations were left out: npm run test:all runs them too.')
if (failed.length > 0) {
  console.error(`\nfailed: ${failed.map(([name]) => name).join(', ')}`)
  process.exit(1)
}
