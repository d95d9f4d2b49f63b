/** Completion and inspection in live notebooks, without a browser. */
import { beforeAll, expect, test } from 'vitest'
import { collectDeclarations, type Declarations } from '../../tools/live/declarations.ts'
import { createLanguageService, type LanguageService } from '../../tools/live/language/service.ts'

let service: LanguageService
let declarations: Declarations
beforeAll(() => {
  declarations = collectDeclarations()
  service = createLanguageService(new Map(Object.entries(declarations.files)))
}, 60_000)

const before = [
  `import * as rg from 'radgrad'\nimport * as dfd from 'danfojs-node'\nimport * as math from 'mathjs'`,
  `import * as rg from 'radgrad'\nconst model = await rg.loadExpert('reacher')\n/** Counts what was kept. */\nfunction counted(kept: readonly number[]): number { return kept.length }`,
  `const model = { title: 'declared again' }`
]
const complete = (code: string): string[] =>
  service.complete({ before, code }, code.length).names.map(({ name }) => name)
const inspect = (code: string): string | undefined => service.inspect({ before, code }, code.length)

test('members of the modules and of values are completed, those declared last first', () => {
  expect(complete('rg.loadE')).toEqual(['loadEnvironment', 'loadExpert'])
  expect(complete('new dfd.DataFr')).toEqual(['DataFrame'])
  expect(complete('math.mea')).toContain('mean')
  expect(complete('model.')).toEqual(['title'])
  expect(complete('const x = 1\ncounte')).toEqual(['counted'])
  const { start, end } = service.complete({ before, code: 'a + rg.lo' }, 9)
  expect([start, end]).toEqual([7, 9])
})

test('what stands before the cursor is inspected: type, docstring, and what it throws', () => {
  expect(inspect('rg.loadExpert')).toMatch(/loadExpert\(.*Promise<.*>\n\nLoads the expert.*@throws RangeError/s)
  expect(inspect('counted')).toBe('function counted(kept: readonly number[]): number\n\nCounts what was kept.')
  expect(inspect('rg.uniform(')).toMatch(/uniform\(rng: .*\): number\n\nDraws a number/)
  expect(inspect('1 + ')).toBe(undefined)
})

test('the exports of a module that are types only are known, as a cell may import them', () => {
  const { types } = declarations
  expect(types.radgrad).toEqual(expect.arrayContaining(['Iteration', 'Protocol']))
  expect(types.mathjs).toContain('MathType')
  for (const value of ['loadExpert', 'allStrategyNames']) expect(types.radgrad).not.toContain(value)
})
