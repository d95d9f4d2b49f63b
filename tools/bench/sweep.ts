/**
 * The nine algorithms on both tasks at the paper's scale, one seed: how long it takes, and where the time goes.
 *
 *     npm run bench -- sweep                 some fifteen minutes on two cores
 *     npm run bench -- sweep --quick         to see that it works
 *
 * A run's seconds are from its record. The shares of physics and of the rest are sampled by V8's profiler in the workers, every
 * five milliseconds. Training is compared with bare steps of the engine, done in turns with nothing else, as many as the
 * records say there were.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  createNetwork,
  type EnvironmentName,
  generator,
  hyperparameters,
  paperStrategies,
  type RunRecord,
  type StrategyName,
  strategyNames,
  type Topology,
  uniform
} from 'radgrad'
import { command } from '../command.ts'
import { inRoot } from '../setup/root.mjs'

const folder = mkdtempSync(join(tmpdir(), 'radgrad-sweep-'))
const preload = pathToFileURL(inRoot('tools/dist/bench/profile.js'))
const parts = ['physics', 'inference', 'training', 'rest'] as const
type Part = (typeof parts)[number]
type Samples = Readonly<Record<Part, number>>

/** A part of a profile, as V8 writes it. */
interface Node {
  readonly id: number
  readonly hitCount: number
  readonly callFrame: { readonly functionName: string; readonly url: string }
  readonly children?: readonly number[]
}

/** Runs a task's nine strategies. Returns the seconds that it took, the records, and the samples of each part. */
function sweep(environment: EnvironmentName) {
  const [results, profiles] = ['results', 'profiles'].map((name) => join(folder, environment, name))
  mkdirSync(profiles, { recursive: true })
  const begun = performance.now()
  execFileSync(
    process.execPath,
    [command, 'reproduce', '--environments', environment, '--results', results, ...process.argv.slice(2)],
    {
      env: { ...process.env, NODE_OPTIONS: `--import ${preload}`, RADGRAD_PROFILES: profiles },
      stdio: ['ignore', 'ignore', 'inherit']
    }
  )
  const seconds = (performance.now() - begun) / 1000
  const read = <T>(place: string): T[] =>
    readdirSync(place).map((file) => JSON.parse(readFileSync(join(place, file), 'utf8')))
  const records = read<RunRecord>(results).sort((a, b) => order(a) - order(b))
  return { seconds, records, samples: read<{ nodes: readonly Node[] }>(profiles).map(samplesOf).reduce(added) }
}
const order = ({ protocol }: RunRecord): number => strategyNames.indexOf(protocol.strategy as StrategyName)
const ofParts = (number: (part: Part) => number): Record<Part, number> => ({
  physics: number('physics'),
  inference: number('inference'),
  training: number('training'),
  rest: number('rest')
})
const added = (a: Samples, b: Samples): Samples => ofParts((part) => a[part] + b[part])

/** Counts the samples of a profile that fell into each part. A function is of its caller's part, unless it has one of its own. */
function samplesOf({ nodes }: { readonly nodes: readonly Node[] }): Samples {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const samples = ofParts(() => 0)
  const count = (node: Node, inherited: Part | 'idle'): void => {
    const part = inherited === 'rest' ? partOf(node.callFrame) : inherited
    if (part !== 'idle') samples[part] += node.hitCount
    for (const id of node.children ?? []) {
      const child = byId.get(id)
      if (child) count(child, part)
    }
  }
  count(nodes[0], 'rest')
  return samples
}

function partOf({ functionName, url }: Node['callFrame']): Part | 'idle' {
  if (functionName === '(idle)' || functionName === '(program)') return 'idle'
  if (url.endsWith('/networks/fit.js')) return 'training'
  if (url.includes('@mujoco/mujoco') || (url.endsWith('/environments/mujoco.js') && functionName === 'advance'))
    return 'physics'
  if (url.endsWith('/networks/fused.js')) return 'inference'
  return 'rest'
}

/** Returns seconds of a bare step of a network's training, the fastest of many. */
async function stepSeconds(topology: Topology): Promise<number> {
  const network = await createNetwork(topology, generator(1))
  const rows = 32 * 200
  const matrix = (columns: number): Float32Array =>
    Float32Array.from({ length: rows * columns }, () => uniform(rng, -1, 1))
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

/** Returns seconds of the bare steps that a run's training consists of. */
async function bareTraining({ protocol, outcome }: RunRecord): Promise<number> {
  const { epochs, batch } = protocol.fit
  const strategy = paperStrategies(hyperparameters[protocol.environment])[protocol.strategy as StrategyName]
  const actions = protocol.environment === 'reacher' ? 2 : 3
  const networks = [protocol.policy, ...('critic' in strategy ? [strategy.critic.topology(11, actions)] : [])]
  const steps = outcome.iterations.reduce(
    (sum, { queries }) => sum + epochs * Math.ceil(((1 - protocol.validation) * queries) / batch),
    0
  )
  let seconds = 0
  for (const topology of networks) seconds += steps * (await stepTime(topology))
  return seconds
}
const stepTimes = new Map<string, number>()
async function stepTime(topology: Topology): Promise<number> {
  const key = JSON.stringify(topology)
  const time = stepTimes.get(key) ?? (await stepSeconds(topology))
  stepTimes.set(key, time)
  return time
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const percent = (share: number): string => `${Math.round(100 * share)} %`
let whole = 0
for (const environment of ['reacher', 'hopper'] as const) {
  const { seconds, records, samples } = sweep(environment)
  whole += seconds
  console.log(`\n| ${environment} | queries | collecting, s | training, s | testing, s | training over bare steps |`)
  console.log('|---|---|---|---|---|---|')
  for (const record of records) {
    const spent = (part: 'collect' | 'train' | 'test'): number =>
      sum(record.provenance.seconds.map((iteration) => iteration[part]))
    const bare = await bareTraining(record)
    const cells = [
      record.protocol.strategy,
      record.outcome.iterations.at(-1)?.queries,
      ...(['collect', 'train', 'test'] as const).map((part) => spent(part).toFixed(1)),
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
