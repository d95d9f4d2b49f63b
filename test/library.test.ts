/** What holds for the library's sources as a whole. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

describe('the library', () => {
  const sources = readdirSync('lib', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/^(dist|node_modules|kernels)\/|generated/.test(file))
    .map((file) => ({ file, text: readFileSync(`lib/${file}`, 'utf8') }))
  const core = sources.filter(
    ({ file }) => !/^(cli|files|notebook|pictures|queue|tensorflow|workers)\/|^index\.ts$/.test(file)
  )
  const having = (files: typeof sources, pattern: RegExp) =>
    files.filter(({ text }) => pattern.test(text)).map(({ file }) => file)

  test('draws nothing that no generator gave', () => {
    expect(sources.length).toBeGreaterThan(30)
    expect(having(sources, /Math\.random|Date\.now|new Date\(/)).toEqual([])
  })

  test('computes nothing that JavaScript engines round differently; powers of two are exact', () => {
    expect(core.length).toBeGreaterThan(20)
    const functions = 'exp|expm1|log|log1p|log2|log10|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|hypot|pow|cbrt'
    expect(having(core, new RegExp(`Math\\.(${functions})\\(`))).toEqual([])
    expect(having(core, /(?<!\b2) \*\* |\*\*=/)).toEqual([])
  })

  test('is free of Node in its core', () => {
    expect(
      having(
        core,
        /from 'node:|require\(|process\.|\bBuffer\b|from '\.\.?\/(cli|files|notebook|pictures|queue|workers)/
      )
    ).toEqual([])
  })
})
