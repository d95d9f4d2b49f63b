/** Memory after many experiments in one kernel. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Kernel, startKernel } from './kernel'

const minutes = 60_000

let kernel: Kernel
beforeAll(async () => {
  kernel = startKernel()
  const { printed } = await kernel.execute(`
import * as tf from '@tensorflow/tfjs-node'
import * as rg from 'radgrad'
// what is measured is held, not waiting to be freed
require('v8').setFlagsFromString('--expose-gc')
const collectGarbage: () => void = require('vm').runInNewContext('gc')
const expert = await rg.loadExpert('reacher')
async function once(engine: 'fused' | 'tensorflow', iterations: number, epochs: number) {
  const whole = rg.protocolFor('reacher', 'loss-gradient', expert, { engine: engine, iterations: iterations, episodes: 1, trials: 2 })
  const protocol = { ...whole, fit: { ...whole.fit, epochs: epochs } }
  const records: rg.IterationRecord[] = []
  const draw = () => rg.learningCurves('Reacher', [{ strategy: 'loss-gradient', seed: 1, records }], protocol.iterations)
  const redraw = rg.updatable(draw())
  for await (const { policy, critic, record } of rg.experiment(protocol, 1)) {
    records.push(record)
    redraw(draw())
    if (record.iteration === protocol.iterations) for (const network of [policy, ...critic.networks]) network.dispose()
  }
  collectGarbage()
  return { memory: process.memoryUsage.rss() / 2 ** 20, tensors: tf.memory().numTensors }
}`)
  expect(printed).toBe('')
}, minutes)
afterAll(() => kernel.stop())

// TensorFlow takes long for an epoch, and leaks by the batch if it does
test.each([
  ['fused', 4, 3],
  ['tensorflow', 2, 1]
])(
  'ten more short runs on %s need hardly more memory than one',
  async (engine, iterations, epochs) => {
    const { printed } = await kernel.execute(`
const first = await once('${engine}', ${iterations}, ${epochs})
let last = first
for (let i = 0; i < 10; i++) last = await once('${engine}', ${iterations}, ${epochs})
console.log(JSON.stringify({ grown: Math.round(last.memory - first.memory), tensors: last.tensors - first.tensors }))`)
    console.log(`${engine}: ${printed}`)
    const { grown, tensors } = JSON.parse(printed) as { grown: number; tensors: number }
    expect(tensors).toBe(0)
    expect(grown).toBeLessThanOrEqual(50)
  },
  10 * minutes
)
