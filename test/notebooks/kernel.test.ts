/** Cells in the real kernel. */
import { utimesSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Figure } from '../../lib/figures/theme'
import { allStrategyNames } from '../../lib/strategies'
import { type Kernel, startKernel } from './kernel'

const minutes = 60_000
/** After a cell that failed tslab drops what comes too soon. */
const settle = () => sleep(500)
let kernel: Kernel
beforeAll(async () => {
  kernel = startKernel()
  const { printed } = await kernel.execute(`
import * as dfd from 'danfojs-node'
import * as tf from '@tensorflow/tfjs-node'
import * as rg from 'radgrad'
const expert = await rg.loadExpert('reacher')`)
  expect(printed).toBe('')
}, minutes)
afterAll(() => kernel.stop())

describe('an updatable figure', () => {
  const points = `const points = (n: number) => rg.figure([{ x: [n], y: [n] }], { title: { text: String(n) } })\n`
  const text = 'text/plain'

  test('an updatable figure that is updated a thousand times is one output, which shows the last', async () => {
    const { printed, outputs } = await kernel.execute(
      `${points}const replace = rg.updatable(points(0))\nfor (let n = 1; n <= 1000; n++) { replace(points(n)); await new Promise((done) => setTimeout(done)) }`
    )
    expect(printed).toBe('')
    expect(outputs).toHaveLength(1)
    expect(outputs[0].data[text]).toBe('[figure: 1000]')
    expect(outputs[0].updates).toBeGreaterThan(1)
    // ever slower machines take longer, but no more than a tenth of the updates are sent
    expect(outputs[0].updates).toBeLessThan(100)
  })

  test('an updatable figure shows the last version even if its cell never waits', async () => {
    const { outputs } = await kernel.execute(
      `${points}const replace = rg.updatable(points(0))\nfor (let n = 1; n <= 9; n++) replace(points(n))`
    )
    expect(outputs.map(({ data, updates }) => [data[text], updates])).toEqual([['[figure: 9]', 1]])
  })
})

describe('values of other libraries', () => {
  const figureType = 'application/vnd.plotly.v1+json'

  test('the returns of an evaluation are drawn as they come, under a title in the old style', async () => {
    const { printed, outputs } = await kernel.execute(`
const environment = await rg.loadEnvironment('reacher', { masses: 'legacy' })
const policy = await rg.networkOf(expert)
const histogram = { type: 'histogram', x: await rg.evaluate(environment, policy, 5) }
rg.show(rg.figure([histogram], { title: 'returns' }))
rg.updatable(rg.figure([], {}))(rg.figure([histogram], { title: 'returns' }))`)
    expect(printed).toBe('')
    expect(outputs).toHaveLength(2)
    for (const { data } of outputs) {
      const { data: traces, layout } = data[figureType] as Figure
      expect((traces[0].x as unknown[]).map((value) => typeof value)).toEqual(Array(5).fill('number'))
      expect(layout.title).toEqual({ text: 'returns' })
    }
  })

  test('a series, a frame and a frame of 140,495 rows are tables', async () => {
    const { printed, outputs } = await kernel.execute(`
const frame = new dfd.DataFrame({ a: [1, 2], b: ['x', 'y'] })
rg.show(frame['a'])
rg.show(frame)
rg.show(new dfd.DataFrame(Array.from({ length: 140495 }, (_, row) => [row]), { columns: ['label'] }))`)
    expect(printed).toBe('')
    const texts = outputs.map(({ data }) => data['text/plain'] as string)
    expect(texts.slice(0, 2)).toEqual(['   a\n0  1\n1  2', 'a  b\n1  x\n2  y'])
    expect(texts[2]).toMatch(/^ +label\n +0 +0[\s\S]*\n140494 +140494\n140495 rows, of which/)
  })

  test.each([
    [`rg.show(tf.tensor([1]) as any)`, /^TypeError: only a figure \(data and layout\) or a frame .*, not Tensor$/m],
    [`rg.updatable(rg.figure([], {}))([{ a: 1 }] as any)`, /^TypeError: only a figure .*, not Array$/m],
    [`rg.show(rg.figure([{ x: tf.tensor([1]) }], {}))`, /^TypeError: figure\.data\.x \(Tensor\) is not drawn/m],
    [`rg.show(rg.figure([{ x: frame['a'] }], {}))`, /^TypeError: figure\.data\.x \(Series\) is not drawn/m],
    [`rg.show(rg.figure([{ x: rg.loadExpert('reacher') }], {}))`, /^TypeError: figure\.data\.x \(Promise\)/m]
  ])('what cannot be shown is refused in the cell that shows it: %s', async (code, words) => {
    const { status, printed } = await kernel.execute(code)
    await settle()
    expect(status).toBe('error')
    expect(printed).toMatch(words)
  })
})

describe('an experiment', () => {
  test('an experiment has one progress bar, which ends full', async () => {
    const { printed, outputs } = await kernel.execute(`
const records: rg.IterationRecord[] = []
for await (const { record } of rg.experiment(rg.protocolFor('reacher', 'random', expert, { iterations: 3, trials: 2 }), 1)) records.push(record)
console.log(await Promise.resolve(records.length))`)
    expect(printed).toBe('3\n')
    expect(outputs.map(({ data }) => data)).toEqual([
      { 'text/plain': 'reacher random seed 1 ████████████████ 3 of 3 iterations' }
    ])
    expect(outputs[0].updates).toBeGreaterThan(0)
  })

  test.each(['fused', 'tensorflow'])(
    'an experiment on %s that is interrupted stops at once and keeps its iterations, and the kernel goes on',
    async (engine) => {
      const protocol = `rg.protocolFor('reacher', 'loss', expert, { engine: '${engine}', episodes: 1, trials: 5, iterations: 999 })`
      const run = `for await (const { record, policy } of rg.experiment(${protocol}, 1)) { kept.push(record); last = policy }`
      const { status, printed, outputs, secondsAfter } = await kernel.execute(
        `const kept: rg.IterationRecord[] = []\nlet last: rg.Network | undefined\n${run}\nconst one = kept.length\n${run}\nconsole.log(await 'on')`,
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
const returns = await rg.evaluate(await rg.loadEnvironment('reacher', { masses: 'legacy' }), last!, 5)
const same = returns.every((value, i) => value === kept[kept.length - 1].returns[i])
console.log(kept.length === one, 'the policy is the one tested last:', same)
last!.dispose()`)
      expect(after.printed).toBe('true the policy is the one tested last: true\n')
    },
    5 * minutes
  )

  test('an interrupt after that of an experiment reaches tslab', async () => {
    const { status, printed } = await kernel.execute(
      `await 0\nrg.show(rg.figure([], {}))\nawait new Promise((done) => setTimeout(done, 600_000))`,
      1
    )
    await settle()
    expect(status).toBe('error')
    expect(printed).toContain('Interrupted')
  })
})

test('TensorFlow.js loads a policy that was saved, and radgrad loads one that TensorFlow.js saved', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'radgrad-saved-'))
  const { printed } = await kernel.execute(`
let policy: rg.Network | undefined
for await (const one of rg.experiment(rg.protocolFor('reacher', 'dagger', expert, { iterations: 1, trials: 2 }), 1)) policy = one.policy
await rg.saveModel('${folder}/ours', rg.modelOf(policy!))
const model = await tf.loadLayersModel('file://${folder}/ours/model.json')
const input = Float32Array.from({ length: 11 }, (_, i) => i / 11)
const ours = Array.from(policy!.predict(input, 1))
const theirs = Array.from((model.predict(tf.tensor2d(input, [1, 11])) as tf.Tensor).dataSync())
console.log(Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]))) < 1e-5)
await model.save('file://${folder}/theirs')
const again = (await rg.networkOf(await rg.loadModel('${folder}/theirs'))).predict(input, 1)
console.log(again.every((value, i) => value === ours[i]))`)
  expect(printed).toBe('true\ntrue\n')
})

describe('the kernel', () => {
  test.each([
    ['imitate', 'Algorithm 1'],
    ['experiment', 'a progress bar below the cell'],
    ['show', 'below the cell'],
    ['updatable', 'in its place'],
    ['evaluate', 'returns the return of each'],
    ['protocolFor', 'what is allowed'],
    ['saveModel', 'tf.loadLayersModel']
  ])('the kernel explains %s', async (name, words) => {
    expect(await kernel.inspect(`rg.${name}`)).toContain(words)
  })

  test('the kernel goes on when a package changes beside it', async () => {
    await kernel.execute(`import * as math from 'mathjs'\nconst before = math.sqrt(81)`)
    const now = new Date()
    utimesSync('node_modules/mathjs/package.json', now, now)
    await sleep(2000) // TypeScript hears of it within one
    const { status, printed } = await kernel.execute(`console.log(before)`)
    expect({ status, printed }).toEqual({ status: 'ok', printed: '9\n' })
  })

  test('the kernel completes names of the library and of the protocol', async () => {
    expect(await kernel.complete('rg.exper')).toContain('experiment')
    expect(await kernel.complete(`rg.protocolFor('reacher', '`)).toEqual([...allStrategyNames].sort())
    expect(await kernel.complete(`rg.protocolFor('`)).toEqual(['halfcheetah', 'hopper', 'reacher', 'walker2d'])
  })

  test.each([
    [`rg.protocolFor('reacher', 'dager', expert)`, /"dager"' is not assignable to .*"dagger"/],
    [`rg.protocolFor('reacher', 'dager' as any, expert)`, /no strategy 'dager': choose one of supervised, dagger, /],
    [`rg.protocolFor('walker', 'dagger', expert)`, /"walker"' is not assignable to .*"reacher" \| "hopper"/],
    [`rg.protocolFor('walker' as any, 'dagger', expert)`, /no environment 'walker': choose one of reacher, hopper/],
    [`rg.protocolFor('reacher', 'dagger', expert, { iteration: 3 })`, /Did you mean to write 'iterations'\?/],
    [`rg.show(3 as any)`, /only a figure \(data and layout\) or a frame/]
  ])('the kernel says what is wrong with %s', async (code, words) => {
    const { status, printed, outputs } = await kernel.execute(code)
    await settle()
    expect({ status, outputs }).toEqual({ status: 'error', outputs: [] })
    expect(printed).toMatch(words)
  })
})
