/** Cells of TypeScript as the live kernel compiles them. */
import { expect, test } from 'vitest'
import { joinLines, parseNotebook } from '../../tools/live/extension/notebook.ts'
import { compile } from '../../tools/live/kernel/cell.ts'

const evaluate = Reflect.get(globalThis, 'eval') as (code: string) => unknown

/** Executes a cell as the kernel does, and returns its value. */
async function run(source: string, modules: Record<string, object> = {}): Promise<unknown> {
  const { declared, code } = compile(source)
  for (const name of declared)
    Object.defineProperty(globalThis, name, { value: undefined, writable: true, configurable: true })
  const cell = evaluate(code) as (importModule: (name: string) => Promise<object>) => Promise<unknown>
  return cell(async (name) => modules[name])
}

test('the value of a cell is that of its last expression', async () => {
  expect(await run('const one: number = 1\none + 1 // and a comment')).toBe(2)
  expect(await run('await Promise.resolve(3);')).toBe(3)
  expect(await run('const two = 2')).toBe(undefined)
  expect(await run('')).toBe(undefined)
})

test('declarations of every kind are seen by later cells, under the names that they give', async () => {
  const { declared } = compile(`let a, b = 1
const { c, d: [e, ...f], ...g } = { c: 1, d: [2, 3, 4], h: 5 }, i = () => i.name
function j() { return k() }
function k() { return 'hoisted' }
class L<T> { constructor(readonly value: T) {} }
enum M { One = 1 }
interface N { n: number }
type O = N`)
  expect(declared).toEqual(['a', 'b', 'c', 'e', 'f', 'g', 'i', 'j', 'k', 'L', 'M'])
  await run(`let liveA, liveB = 1
const { c: liveC, d: [liveD, ...liveE] } = { c: 1, d: [2, 3, 4] }, liveF = () => liveF.name
function liveG() { return 'hoisted' }
class LiveH<T> { constructor(readonly value: T) {} }
enum LiveI { One = 1 }`)
  expect(await run('[liveA, liveB, liveC, liveD, liveE, liveF(), liveG(), new LiveH(5).value, LiveI.One]')).toEqual([
    ...[undefined, 1, 1, 2, [3, 4], 'liveF', 'hoisted', 5, 1]
  ])
  // what is declared in a block stays there
  expect(compile('{ const inner = 1 }\nfor (let i = 0; i < 1; i++) {}').declared).toEqual([])
})

test('imports are assignments, wherever they stand, and take as many lines', async () => {
  const modules = { a: { default: 'whole', part: 'part' }, b: { other: 'other' } }
  const source = `import whole, {
  part as mine
} from 'a'
import * as all from 'b'
import type { Gone } from 'c'
const later = async () => (await import('b')).other
;[whole, mine, all, await later()]`
  expect(await run(source, modules)).toEqual(['whole', 'part', modules.b, 'other'])
  const lines = (text: string): string[] => text.split('\n')
  expect(lines(compile(source).code).findIndex((line) => line.includes('later ='))).toBe(5)
})

test('a statement is not joined to a declaration before it that ends without a semicolon', async () => {
  expect(await run('let unset\n;[1, 2].length')).toBe(2)
  expect(await run(`const text = 'a'\nclass Empty {}\n;(() => text)()`)).toBe('a')
})

test('an undeclared name is refused, as in a module', async () => {
  await expect(run('undeclaredName = 1')).rejects.toThrow(ReferenceError)
})

test('what is no TypeScript is refused with its line', () => {
  expect(() => compile('const a = 1\nconst b = = 2')).toThrow(
    expect.objectContaining({ loc: expect.objectContaining({ line: 2 }) })
  )
})

test('lines of outputs are joined, and JSON is left as it is', () => {
  const json = { data: [['a', 'b']] }
  const outputs = [{ text: ['a\n', 'b'] }, { data: { 'text/plain': ['c\n', 'd'], 'application/json': json } }]
  expect(joinLines({ cells: [{ outputs }, {}] })).toEqual({
    cells: [{ outputs: [{ text: 'a\nb' }, { data: { 'text/plain': 'c\nd', 'application/json': json } }] }, {}]
  })
  expect(() => parseNotebook('{}')).toThrow('it is no notebook of Jupyter: it has no cells')
})
