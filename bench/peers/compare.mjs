/**
 * The project beside its peers: the kernels beside PyTorch's and JAX's (bench/networks.mjs), then DAgger on Reacher beside imitation's,
 * as whole processes that take turns. Sets up, takes some half an hour, prints the README's tables.
 *
 *     node bench/peers/compare.mjs                            installs the peers into bench/peers/.venv first: 6 GB
 *     PEERS=path/to/python node bench/peers/compare.mjs       with a Python that has them
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findPython } from '../../scripts/setup/find-python.mjs'
import { setupOrExit } from '../../scripts/setup.mjs'
import { daggerOnReacher } from '../dagger-on-reacher.mjs'

const turns = 2
const here = import.meta.dirname
const root = resolve(here, '../..')
const run = (command, args, options = {}) =>
  execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options })
const aloud = { stdio: 'inherit' }

await setupOrExit()
const python = process.env.PEERS ?? install()
run(process.execPath, ['bench/networks.mjs'], { env: { ...process.env, PEERS: python }, ...aloud })

const expert = 'data/experts/reacher'
const dagger = join(here, 'dagger.py')
const contenders = {
  'radgrad, fused': [process.execPath, daggerOnReacher],
  'imitation 1.0.1, one thread': [python, [dagger, expert, '1']],
  'imitation 1.0.1, two threads': [python, [dagger, expert, '2']]
}
const results = {}
for (let turn = 0; turn < turns; turn++)
  for (const [name, [command, args]] of Object.entries(contenders)) {
    const begun = performance.now()
    const last = JSON.parse(run(command, args).trim().split('\n').at(-1))
    const seconds = (performance.now() - begun) / 1000
    results[name] = { ...last, seconds: Math.min(seconds, results[name]?.seconds ?? Number.POSITIVE_INFINITY) }
  }

console.log('\n| DAgger on Reacher, as a whole process | seconds | times ours | loss |\n|---|---|---|---|')
for (const [name, { seconds, loss, lossSd }] of Object.entries(results)) {
  const ratio = (seconds / results['radgrad, fused'].seconds).toPrecision(2)
  console.log(`| ${name} | ${seconds.toFixed(0)} | ${ratio} | ${loss.toFixed(2)} ± ${lossSd.toFixed(2)} |`)
}

/** Installs the peers unless they are; gives their Python. */
function install() {
  const venv = join(here, '.venv')
  const [own, done] = [join(venv, 'bin/python'), join(venv, 'installed')]
  if (existsSync(done)) return own
  run(findPython(), ['-m', 'venv', '--clear', venv], aloud)
  run(own, ['-m', 'pip', 'install', '-r', join(here, 'requirements.txt')], aloud)
  run('touch', [done])
  return own
}
