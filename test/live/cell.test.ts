/** Cells of TypeScript as the live kernel compiles them. */
import { expect, test } from 'vitest'
import { joinLines } from '../../tools/live/extension/notebook.ts'
import { compile } from '../../tools/live/kernel/cell.ts'
import { checkExports } from '../../tools/live/kernel/exports.ts'
import { describeError } from '../../tools/live/kernel/failure.ts'
import { declare } from '../../tools/live/kernel/names.ts'

const evaluate = Reflect.get(globalThis, 'eval') as (code: string) => unknown

/** Executes a cell as the kernel does, and returns its value. */
async function run(source: string, modules: Record<string, object> = {}): Promise<unknown> {
  const { declared, code } = compile(source)
  const endDeclaration = declare(declared)
  try {
    const cell = evaluate(code) as (importModule: (name: string) => Promise<object>) => Promise<unknown>
    return await cell(async (name) => modules[name])
  } finally {
    endDeclaration()
  }
}

test('the value of a cell is that of its last expression', async () => {
  expect(await run('const one: number = 1\none + 1 // and a comment')).toBe(2)
  expect(await run('await Promise.resolve(3);')).toBe(3)
  expect(await run('const two = 2')).toBe(undefined)
  expect(await run('')).toBe(undefined)
})

test('a last expression may stand in parentheses, be a list or an import', async () => {
  expect(await run('(1 + 2)')).toBe(3)
  expect(await run('({ a: 1 });')).toEqual({ a: 1 })
  expect(await run('(3 as any) // and a comment')).toBe(3)
  expect(await run('(1, 2)')).toBe(2)
  expect(await run('1, 2')).toBe(2)
  expect(await run(`import('a')`, { a: { part: 1 } })).toEqual({ part: 1 })
})

test('a constant stays as it is, and is not read before its declaration', async () => {
  await run('const fixed = 1\nlet loose = 1\nvar early = 1')
  await expect(run('fixed = 2')).rejects.toThrow(TypeError)
  await expect(run('const twice = 1\ntwice++')).rejects.toThrow(/twice/)
  await run(`import whole from 'a'`, { a: { default: 1 } })
  await expect(run('whole = 2')).rejects.toThrow(/whole/)
  expect(await run('loose = 2\nearly = 2\n;[fixed, loose, early]')).toEqual([1, 2, 2])
  await expect(run('ahead\nconst ahead = 3')).rejects.toThrow(
    new ReferenceError(`Cannot access 'ahead' before initialization`)
  )
  // the worker's own names are read until then
  expect(await run('const atob = globalThis.atob\ntypeof atob')).toBe('function')
  // a cell that was interrupted may not have come to its declaration
  const endInterrupted = declare(new Map([['pending', 'const']]))
  expect(await run('const pending = 1\npending')).toBe(1)
  endInterrupted()
  expect(await run('pending')).toBe(1)
  // a cell that declares it again may, and one that fails before leaves it as it was
  expect(await run('const fixed = 4\nfixed')).toBe(4)
  await expect(run(`throw new Error('first')\nconst fixed = 5\nlet unheard = 1`)).rejects.toThrow('first')
  expect(await run('[fixed, typeof unheard]')).toEqual([4, 'undefined'])
})

test('a namespace is refused with its line, as it would be dropped', () => {
  expect(() => compile('const a = 1\nnamespace Some.Name {\n  export const b = a\n}')).toThrow(
    expect.objectContaining({ name: 'SyntaxError', message: expect.stringContaining('Some.Name'), loc: { line: 2 } })
  )
  for (const allowed of [
    'declare namespace A { const a: 1 }',
    'const text = `\nnamespace A {}`',
    '/*\nmodule A {}\n*/'
  ])
    expect(() => compile(allowed)).not.toThrow()
})

test('an import names what a module does not export, and the nearest name that it does', async () => {
  let asked: unknown
  const { code } = compile(`import whole, { type Gone, part as mine } from 'a'`)
  await (evaluate(code) as (importModule: (...them: unknown[]) => object) => Promise<void>)((...them) => {
    asked = them
    throw new Error('asked')
  }).catch(() => {})
  expect(asked).toEqual(['a', ['default', 'part']])
  const check = (wanted: string[]) => () => checkExports('radgrad', ['loadExpert', 'loadModel'], wanted, ['Iteration'])
  expect(check(['loadExpert', 'Iteration'])).not.toThrow()
  expect(check(['loadExpret'])).toThrow(
    new SyntaxError(`the module 'radgrad' does not export 'loadExpret': is 'loadExpert' meant?`)
  )
  expect(check(['somethingElse'])).toThrow(/does not export 'somethingElse'$/)
  expect(check(['default'])).toThrow(/'radgrad' has no default export/)
})

test('an error is told with its causes, and a thrown value as Node shows it', () => {
  const tracebackOf = (error: unknown) => describeError(error, () => undefined).traceback
  const cause = new TypeError('inner')
  expect(tracebackOf(new Error('outer', { cause }))).toEqual(['Error: outer', 'caused by TypeError: inner'])
  expect(tracebackOf(new AggregateError([cause, new Error('b')], 'both'))).toEqual([
    'AggregateError: both',
    'one of its errors: TypeError: inner',
    'one of its errors: Error: b'
  ])
  cause.cause = cause
  expect(tracebackOf(cause)).toEqual(['TypeError: inner', 'caused by TypeError: inner'])
  expect(describeError({ a: 1 }, () => undefined)).toEqual({
    ename: 'Error',
    evalue: '{ a: 1 }',
    traceback: ['Uncaught { a: 1 }']
  })
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
  expect(declared).toEqual(
    new Map([
      ...(['a', 'b'] as const).map((name) => [name, 'let'] as const),
      ...['c', 'e', 'f', 'g', 'i'].map((name) => [name, 'const'] as const),
      ...['j', 'k'].map((name) => [name, 'function'] as const),
      ['L', 'class'],
      ['M', 'var']
    ])
  )
  await run(`let liveA, liveB = 1
const { c: liveC, d: [liveD, ...liveE] } = { c: 1, d: [2, 3, 4] }, liveF = () => liveF.name
function liveG() { return 'hoisted' }
class LiveH<T> { constructor(readonly value: T) {} }
enum LiveI { One = 1 }`)
  expect(await run('[liveA, liveB, liveC, liveD, liveE, liveF(), liveG(), new LiveH(5).value, LiveI.One]')).toEqual([
    ...[undefined, 1, 1, 2, [3, 4], 'liveF', 'hoisted', 5, 1]
  ])
  // what is declared in a block stays there
  expect(compile('{ const inner = 1 }\nfor (let i = 0; i < 1; i++) {}').declared.size).toBe(0)
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
})
