/** What a cell does in the real kernel. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allNames } from '../../lib/strategies'
import { type Kernel, startKernel } from './kernel'

const minutes = 60_000
/** After a cell that failed tslab drops what comes too soon. */
const settled = () => new Promise((done) => setTimeout(done, 500))
let kernel: Kernel
beforeAll(async () => {
  kernel = startKernel()
  const { printed } = await kernel.execute(`
import * as tf from '@tensorflow/tfjs-node'
import {
  evaluate, experiment, figure, generator, live, loadEnvironment, loadExpert, loadModel, modelOf, networkOf, protocolFor, saveModel, show,
  type IterationRecord, type Network
} from 'radgrad'
const expert = await loadExpert('reacher')`)
  expect(printed).toBe('')
}, minutes)
afterAll(() => kernel.stop())

describe('a live figure', () => {
  const points = `const points = (n: number) => figure([{ x: [n], y: [n] }], { title: { text: String(n) } })\n`
  const text = 'text/plain'

  test('updated a thousand times is one output, and shows the last', async () => {
    const { printed, outputs } = await kernel.execute(
      `${points}const put = live(points(0))\nfor (let n = 1; n <= 1000; n++) { put(points(n)); await new Promise((done) => setTimeout(done)) }`
    )
    expect(printed).toBe('')
    expect(outputs).toHaveLength(1)
    expect(outputs[0].data[text]).toBe('[figure: 1000]')
    expect(outputs[0].updates).toBeGreaterThan(1)
    // ever slower machines take longer, but no more than a tenth of the updates are sent
    expect(outputs[0].updates).toBeLessThan(100)
  })

  test('is finished though its cell never waits', async () => {
    const { outputs } = await kernel.execute(
      `${points}const put = live(points(0))\nfor (let n = 1; n <= 9; n++) put(points(n))`
    )
    expect(outputs.map(({ data, updates }) => [data[text], updates])).toEqual([['[figure: 9]', 1]])
  })
})

describe('an experiment', () => {
  test('has one bar, which ends full', async () => {
    const { printed, outputs } = await kernel.execute(`
const records: IterationRecord[] = []
for await (const { record } of experiment(protocolFor('reacher', 'random', expert, { iterations: 3, trials: 2 }), 1)) records.push(record)
console.log(await Promise.resolve(records.length))`)
    expect(printed).toBe('3\n')
    expect(outputs.map(({ data }) => data)).toEqual([
      { 'text/plain': 'reacher random seed 1 ████████████████ 3 of 3 iterations' }
    ])
    expect(outputs[0].updates).toBeGreaterThan(0)
  })

  test.each(['fused', 'tensorflow'])(
    'on %s, interrupted, stops at once, keeps what it has, and the kernel goes on',
    async (engine) => {
      const protocol = `protocolFor('reacher', 'loss', expert, { engine: '${engine}', episodes: 1, trials: 5, iterations: 999 })`
      const run = `for await (const { record, policy } of experiment(${protocol}, 1)) { kept.push(record); last = policy }`
      const { status, printed, outputs, secondsAfter } = await kernel.execute(
        `const kept: IterationRecord[] = []\nlet last: Network | undefined\n${run}\nconst one = kept.length\n${run}\nconsole.log(await 'on')`,
        3
      )
      console.log(`${engine}: the cell ended ${secondsAfter?.toFixed(2)} s after the interrupt`)
      expect({ status, printed }).toEqual({ status: 'ok', printed: 'on\n' })
      const told = outputs.map(({ data }) => data['text/plain'])
      expect(told).toEqual([
        expect.stringMatching(/ [2-9] of 999 iterations, interrupted$/),
        expect.stringMatching(/ 0 of 999 iterations, interrupted$/)
      ])
      expect(secondsAfter).toBeLessThan(10)
      const after = await kernel.execute(`
const returns = await evaluate(await loadEnvironment('reacher', { masses: 'legacy' }), last!, 5)
const same = returns.every((value, i) => value === kept[kept.length - 1].returns[i])
console.log(kept.length === one, 'the policy is the one tested last:', same)
last!.dispose()`)
      expect(after.printed).toBe('true the policy is the one tested last: true\n')
    },
    5 * minutes
  )

  test('after an interrupt tslab hears the next one', async () => {
    const { status, printed } = await kernel.execute(
      `await 0\nshow(figure([], {}))\nawait new Promise((done) => setTimeout(done, 600_000))`,
      1
    )
    await settled()
    expect(status).toBe('error')
    expect(printed).toContain('Interrupted')
  })
})

test('a saved policy is TensorFlow’s, and comes back from there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'radgrad-saved-'))
  const { printed } = await kernel.execute(`
let policy: Network | undefined
for await (const one of experiment(protocolFor('reacher', 'dagger', expert, { iterations: 1, trials: 2 }), 1)) policy = one.policy
await saveModel('${folder}/ours', modelOf(policy!))
const model = await tf.loadLayersModel('file://${folder}/ours/model.json')
const input = Float32Array.from({ length: 11 }, (_, i) => i / 11)
const ours = Array.from(policy!.predict(input, 1))
const theirs = Array.from((model.predict(tf.tensor2d(input, [1, 11])) as tf.Tensor).dataSync())
console.log(Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]))) < 1e-5)
await model.save('file://${folder}/theirs')
const again = (await networkOf(await loadModel('${folder}/theirs'))).predict(input, 1)
console.log(again.every((value, i) => value === ours[i]))`)
  expect(printed).toBe('true\ntrue\n')
})

describe('the kernel tells', () => {
  test.each([
    ['imitate', 'Algorithm 1'],
    ['experiment', 'a bar below the cell'],
    ['show', 'below the cell'],
    ['live', 'in its place'],
    ['evaluate', 'returns of a policy'],
    ['protocolFor', 'what is allowed'],
    ['saveModel', 'tf.loadLayersModel']
  ])('what %s does', async (name, words) => {
    expect(await kernel.inspect(`import { ${name} } from 'radgrad'\n${name}`)).toContain(words)
  })

  test('which names there are', async () => {
    expect(await kernel.complete('exper')).toContain('experiment')
    expect(await kernel.complete(`protocolFor('reacher', '`)).toEqual([...allNames].sort())
    expect(await kernel.complete(`protocolFor('`)).toEqual(['hopper', 'reacher'])
  })

  test.each([
    [`protocolFor('reacher', 'dager', expert)`, /"dager"' is not assignable to .*"dagger"/],
    [`protocolFor('reacher', 'dager' as any, expert)`, /no strategy 'dager': choose one of supervised, dagger, /],
    [`protocolFor('walker', 'dagger', expert)`, /"walker"' is not assignable to .*"reacher" \| "hopper"/],
    [`protocolFor('walker' as any, 'dagger', expert)`, /no environment 'walker': choose one of reacher, hopper/],
    [`protocolFor('reacher', 'dagger', expert, { iteration: 3 })`, /Did you mean to write 'iterations'\?/],
    [`show(3 as any)`, /only a figure \(data and layout\) or a frame/]
  ])('what is wrong with %s', async (code, words) => {
    const { status, printed, outputs } = await kernel.execute(code)
    await settled()
    expect({ status, outputs }).toEqual({ status: 'error', outputs: [] })
    expect(printed).toMatch(words)
  })
})
