/**
 * The project beside its peers: the kernels beside PyTorch's and JAX's (bench/networks.ts), then DAgger on Reacher beside imitation's,
 * as whole processes that take turns. Takes some half an hour, prints the README's tables.
 *
 *     npm run bench -- peers                        installs the peers into tools/bench/peers/.venv first: 6 GB
 *     PEERS=path/to/python npm run bench -- peers   with a Python that has them
 */
import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { findPython } from '../../setup/find-python.mjs'
import { ownEnvironment } from '../../setup/python.mjs'
import { inRoot, root } from '../../setup/root.mjs'
import { daggerOnReacher } from '../dagger-on-reacher.ts'

const turns = 2
const here = (...parts: string[]): string => inRoot('tools/bench/peers', ...parts)
const run = (
  command: string,
  args: readonly string[],
  options: Partial<ExecFileSyncOptionsWithStringEncoding> = {}
): string =>
  execFileSync(command, args, {
    cwd: root,
    env: ownEnvironment(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options
  })
const aloud = { stdio: 'inherit' } as const

interface Result {
  readonly seconds: number
  readonly loss: number
  readonly lossSd: number
}

const python = process.env.PEERS ?? install()
run(process.execPath, ['tools/dist/bench/networks.js'], { env: { ...ownEnvironment(), PEERS: python }, ...aloud })

const expert = 'data/experts/reacher'
const dagger = here('dagger.py')
const contenders: Record<string, [string, string[]]> = {
  'radgrad, fused': [process.execPath, daggerOnReacher],
  'imitation 1.0.1, one thread': [python, [dagger, expert, '1']],
  'imitation 1.0.1, two threads': [python, [dagger, expert, '2']]
}
const results: Record<string, Result> = {}
for (let turn = 0; turn < turns; turn++)
  for (const [name, [command, args]] of Object.entries(contenders)) {
    const begun = performance.now()
    const last = JSON.parse(run(command, args).trim().split('\n').at(-1) ?? '')
    const seconds = (performance.now() - begun) / 1000
    results[name] = { ...last, seconds: Math.min(seconds, results[name]?.seconds ?? Number.POSITIVE_INFINITY) }
  }

console.log('\n| DAgger on Reacher, as a whole process | seconds | times ours | loss |\n|---|---|---|---|')
for (const [name, { seconds, loss, lossSd }] of Object.entries(results)) {
  const ratio = (seconds / results['radgrad, fused'].seconds).toPrecision(2)
  console.log(`| ${name} | ${seconds.toFixed(0)} | ${ratio} | ${loss.toFixed(2)} ± ${lossSd.toFixed(2)} |`)
}

/** Installs the peers unless they are. Returns their Python. */
function install(): string {
  const venv = here('.venv')
  const [own, done] = [here('.venv/bin/python'), here('.venv/installed')]
  if (existsSync(done)) return own
  run(findPython(), ['-m', 'venv', '--clear', venv], aloud)
  run(own, ['-m', 'pip', 'install', '-r', here('requirements.txt')], aloud)
  run('touch', [done])
  return own
}
