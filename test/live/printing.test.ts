/** What live cells print: in Node's words, in few messages, below their own cell. */
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, test, vi } from 'vitest'
import type { FromKernel } from '../../tools/live/messages.ts'

const sent: FromKernel[] = []
vi.stubGlobal('postMessage', (message: FromKernel) => sent.push(structuredClone(message)))
const { begin, cell, post, print, interrupt, untilInterrupted } = await import('../../tools/live/kernel/running.ts')
const { consoleOf } = await import('../../tools/live/kernel/console.ts')

beforeEach(async () => {
  await sleep(120) // what was printed before is no longer recent
  sent.length = 0
})

test('the console prints as that of Node', () => {
  const expected = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof expected) =>
    new Writable({
      write(chunk, _, done) {
        expected[name] += String(chunk)
        done()
      }
    })
  const printed = { stdout: '', stderr: '' }
  const node = new Console({ stdout: stream('stdout'), stderr: stream('stderr') })
  const own = consoleOf((name, text) => {
    printed[name] += text
  })
  const both = [node, own]
  for (const console of both) {
    console.table([
      { a: 1, b: 'x' },
      { a: 2, c: [1, { d: 1 }] }
    ])
    console.table([{ a: 1, b: 2 }], ['b'])
    console.table([1, [2, 3], { deep: { a: 1, b: 2, c: 3 } }])
    console.table(new Map([['a', 1]]))
    console.table(new Set(['a']))
    console.table([])
    console.table(5)
    console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 })
    console.dirxml({ a: 1 }, 2)
    console.count()
    console.count()
    console.count('x')
    console.countReset()
    console.count()
    console.assert(true, 'not this')
    console.assert(false, 'a %s', 'b')
    console.assert(false)
    console.group('outer', 1)
    console.log('two\nlines')
    console.table([1])
    console.group()
    console.warn('deeper')
    console.groupEnd()
    console.groupEnd()
    console.groupEnd()
    console.log('%s is', 'a', [1])
  }
  expect(printed).toEqual(expected)
})

test('the console tells durations, and the place of a trace', () => {
  let text = ''
  const console = consoleOf((name, words) => {
    text += `${name} ${words}`
  })
  console.time('run')
  console.timeLog('run', 'so far')
  console.timeEnd('run')
  console.timeEnd('run')
  console.group()
  console.trace('here %d', 3)
  expect(text).toMatch(
    /^stdout run: [\d.]+ms so far\nstdout run: [\d.]+ms\nstderr Warning: No such label 'run' for console.timeEnd\(\)\nstderr {3}Trace: here 3\n {6}at .*\n/
  )
})

test('a printed error has no frames of the kernel', () => {
  let text = ''
  const console = consoleOf((_, words) => {
    text += words
  })
  const error = new Error('why')
  const kernel = new URL('../../tools/live/kernel/worker.js', import.meta.url).href
  error.stack = `Error: why\n    at eval (cell-3.ts:1:7)\n    at async failureOf (${kernel}:1:2)\nasync*failureOf@${kernel}:1:2`
  console.log({ error })
  expect(text).toContain('at eval (cell-3.ts:1:7)')
  expect(text).not.toContain('failureOf')
})

test('what is printed at a time goes to the page in few messages, in order, before a display', async () => {
  begin(1)
  for (let i = 0; i < 5000; i++) print(i % 1000 === 999 ? 'stderr' : 'stdout', `${i}\n`)
  cell()?.({ data: {}, metadata: {}, transient: { display_id: 'a' } }, false)
  print('stdout', 'later\n')
  post({ type: 'done', id: 1 })
  expect(sent.length).toBeLessThan(50)
  expect(sent[0]).toEqual({ type: 'stream', id: 1, content: { name: 'stdout', text: '0\n' } })
  const texts = sent.map((message) => (message.type === 'stream' ? message.content.text : `${message.type}\n`))
  expect(texts.join('')).toBe(`${Array.from({ length: 5000 }, (_, i) => `${i}\n`).join('')}display\nlater\ndone\n`)
  // what is printed when no more comes is sent all the same
  print('stdout', 'last\n')
  await vi.waitFor(() => expect(sent.at(-1)).toMatchObject({ content: { text: 'last\n' } }))
})

test('an interrupted cell that goes on prints below itself, not below the next', async () => {
  const evaluate = Reflect.get(globalThis, 'eval') as (code: string) => (print: (text: string) => void) => Promise<void>
  const say = (text: string) => print('stdout', text)
  const source = (id: number) =>
    evaluate(`(async (print) => {
      for (let i = 0; i < 3; i++) { print('${id} '); await new Promise((done) => setTimeout(done, 30)) }
      throw new Error('after ${id}')
    })\n//# sourceURL=cell-${id}.ts`)
  begin(1)
  const first = source(1)(say)
  const waited = untilInterrupted(first, String)
  interrupt()
  await expect(waited).rejects.toThrow(/may go on, and print here/)
  begin(2)
  await Promise.allSettled([first, source(2)(say)])
  post({ type: 'done', id: 2 })
  const printed = sent.flatMap((message) => (message.type === 'stream' ? [[message.id, message.content.text]] : []))
  const below = (id: number) =>
    printed
      .filter(([one]) => one === id)
      .map(([, text]) => text)
      .join('')
  expect([below(1), below(2)]).toEqual(['1 1 1 Error: after 1\n', '2 2 2 '])
})
