/**
 * The nine algorithms on both tasks at the paper's scale, one seed: how long it takes, and where the time goes.
 *
 *     node bench/sweep.mjs                 some fifteen minutes on two cores
 *     node bench/sweep.mjs --quick         to see that it works
 *
 * A run's seconds are from its record. What is physics and what is not is sampled by V8's profiler in the workers, every
 * five milliseconds. Training is compared with bare steps of the engine, done in turns with nothing else, as many as the
 * records say there were.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createNetwork, generator, hyperparameters, strategiesFor, strategyNames, uniform } from 'radgrad'

const folder = mkdtempSync(join(tmpdir(), 'radgrad-sweep-'))
const command = resolve(import.meta.dirname, '../lib/bin/radgrad.js')
const preload = resolve(import.meta.dirname, 'profile.cjs')
const parts = ['physics', 'inference', 'training', 'rest']

/** Runs a task's nine strategies; gives the seconds that it took, the records, and the samples of each part. */
function sweep(environment) {
  const [results, profiles] = ['results', 'profiles'].map((name) => join(folder, environment, name))
  mkdirSync(profiles, { recursive: true })
  const begun = performance.now()
  execFileSync(
    process.execPath,
    [command, 'reproduce', '--environments', environment, '--results', results, ...process.argv.slice(2)],
    {
      env: { ...process.env, NODE_OPTIONS: `--require ${preload}`, RADGRAD_PROFILES: profiles },
      stdio: ['ignore', 'ignore', 'inherit']
    }
  )
  const seconds = (performance.now() - begun) / 1000
  const read = (place) => readdirSync(place).map((file) => JSON.parse(readFileSync(join(place, file), 'utf8')))
  const records = read(results).sort((a, b) => order(a) - order(b))
  return { seconds, records, samples: read(profiles).map(samplesOf).reduce(added) }
}
const order = ({ protocol }) => strategyNames.indexOf(protocol.strategy)
const added = (a, b) => Object.fromEntries(parts.map((part) => [part, a[part] + b[part]]))

/** How many samples of a profile fell into each part; a function is of its caller's part, unless it has one of its own. */
function samplesOf({ nodes }) {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const samples = Object.fromEntries(parts.map((part) => [part, 0]))
  const count = (node, inherited) => {
    const part = inherited === 'rest' ? partOf(node.callFrame) : inherited
    if (part !== 'idle') samples[part] += node.hitCount
    for (const child of node.children ?? []) count(byId.get(child), part)
  }
  count(nodes[0], 'rest')
  return samples
}

function partOf({ functionName, url }) {
  if (functionName === '(idle)' || functionName === '(program)') return 'idle'
  if (url.endsWith('/networks/fit.js')) return 'training'
  if (url.includes('@mujoco/mujoco') || (url.endsWith('/environments/mujoco.js') && functionName === 'advance'))
    return 'physics'
  if (url.endsWith('/networks/fused.js')) return 'inference'
  return 'rest'
}

/** Seconds of a bare step of a network's training, the fastest of many. */
async function stepSeconds(topology) {
  const network = await createNetwork(topology, generator(1))
  const rows = 32 * 200
  const matrix = (columns) => Float32Array.from({ length: rows * columns }, () => uniform(rng, -1, 1))
  const rng = generator(2)
  const examples = { rows, inputs: matrix(network.inputs), targets: matrix(network.outputs) }
  const training = network.train(examples, { loss: 'squared-error', learningRate: 1e-3, optimizer: 'fresh', rng })
  let best = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < 30; turn++) {
    const begun = performance.now()
    for (let batch = 0; batch < 200; batch++) training.step(Uint32Array.from({ length: 32 }, (_, i) => 32 * batch + i))
    best = Math.min(best, (performance.now() - begun) / 1000 / 200)
  }
  return best
}

/** Seconds of the bare steps that a run's training consists of. */
async function bareTraining({ protocol, outcome }) {
  const { epochs, batch } = protocol.fit
  const critic = { critic: undefined, ...strategiesFor(hyperparameters[protocol.environment])[protocol.strategy] }
    .critic
  const actions = protocol.environment === 'reacher' ? 2 : 3
  const networks = [protocol.policy, ...(critic ? [critic.topology(11, actions)] : [])]
  const steps = outcome.iterations.reduce(
    (sum, { queries }) => sum + epochs * Math.ceil(((1 - protocol.validation) * queries) / batch),
    0
  )
  let seconds = 0
  for (const topology of networks) seconds += steps * (await stepTime(topology))
  return seconds
}
const stepTimes = new Map()
async function stepTime(topology) {
  const key = JSON.stringify(topology)
  if (!stepTimes.has(key)) stepTimes.set(key, await stepSeconds(topology))
  return stepTimes.get(key)
}

const sum = (values) => values.reduce((total, value) => total + value, 0)
const percent = (share) => `${Math.round(100 * share)} %`
let whole = 0
for (const environment of ['reacher', 'hopper']) {
  const { seconds, records, samples } = sweep(environment)
  whole += seconds
  console.log(`\n| ${environment} | queries | collecting, s | training, s | testing, s | training over bare steps |`)
  console.log('|---|---|---|---|---|---|')
  for (const record of records) {
    const spent = (part) => sum(record.made.seconds.map((iteration) => iteration[part]))
    const bare = await bareTraining(record)
    const cells = [
      record.protocol.strategy,
      record.outcome.iterations.at(-1).queries,
      ...['collect', 'train', 'test'].map((part) => spent(part).toFixed(1)),
      (spent('train') / bare).toFixed(2)
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
  const total = sum(Object.values(samples))
  console.log(
    `\n${environment}: ${seconds.toFixed(0)} s; ${parts.map((part) => `${part} ${percent(samples[part] / total)}`).join(', ')}; ` +
      `physics is ${percent(samples.physics / (total - samples.training))} of all but training`
  )
}
console.log(`\nboth tasks: ${(whole / 60).toFixed(1)} min`)
rmSync(folder, { recursive: true })
