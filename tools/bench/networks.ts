/**
 * The networks' engines on the work of the paper, single-threaded, in one run: the table of the README.
 *
 *     npm run bench -- networks                          fused and tensorflow
 *     PEERS=path/to/python npm run bench -- networks     and PyTorch and JAX, where that Python has them
 *
 * Absolute times differ between machines and from minute to minute, so each is the fastest of many runs, and the engines
 * take turns, twice.
 */
import { execFileSync } from 'node:child_process'
import type { EngineName, Topology } from 'radgrad'
import { ownEnvironment } from '../setup/python.mjs'
import { inRoot } from '../setup/root.mjs'

// TensorFlow reads these when it is loaded
process.env.TF_CPP_MIN_LOG_LEVEL = '2'
process.env.OMP_NUM_THREADS = '1'
process.env.TF_NUM_INTRAOP_THREADS = '1'
process.env.TF_NUM_INTEROP_THREADS = '1'
const { createNetwork, perceptron, generator, uniform } = await import('radgrad')

/** Milliseconds by work. */
type Times = Record<string, number>

const dropout = 0.2
const topologies = {
  policy: perceptron(11, [128, 128, 32, 8], 2, { dropout }),
  'loss network': perceptron(13, [128, 128, 64, 64, 32, 32, 16, 16, 8], 2, { dropout })
}
const steps = 50

function matrix(rows: number, columns: number): Float32Array {
  const rng = generator(1, rows, columns)
  return Float32Array.from({ length: rows * columns }, () => uniform(rng, -1, 1))
}

/** Returns milliseconds of a step: of many runs of so many, the fastest. */
function fastest(step: (i: number) => unknown, seconds: number): number {
  let best = Number.POSITIVE_INFINITY
  const until = performance.now() + seconds * 1000
  for (let runs = 0; performance.now() < until || runs < 5; runs++) {
    const start = performance.now()
    for (let i = 0; i < steps; i++) step(i)
    best = Math.min(best, performance.now() - start)
  }
  return best / steps
}

async function measure(engine: EngineName, seconds: number): Promise<Times> {
  const times: Times = {}
  const time = (work: string, step: (i: number) => unknown): void => {
    times[work] = fastest(step, seconds)
  }
  for (const [name, topology] of Object.entries<Topology>(topologies))
    for (const batch of [32, 256]) {
      const network = await createNetwork(topology, generator(1), engine)
      const rows = batch * steps
      const examples = { rows, inputs: matrix(rows, network.inputs), targets: matrix(rows, network.outputs) }
      const training = network.train(examples, {
        loss: 'squared-error',
        learningRate: 1e-3,
        optimizer: 'fresh',
        rng: generator(2)
      })
      const batches = Array.from({ length: steps }, (_, i) =>
        Uint32Array.from({ length: batch }, (_, j) => i * batch + j)
      )
      time(`${name}, training step, batch ${batch}`, (i) => training.step(batches[i]))
      network.dispose()
    }
  const policy = await createNetwork(topologies.policy, generator(1), engine)
  for (const rows of [1, 5, 100]) {
    const inputs = matrix(rows, 11)
    time(`policy, forward, ${rows} rows`, () => policy.predict(inputs, rows))
  }
  const critic = await createNetwork(topologies['loss network'], generator(1), engine)
  const inputs = matrix(5, 13)
  time('loss network, norm and gradient of the norm, 5 rows', () => {
    const outputs = critic.predict(inputs, 5)
    const directions = outputs.map((value, i) => value / Math.hypot(outputs[i & ~1], outputs[i | 1]))
    const gradients = critic.inputGradients(inputs, directions, 5)
    return Array.from({ length: 5 }, (_, r) => Math.hypot(...gradients.subarray(r * 13, r * 13 + 13)))
  })
  return times
}

interface PeerTime {
  readonly engine: string
  readonly work: string
  readonly milliseconds: number
}

const peers = (): PeerTime[] =>
  process.env.PEERS
    ? execFileSync(process.env.PEERS, [inRoot('tools/bench/peers/networks.py')], {
        encoding: 'utf8',
        env: ownEnvironment()
      })
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : []

/** Times of each engine, by work. */
const table: Record<string, Times> = {}
const note = (engine: string, work: string, milliseconds: number): void => {
  table[work] ??= {}
  table[work][engine] = Math.min(table[work][engine] ?? Number.POSITIVE_INFINITY, milliseconds)
}
for (let turn = 0; turn < 2; turn++) {
  for (const [engine, seconds] of [
    ['fused', 1.5],
    ['tensorflow', 1]
  ] as const)
    for (const [work, milliseconds] of Object.entries(await measure(engine, seconds))) note(engine, work, milliseconds)
  for (const { engine, work, milliseconds } of peers()) note(engine, work, milliseconds)
}

const engines = Object.keys(Object.values(table)[0])
const others = engines.filter((engine) => engine !== 'fused')
console.log(`| milliseconds | ${engines.join(' | ')} | ${others.map((engine) => `${engine} / fused`).join(' | ')} |`)
console.log(`|${'---|'.repeat(1 + engines.length + others.length)}`)
for (const [work, times] of Object.entries(table)) {
  const cells = engines.map((engine) => times[engine].toPrecision(3))
  const ratios = others.map((engine) => `${Number((times[engine] / times.fused).toPrecision(2))} x`)
  console.log(`| ${work} | ${cells.join(' | ')} | ${ratios.join(' | ')} |`)
}
