/** Rules for the sources of the library and of the tools as wholes. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'

interface Source {
  /** From its folder on. */
  readonly file: string
  readonly text: string
}

const filesOf = (folder: string, names: RegExp): Source[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => names.test(file) && !/(^|\/)(dist|node_modules|\.venv)\//.test(file))
    .map((file) => ({ file, text: readFileSync(`${folder}/${file}`, 'utf8') }))
const having = (files: readonly Source[], pattern: RegExp): string[] =>
  files.filter(({ text }) => pattern.test(text)).map(({ file }) => file)
const lines = (text: string): string[] => text.trimEnd().split('\n')
/** Lines that are neither blank nor comments. */
const linesOfCode = (text: string): number => lines(text).filter((line) => !/^\s*($|\/\/|\/\*|\*)/.test(line)).length

const library = filesOf('lib', /\.ts$/).filter(({ file }) => !/^networks\/kernels\/|generated/.test(file))
const toolFiles = filesOf('tools', /\.ts$/)

describe('the library', () => {
  test('the library draws random numbers from its generators alone', () => {
    expect(library.length).toBeGreaterThan(30)
    expect(having(library, /Math\.random|Date\.now|new Date\(/)).toEqual([])
  })

  const core = library.filter(
    ({ file }) => !/^(cli|files|notebook|pictures|queue|tensorflow|workers)\/|^index\.ts$/.test(file)
  )

  test('the library computes nothing that JavaScript engines round differently; powers of two are exact', () => {
    expect(core.length).toBeGreaterThan(20)
    const functions = 'exp|expm1|log|log1p|log2|log10|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|hypot|pow|cbrt'
    expect(having(core, new RegExp(`Math\\.(${functions})\\(`))).toEqual([])
    expect(having(core, /(?<!\b2) \*\* |\*\*=/)).toEqual([])
  })

  test('the library needs no Node', () => {
    expect(having(library, /['"]node:|\brequire\(|\bprocess\.|\bBuffer\b|\b__dirname\b/)).toEqual([])
  })

  test('the library imports nothing of the tools', () => {
    expect(having(library, /(from|import\() ?'[^']*(tools\/|radgrad)/)).toEqual([])
  })

  test('the library has at most five dependencies', () => {
    const { dependencies = {} } = JSON.parse(readFileSync('lib/package.json', 'utf8'))
    expect(Object.keys(dependencies).length).toBeLessThanOrEqual(5)
  })

  test('the library has no file of more than 250 lines', () => {
    expect(library.filter(({ text }) => lines(text).length > 250).map(({ file }) => file)).toEqual([])
  })

  const isTask = ({ file }: Source): boolean => /^environments\/(reacher|hopper|halfcheetah|walker2d)\.ts$/.test(file)
  const isRelated = ({ file }: Source): boolean => /^strategies\/related\//.test(file)

  test('the library has at most 4,450 lines of code, but for tasks and related algorithms', () => {
    const counted = library.filter((source) => !isTask(source) && !isRelated(source))
    expect(counted.reduce((sum, { text }) => sum + linesOfCode(text), 0)).toBeLessThanOrEqual(4450)
  })

  test('the library has each related algorithm in at most 140 lines', () => {
    const related = library.filter(isRelated)
    expect(related.length).toBeGreaterThan(0)
    expect(related.filter(({ text }) => lines(text).length > 140).map(({ file }) => file)).toEqual([])
  })

  test('the library has Algorithm 1, a step of it and the strategies of Table 2 on a screen each', () => {
    for (const file of ['algorithm.ts', 'collect.ts', 'strategies/paper.ts'])
      expect(lines(readFileSync(`lib/${file}`, 'utf8')).length, file).toBeLessThanOrEqual(140)
  })
})

describe('the tools', () => {
  test('the tools import of the library what its two entries export', () => {
    expect(toolFiles.length).toBeGreaterThan(20)
    const imports = toolFiles.flatMap(({ file, text }) =>
      [...text.matchAll(/(?:\bfrom|\bimport\(?) ?'([^']+)'/g)].map(([, path]) => ({ file, path }))
    )
    const isForeign = ({ file, path }: { file: string; path: string }): boolean =>
      path.startsWith('.')
        ? normalize(join(dirname(file), path)).startsWith('..')
        : /^radgrad\b/.test(path) && !['radgrad', 'radgrad/dist/internal.js'].includes(path)
    expect(imports.length).toBeGreaterThan(50)
    expect(imports.filter(isForeign)).toEqual([])
  })

  test('the tools are TypeScript, but for files that are loaded unbuilt, and those are type-checked', () => {
    const scripts = filesOf('tools', /\.[cm]?js$/)
    expect(scripts.map(({ file }) => file).filter((file) => !/^(setup|bin|lab-extensions)\//.test(file))).toEqual([])
    expect(scripts.map(({ file, text }) => (/^(#!.*\n)?\/\/ @ts-check\n/.test(text) ? '' : file)).join('')).toBe('')
  })
})

describe('the comments of the library and of the tools', () => {
  test('the comments of the library and of the tools begin with no relative clause', () => {
    const clause = /^\s*(\/\*\*|\*) (What|Who|Whose|Whether|Where|How) /m
    expect([...having(library, clause), ...having(toolFiles, clause)]).toEqual([])
  })
})
